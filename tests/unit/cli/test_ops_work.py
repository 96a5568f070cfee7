"""``studio ops oldest`` and ``studio ops spend``: all tenants of a stack."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studio.ids import new_id
from studio_cli.errors import CliError
from studio_cli.ops_work import age, created_at
from studio_cli.profiles import LOCAL, Profile, save_profile
from tests.support.cli.ops_stand_in import OpsStandIn
from tests.support.cli.running import studio
from tests.support.cli.stand_in import serve

NOW = datetime.now(UTC)
MONTH = f"{NOW:%Y-%m}"


@pytest.fixture
def aws(project: Path) -> Iterator[OpsStandIn]:
    with serve(OpsStandIn) as stand_in:
        url, keys = stand_in.url, "/studio/image-studio/providers"
        save_profile(Profile(LOCAL, url, "us-east-1", "pool", "client", keys, "bucket", url))
        yield stand_in


def job(aws: OpsStandIn, tenant: str, began: datetime, status: str) -> str:
    job_id = new_id("job", began)
    pk, sk = f"{tenant}#{job_id}", "JOB"
    texts = {"pk": pk, "sk": sk, "job_id": job_id, "open": "1", "status": status}
    aws.records[pk, sk] = {name: {"S": text} for name, text in texts.items()}
    return job_id


def batch(aws: OpsStandIn, tenant: str, began: datetime, *, stopped: bool) -> str:
    batch_id = new_id("bat", began)
    pk = f"{tenant}#BATCHES"
    texts = {"pk": pk, "sk": batch_id, "job_id": batch_id, "open": "batch"}
    texts |= {"stopped": "yes"} if stopped else {}
    aws.records[pk, batch_id] = {name: {"S": text} for name, text in texts.items()}
    return batch_id


def month(aws: OpsStandIn, tenant: str, committed: int, reserved: int, name: str = MONTH) -> None:
    key = (tenant, f"MONTH#{name}")
    numbers = {"committed": {"N": str(committed)}, "reserved": {"N": str(reserved)}}
    aws.records[key] = {"pk": {"S": key[0]}, "sk": {"S": key[1]}, **numbers}


def rows(*words: str) -> list[list[str]]:
    return [line.split() for line in studio("ops", *words).output.splitlines()]


def test_an_id_begins_with_its_time() -> None:
    began = datetime(2026, 11, 30, 7, 8, 9, tzinfo=UTC)
    assert created_at(new_id("job", began)) == began


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-1, "0 min 0 s"), (75, "1 min 15 s"), (7_260, "2 h 1 min"), (180_000, "2 d 2 h")],
)
def test_an_age_has_two_units(seconds: int, shown: str) -> None:
    assert age(NOW, NOW - timedelta(seconds=seconds)) == shown


def test_the_oldest_open_work_comes_first_whatever_it_is(aws: OpsStandIn) -> None:
    now = datetime.now(UTC)
    young = job(aws, "acme", now - timedelta(minutes=2), "queued")
    stuck = batch(aws, "rival", now - timedelta(days=3), stopped=True)
    running = batch(aws, "acme", now - timedelta(hours=1), stopped=False)
    old = job(aws, "a_b-c", now - timedelta(hours=2), "running")
    found = rows("oldest")[1:]
    assert [row[:3] for row in found] == [
        [stuck, "rival", "cancelling"],
        [old, "a_b-c", "running"],
        [running, "acme", "running"],
        [young, "acme", "queued"],
    ]
    assert found[1][3:6] == ["2", "h", "0"]
    assert [row[0] for row in rows("oldest", "--limit", "2")[1:]] == [stuck, old]


def test_no_open_work_is_said(aws: OpsStandIn) -> None:
    assert studio("ops", "oldest").output == "No job and no batch is open.\n"


def test_spend_shows_every_tenant_of_the_pool_and_the_sum(aws: OpsStandIn) -> None:
    aws.pool.has("ann", "acme", "admin")
    aws.pool.has("bob", "acme")
    aws.pool.has("eve", "rival")
    aws.pool.has("idle", "idle")
    aws.pool.has("solo", None, sub="solo-id")
    month(aws, "acme", 1_500_000, 500_000)
    month(aws, "rival", 7_000_000, 0)
    month(aws, "solo-id", 10, 0)
    month(aws, "gone", 2_000_000, 0)
    month(aws, "idle", 9_000_000, 0, "2020-01")
    aws.slow_keys = 2
    assert rows("spend")[1:] == [
        ["rival", "$7.00", "$0.00", "$7.00"],
        ["acme", "$1.00", "$0.50", "$1.50"],
        ["solo-id", "$0.00001", "$0.00", "$0.00001"],
        ["all", "$8.00001", "$0.50", "$8.50001"],
        f"{MONTH}: 3 tenants of 4; 1 have committed nothing.".split(),
    ]
    assert ["gone", "$2.00", "$0.00", "$2.00"] in rows("spend", "--tenant", "gone")
    assert rows("spend", "--month", "2020-01")[1][:2] == ["idle", "$9.00"]


def test_many_tenants_are_read_in_parts(aws: OpsStandIn) -> None:
    for number in range(130):
        aws.pool.has(f"user{number}", f"tenant{number:03d}")
        month(aws, f"tenant{number:03d}", 1_000_000, 0)
    assert rows("spend")[-2] == ["all", "$130.00", "$0.00", "$130.00"]


@pytest.mark.parametrize("text", ["2026", "2026-13", "November"])
def test_what_is_no_month_is_refused(aws: OpsStandIn, text: str) -> None:
    with pytest.raises(CliError, match="is no month"):
        studio("ops", "spend", "--month", text)
    aws.pool.has("ann", "acme")
    assert (
        "No tenant has committed anything in 2020-02."
        in studio("ops", "spend", "--month", "2020-02").output
    )
