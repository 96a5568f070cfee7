"""Ids and times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from studio.clock import parse_rfc3339, rfc3339, utc_now
from studio.domain.jobs.model import execution_name
from studio.ids import id_bound, is_id, is_tenant, new_id
from tests.support.fakes.edges import START


def test_an_id_says_what_it_names() -> None:
    job_id = new_id("job", START)
    assert is_id("job", job_id)
    assert not is_id("ast", job_id)


def test_ids_are_ordered_by_time_and_never_the_same() -> None:
    ids = [new_id("ast", START + timedelta(milliseconds=number)) for number in range(20)]
    assert ids == sorted(ids)
    assert len({new_id("job", START) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "text",
    [
        "",
        "job",
        "job_",
        "job_01M7WD7TG0JCWYYG68JN5QG5T",
        "job_01M7WD7TG0JCWYYG68JN5QG5TWW",
        "job_81M7WD7TG0JCWYYG68JN5QG5TW",
        "job_01m7wd7tg0jcwyyg68jn5qg5tw",
        "job_01M7WD7TG0JCWYYG68JN5QG5TU",
        "job_01M7WD7TG0JCWYYG68JN5QG5TW\n",
        "JOB_01M7WD7TG0JCWYYG68JN5QG5TW",
    ],
)
def test_what_only_looks_like_an_id_is_none(text: str) -> None:
    assert not is_id("job", text)


@pytest.mark.parametrize("text", ["acme", "A-1_b", "x" * 64])
def test_a_tenant_may_be_part_of_a_key(text: str) -> None:
    assert is_tenant(text)


@pytest.mark.parametrize("text", ["", "a#b", "a/b", "a b", "ä", "x" * 65, "a\n", ".."])
def test_what_could_break_a_key_is_no_tenant(text: str) -> None:
    assert not is_tenant(text)


def test_an_execution_is_named_after_job_and_run() -> None:
    job_id = new_id("job", START)
    assert execution_name(job_id, 1) == job_id
    assert execution_name(job_id, 2) == f"{job_id}-run2"
    assert len(execution_name(job_id, 999)) <= 80


def test_times_are_written_in_utc_with_milliseconds() -> None:
    berlin = datetime(2026, 11, 20, 13, 0, 0, 123_456, timezone(timedelta(hours=1)))
    assert rfc3339(berlin) == "2026-11-20T12:00:00.123Z"
    assert parse_rfc3339("2026-11-20T12:00:00.123Z") == datetime(
        2026, 11, 20, 12, 0, 0, 123_000, UTC
    )


def test_now_knows_its_zone() -> None:
    assert utc_now().utcoffset() == timedelta()


@pytest.mark.parametrize("microsecond", [0, 999, 1_000, 999_999])
def test_the_bounds_of_a_time_hold_its_ids_and_no_others(microsecond: int) -> None:
    at = datetime(2026, 3, 1, 12, 0, 0, microsecond, tzinfo=UTC)
    for _ in range(20):
        assert id_bound("job", at, "0") <= new_id("job", at) <= id_bound("job", at, "Z")
    later = at + timedelta(milliseconds=1)
    assert id_bound("job", at, "Z") < id_bound("job", later, "0")
    assert is_id("job", id_bound("job", at, "Z"))
