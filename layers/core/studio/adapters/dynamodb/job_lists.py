"""Lists of jobs, for the API and the sweeper.

Access patterns: a tenant's jobs = one Query of ByTenant and one BatchGetItem; jobs that have not
ended = one Query of Open.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb import job_records as records
from studio.adapters.dynamodb.base import batch_get, decode, encode
from studio.domain.jobs.model import Job, JobStatus
from studio.ports.jobs import JobPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def page(
    client: "DynamoDBClient",
    table: str,
    tenant: str,
    statuses: Sequence[JobStatus],
    limit: int,
    after: str | None,
) -> JobPage:
    """Return jobs of a tenant, newest first.

    The index gives the ids; the rows are then read consistently, in one batch.
    """
    found: list[str] = []
    start = after
    while len(found) <= limit:
        answer = _query_tenant(client, table, tenant, statuses, limit + 1 - len(found), start)
        found += [decode(row)["job_id"] for row in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            break
        start = decode(answer["LastEvaluatedKey"])["job_id"]
    ids = found[:limit]
    fresh = _batch_get(client, table, tenant, ids) if ids else {}
    jobs = [fresh[job_id] for job_id in ids if job_id in fresh]
    kept = [job for job in jobs if not statuses or job.status in statuses]
    return JobPage(kept, ids[-1] if len(found) > limit else None)


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


def _query_tenant(
    client: "DynamoDBClient",
    table: str,
    tenant: str,
    statuses: Sequence[JobStatus],
    limit: int,
    after: str | None,
) -> Any:  # noqa: ANN401 - botocore's own answer
    options: dict[str, Any] = {}
    values: dict[str, object] = {":tenant": tenant}
    if after is not None:
        options["ExclusiveStartKey"] = encode(
            {
                "tenant": tenant,
                "job_id": after,
                "pk": records.partition(tenant, after),
                "sk": records.JOB_SORT_KEY,
            }
        )
    if statuses:
        wanted = {f":s{index}": status for index, status in enumerate(statuses)}
        values |= wanted
        options["FilterExpression"] = f"#status IN ({', '.join(wanted)})"
        options["ExpressionAttributeNames"] = {"#status": "status"}
    return client.query(
        TableName=table,
        IndexName="ByTenant",
        KeyConditionExpression="tenant = :tenant",
        ExpressionAttributeValues=encode(values),
        ScanIndexForward=False,
        Limit=max(limit, 1),
        **options,
    )


def _batch_get(
    client: "DynamoDBClient", table: str, tenant: str, ids: Sequence[str]
) -> dict[str, Job]:
    keys = [
        encode({"pk": records.partition(tenant, job_id), "sk": records.JOB_SORT_KEY})
        for job_id in ids
    ]
    return {row["job_id"]: records.job_of(row) for row in batch_get(client, table, keys)}
