import io
from dataclasses import replace
from datetime import timedelta

from rich.console import Console

from studio.domain.jobs.model import Item, Waiting
from studio_cli.client import StudioClient
from studio_cli.watch import ProgressTable, ProgressTimer, watch
from studio_cli.wire import Progress
from tests.support.cli import samples
from tests.support.cli.stand_in import ScriptedResponse, StandIn


def waiting(number: int) -> Item:
    return samples.item_model(
        number, status="queued", stage="INIT", cost=None, started_at=None, finished_at=None
    )


def working(number: int) -> Item:
    return samples.item_model(
        number, status="running", stage="AI_CALL", cost=None, finished_at=None
    )


def running(*items: Item) -> Progress:
    return samples.progress(*items, status="running", finished_at=None)


def drawn(board: ProgressTable, seconds: float) -> str:
    console = Console(file=io.StringIO(), width=160)
    with console.capture() as captured:
        console.print(board.render(samples.BEGAN + timedelta(seconds=seconds)))
    return captured.get()


def test_a_pipe_gets_one_line_for_each_change_and_none_for_silence() -> None:
    lines: list[str] = []
    ticker = ProgressTimer(lines.append)
    ticker.show(running(working(1), waiting(2)))
    ticker.show(running(working(1), waiting(2)))
    ticker.show(samples.progress(samples.item_model(1), samples.failed_item(2), status="failed"))
    assert lines == [
        "[1/2] Boat: running, Generating images with AI... (builtin/preview)",
        "[2/2] Boat: queued (builtin/preview)",
        "job running: 0/2 images, Generating image 1 of 2 with AI, cost so far $0.00",
        "[1/2] Boat: succeeded, Images generated! (builtin/preview)",
        "[2/2] Boat: failed, The provider refused this prompt. (builtin/preview)",
        "job failed: 2/2 images, 1 of 2 images generated, 1 failed, cost so far $0.04",
    ]


def test_watching_into_a_pipe_ends_with_the_job(api: StandIn) -> None:
    ended = samples.progress(samples.item_model(1))
    api.on(
        "GET",
        "/v1/jobs/job_1/progress",
        ScriptedResponse(running(working(1)), headers={"ETag": '"a"'}),
        ScriptedResponse(status=304),
        ScriptedResponse(ended, headers={"ETag": '"b"'}),
    )
    output = io.StringIO()
    with StudioClient(api.url, lambda: "id-token", use_proxies=False) as client:
        assert watch(client, "job_1", Console(file=output, width=200)) == ended
    assert [line.split(":")[0] for line in output.getvalue().splitlines()] == [
        "[1/1] Boat",
        "job running",
        "[1/1] Boat",
        "job succeeded",
    ]


def test_a_terminal_gets_a_bar_per_image_with_its_error_in_red(api: StandIn) -> None:
    ended = samples.progress(
        samples.item_model(1), samples.failed_item(2), status="partially_succeeded"
    )
    api.on("GET", "/v1/jobs/job_1/progress", ScriptedResponse(ended))
    output = io.StringIO()
    console = Console(file=output, force_terminal=True, width=140, color_system="standard")
    with StudioClient(api.url, lambda: "id-token", use_proxies=False) as client:
        watch(client, "job_1", console)
    shown = output.getvalue()
    assert "\x1b[31mThe provider refused this prompt." in shown
    assert shown.count("100 %") >= 2
    assert "1 of 2 images generated, 1 failed, cost so far $0.04" in shown


def test_a_bar_names_phase_and_provider_and_moves_with_time() -> None:
    board = ProgressTable(running(working(1), waiting(2)))
    first, second = drawn(board, 3.5).splitlines()[:2]
    assert "25 %" in first
    assert "Generating images with AI..." in first
    assert "builtin/preview" in first
    assert "  0 %" in second
    assert " 50 %" in drawn(board, 7).splitlines()[0]


def test_a_bar_never_goes_back_when_the_clock_does() -> None:
    board = ProgressTable(running(working(1)))
    assert " 50 %" in drawn(board, 7)
    assert " 50 %" in drawn(board, 2)


def test_a_redriven_image_starts_again() -> None:
    board = ProgressTable(samples.progress(samples.failed_item(1), status="failed"))
    assert "100 %" in drawn(board, 0)
    board.show(running(waiting(1)))
    assert "  0 %" in drawn(board, 0)


def test_the_bar_of_an_image_that_was_put_back_stays_where_it_was() -> None:
    board = ProgressTable(running(working(1)))
    assert " 50 %" in drawn(board, 7)
    board.show(running(samples.item_model(1, status="queued", stage="AI_CALL", finished_at=None)))
    assert " 50 %" in drawn(board, 8)


def test_an_image_that_waits_counts_down_in_the_table_and_says_so_once_in_a_pipe() -> None:
    until = samples.BEGAN + timedelta(seconds=30)
    held = replace(working(1), waiting=Waiting("breaker_open", until))
    board = ProgressTable(running(held))
    assert "waits for builtin (breaker open), 30 s" in drawn(board, 0)
    assert "waits for builtin (breaker open), 12 s" in drawn(board, 18)
    assert "waits for builtin (breaker open), 0 s" in drawn(board, 40)
    lines: list[str] = []
    ticker = ProgressTimer(lines.append)
    ticker.show(running(held))
    later = Waiting("breaker_open", until + timedelta(seconds=30))
    ticker.show(running(replace(held, waiting=later)))
    assert lines[0] == "[1/1] Boat: running, waits for builtin (breaker open) (builtin/preview)"
    assert len(lines) == 2
    assert "Waiting for builtin: its calls have been failing" in lines[1]


def test_an_unknown_cost_is_said_and_not_shown_as_zero() -> None:
    lines: list[str] = []
    document = running(working(1))
    document["unknown"] = 2
    ProgressTimer(lines.append).show(document)
    assert lines[-1].endswith("cost so far $0.00 and 2 unknown")
