"""Lists of jobs, for the API and the sweeper.

Access patterns: a tenant's jobs = one Query of ByTenant and one BatchGetItem; jobs that have not
ended = one Query of Open.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb import job_records as records
from studio.adapters.dynamodb.base import batch_get, decode, encode
from studio.domain.jobs.model import Job
from studio.ids import id_bound
from studio.ports.jobs import JobPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from studio.domain.jobs.wanted import WantedJobs

# Most entries of the index that one page reads for a filter that the index can answer.
_ENTRIES_A_QUERY, _QUERIES = 1_000, 10
# Most records of jobs that one page reads for a filter that only a record can answer.
_ROWS_A_ROUND, _ROUNDS = 100, 5


def page(
    client: "DynamoDBClient",
    table: str,
    tenant: str,
    wanted: "WantedJobs",
    limit: int,
    after: str | None,
) -> JobPage:
    """Return the wanted jobs of a tenant, newest first.

    The index gives the ids; the rows are then read consistently, in batches. What the index does
    not hold is looked up in the rows, of at most 500 jobs.
    """
    kept: list[Job] = []
    rounds, count = (_ROUNDS, _ROWS_A_ROUND) if wanted.needs_records else (1, limit)
    start = after
    for _ in range(rounds):
        ids, start = _ids(client, table, tenant, wanted, count, start)
        fresh = _batch_get(client, table, tenant, ids) if ids else {}
        for job_id in ids:
            if job_id in fresh and wanted.takes(fresh[job_id]):
                kept.append(fresh[job_id])
            if len(kept) == limit:
                is_last = job_id == ids[-1] and start is None
                return JobPage(kept, None if is_last else job_id)
        if start is None:
            break
    return JobPage(kept, start)


def open_jobs(
    client: "DynamoDBClient", table: str, limit: int, after: tuple[str, str] | None = None
) -> Sequence[tuple[str, str]]:
    """Return (tenant, job id) of jobs that have not ended, oldest first."""
    start: dict[str, Any] = {}
    if after is not None:
        row = {"pk": records.partition(*after), "sk": records.JOB_SORT_KEY}
        start["ExclusiveStartKey"] = encode({**row, "open": "1", "job_id": after[1]})
    answer = client.query(
        TableName=table,
        IndexName="Open",
        KeyConditionExpression="#open = :one",
        ExpressionAttributeNames={"#open": "open"},
        ExpressionAttributeValues=encode({":one": "1"}),
        Limit=limit,
        **start,
    )
    keys = (decode(row)["pk"].partition("#") for row in answer["Items"])
    return [(tenant, job_id) for tenant, _, job_id in keys]


def _ids(
    client: "DynamoDBClient",
    table: str,
    tenant: str,
    wanted: "WantedJobs",
    count: int,
    after: str | None,
) -> tuple[list[str], str | None]:
    """Return ids of jobs as far as the index knows what is wanted, and the id to continue behind.

    At most ``count`` ids come, and at most 10,000 entries of the index are read for them.
    """
    request = _tenant_query(table, tenant, wanted)
    request["Limit"] = _ENTRIES_A_QUERY if "FilterExpression" in request else count + 1
    found: list[str] = []
    for _ in range(_QUERIES):
        if after is not None:
            request["ExclusiveStartKey"] = _index_key(tenant, after)
        answer = client.query(**request)
        found += [decode(row)["job_id"] for row in answer["Items"]]
        if len(found) > count:
            return found[:count], found[count - 1]
        if "LastEvaluatedKey" not in answer:
            return found, None
        after = decode(answer["LastEvaluatedKey"])["job_id"]
    return found, after


def _tenant_query(table: str, tenant: str, wanted: "WantedJobs") -> dict[str, Any]:
    """Return the query of the index, newest first; an id begins with the time of its job."""
    condition, values = "tenant = :tenant", {":tenant": tenant}
    first, last = _bounds(wanted)
    if first:
        condition += " AND job_id BETWEEN :first AND :last" if last else " AND job_id >= :first"
    elif last:
        condition += " AND job_id <= :last"
    values |= {name: value for name, value in ((":first", first), (":last", last)) if value}
    filters, names = [], {}
    for name, words in (("status", wanted.statuses), ("operation", wanted.operations)):
        if words:
            places = {f":{name}{index}": word for index, word in enumerate(words)}
            values |= places
            names[f"#{name}"] = name
            filters.append(f"#{name} IN ({', '.join(places)})")
    request: dict[str, Any] = {
        "TableName": table,
        "IndexName": "ByTenant",
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": encode(values),
        "ScanIndexForward": False,
    }
    if filters:
        request["FilterExpression"] = " AND ".join(filters)
        request["ExpressionAttributeNames"] = names
    return request


def _bounds(wanted: "WantedJobs") -> tuple[str | None, str | None]:
    """Return the first and the last id that can be wanted; the jobs of a batch follow the batch."""
    first = wanted.created_from and id_bound("job", wanted.created_from, "0")
    of_batch = wanted.batch_id and f"job_{wanted.batch_id.partition('_')[2][:10]}"
    last = wanted.created_until and id_bound("job", wanted.created_until, "Z")
    return max(first or "", of_batch or "") or None, last or None


def _index_key(tenant: str, job_id: str) -> "dict[str, AttributeValueTypeDef]":
    row = {"pk": records.partition(tenant, job_id), "sk": records.JOB_SORT_KEY}
    return encode({**row, "tenant": tenant, "job_id": job_id})


def _batch_get(
    client: "DynamoDBClient", table: str, tenant: str, ids: Sequence[str]
) -> dict[str, Job]:
    keys = [
        encode({"pk": records.partition(tenant, job_id), "sk": records.JOB_SORT_KEY})
        for job_id in ids
    ]
    return {row["job_id"]: records.job_of(row) for row in batch_get(client, table, keys)}
