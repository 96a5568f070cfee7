"""``studio ops oldest`` and ``studio ops spend``: what all tenants of a stack do and pay."""

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from studio_cli.amounts import dollars
from studio_cli.curve import utc_now
from studio_cli.errors import CliError
from studio_cli.ops_stack import DeployedOption, OperatedStack, open_stack
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption
from studio_cli.tables import Listing, second
from studio_cli.terminal import new_console, say
from studio_cli.user_pool import UserPool

_PARTITIONS = ("1", "batch")
"""Jobs and batches that have not ended, in the index Open."""
# Crockford's base 32.
_ULID = string.digits + "".join(sorted({*string.ascii_uppercase} - {*"ILOU"}))
_TIME_LENGTH = 10
_A_READ = 100
_MICRO = Decimal(1_000_000)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def oldest(
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many to list.")] = 20,
    deployed: DeployedOption = False,
    profile: ProfileOption = LOCAL,
) -> None:
    """List the oldest jobs and batches that have not ended, of all tenants."""
    stack, now = open_stack(profile, deployed=deployed), utc_now()
    keys = [key for partition in _PARTITIONS for key in _open(stack, partition, limit)]
    keys = sorted(keys, key=lambda key: created_at(key["job_id"]))[:limit]
    table = Listing(
        "id", "tenant", "state", "age", "since (UTC)", right=("age",), whole=("tenant",)
    )
    for key in keys:
        began = created_at(key["job_id"])
        since = second(began.isoformat())
        tenant, state = key["pk"].rpartition("#")[0], _state(stack, key)
        if state:
            table.add_row(key["job_id"], tenant, state, age(now, began), since)
    new_console().print(table if table else "No job and no batch is open.")


def spend(
    month: Annotated[
        str | None, typer.Option(help="Month (UTC), such as 2026-11. Default: this month.")
    ] = None,
    tenant: Annotated[
        list[str] | None, typer.Option(help="A tenant without users, as well. Repeatable.")
    ] = None,
    deployed: DeployedOption = False,
    profile: ProfileOption = LOCAL,
) -> None:
    """Show what each tenant has committed and paid in a month, the highest first.

    Tenants are those of the users in the user pool.
    """
    wanted = month or f"{utc_now():%Y-%m}"
    if not _MONTH.fullmatch(wanted):
        raise CliError(f"{wanted!r} is no month.", "give one such as 2026-11")
    stack = open_stack(profile, deployed=deployed)
    users = UserPool(stack.aws.cognito, stack.output("UserPoolId")).users()
    tenants = {user.tenant for user in users} | set(tenant or [])
    rows = sorted(_months(stack, tenants, wanted), key=lambda row: (-row[1], row[0]))
    table = Listing("tenant", "charged", "reserved", "committed",
                    right=("charged", "reserved", "committed"), whole=("tenant",))  # fmt: skip
    for name, committed, reserved in rows:
        table.add_row(name, *_amounts(committed, reserved))
    if rows:
        sums = (sum(row[1] for row in rows), sum(row[2] for row in rows))
        table.add_row("all", *_amounts(*sums))
    new_console().print(table if rows else f"No tenant has committed anything in {wanted}.")
    idle = len(tenants) - len(rows)
    say(f"{wanted}: {len(rows)} tenants of {len(tenants)}; {idle} have committed nothing.")


def created_at(object_id: str) -> datetime:
    """Return the time that an id begins with."""
    milliseconds = 0
    for character in object_id.partition("_")[2][:_TIME_LENGTH]:
        milliseconds = milliseconds * len(_ULID) + _ULID.index(character)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def age(now: datetime, began: datetime) -> str:
    """Return an age in its two largest units."""
    minutes, seconds = divmod(max(0, int((now - began).total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def _open(stack: OperatedStack, partition: str, limit: int) -> list[dict[str, str]]:
    found = stack.aws.dynamodb.query(
        TableName=stack.output("JobsTableName"),
        IndexName="Open",
        KeyConditionExpression="#open = :open",
        ExpressionAttributeNames={"#open": "open"},
        ExpressionAttributeValues={":open": {"S": partition}},
        Limit=limit,
    )
    return [{name: one[name]["S"] for name in ("pk", "sk", "job_id")} for one in found["Items"]]


def _state(stack: OperatedStack, key: dict[str, str]) -> str | None:
    """Return the state of a job or batch; None if it has ended since the index was read."""
    record = stack.aws.dynamodb.get_item(
        TableName=stack.output("JobsTableName"),
        Key={"pk": {"S": key["pk"]}, "sk": {"S": key["sk"]}},
        ProjectionExpression="#open, #status, stopped",
        ExpressionAttributeNames={"#open": "open", "#status": "status"},
    ).get("Item", {})
    if "open" not in record:
        return None
    if "status" in record:
        return record["status"]["S"]
    return "cancelling" if "stopped" in record else "running"


def _months(
    stack: OperatedStack, tenants: Iterable[str], month: str
) -> Iterator[tuple[str, int, int]]:
    """Yield tenant, committed and reserved sum, in micro-dollars, of those that have a month."""
    table = stack.output("LedgerTableName")
    names = sorted(tenants)
    for start in range(0, len(names), _A_READ):
        keys: list[Any] = [
            {"pk": {"S": name}, "sk": {"S": f"MONTH#{month}"}}
            for name in names[start : start + _A_READ]
        ]
        while keys:
            answer = stack.aws.dynamodb.batch_get_item(RequestItems={table: {"Keys": keys}})
            for one in answer["Responses"].get(table, []):
                yield one["pk"]["S"], _number(one, "committed"), _number(one, "reserved")
            left = answer["UnprocessedKeys"].get(table)
            keys = list(left["Keys"]) if left else []


def _number(record: Mapping[str, Any], name: str) -> int:
    return int(record.get(name, {}).get("N", 0))


def _amounts(committed: int, reserved: int) -> tuple[str, str, str]:
    sums = (committed - reserved, reserved, committed)
    charged, held, whole = (dollars(Decimal(one) / _MICRO) for one in sums)
    return charged, held, whole
