"""Imports and batches over the API, with the real check between the requests."""

import os
from typing import Any

from studio.adapters import clients
from studio.adapters.dynamodb.batches import DynamoBatchStore
from studio.clock import utc_now
from tests.support.builders import unique
from tests.support.mock_aws.api_client import Api, Document
from tests.support.mock_aws.environment import environment


def checked(api: Api, table: str, tenant: str = "acme", **options: Any) -> Document:
    """Import a table and let the function check it."""
    answer = api.post("/v1/batch-imports", {"csv": table, **options}, tenant=tenant)
    assert answer.status == 202, answer.text
    check(api)
    document: Document = api.get(answer.headers["location"], tenant=tenant).document
    return document


def check(api: Api) -> None:
    """Deliver what the API handed to the function validate_import."""
    from functions.validate_import import handler

    os.environ.update(environment("ValidateImportFunction"))
    try:
        while api.invoked:
            handler.build().run(**api.invoked.pop(0))
    finally:
        handler.build.cache_clear()


def submitted(api: Api, table: str, **options: Any) -> Document:
    """Import a table and submit it."""
    value = checked(api, table)
    path = f"/v1/batch-imports/{value['id']}/submit"
    answer = api.post(path, options, key=unique("submit"))
    assert answer.status == 202, answer.text
    document: Document = answer.document
    return document


def end_batch(tenant: str, batch_id: str) -> None:
    """End a batch of which nothing has started."""
    store = DynamoBatchStore(clients.dynamodb(), os.environ["JOBS_TABLE_NAME"])
    assert store.finish(store.get(tenant, batch_id), utc_now())
