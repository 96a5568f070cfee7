"""How long a log may grow."""

from datetime import timedelta

from studio.domain.jobs.log import MOST_BYTES, MOST_LINES, shortened
from studio.domain.jobs.model import LogLine
from tests.support.fakes.edges import START


def _log(count: int, message: str = "line") -> tuple[LogLine, ...]:
    return tuple(
        LogLine(START + timedelta(seconds=n), "info", "INIT", f"{message} {n}")
        for n in range(count)
    )


def test_a_log_of_usual_length_stays_as_it_is() -> None:
    log = _log(MOST_LINES)
    assert shortened(log) is log


def test_a_long_log_keeps_its_newest_lines_and_says_how_many_it_left_out() -> None:
    log = _log(MOST_LINES + 1)
    said, *kept = shortened(log)
    assert kept == list(log[-100:])
    assert said.message == f"Left out: {MOST_LINES + 1 - 100} earlier lines"
    assert said.at == log[-101].at


def test_the_lines_left_out_are_counted_over_all_cuts() -> None:
    log: tuple[LogLine, ...] = ()
    for _ in range(10):
        log = shortened((*log, *_log(150)))
    said = next(line for line in log if line.message.startswith("Left out"))
    kept = len(log) - 1
    assert said.message == f"Left out: {1500 - kept} earlier lines"
    assert sum(line.message.startswith("Left out") for line in log) == 1


def test_long_lines_count_by_their_bytes() -> None:
    log = _log(50, "\u4e00" * 700)
    assert sum(len(line.message.encode()) for line in log) > MOST_BYTES
    _, *kept = shortened(log)
    assert kept == list(log[-len(kept) :])
    assert 15_000 < sum(len(line.message.encode()) for line in kept) <= 20_000


def test_a_line_longer_than_the_room_is_left_out() -> None:
    (said,) = shortened(_log(2, "x" * 30_000))
    assert said.message == "Left out: 2 earlier lines"
