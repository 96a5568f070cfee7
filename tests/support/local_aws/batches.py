"""Batches on the deployed stack: import a table, submit it, wait for its jobs and its end."""

import time
from typing import Any

from tests.support.local_aws.caller import TERMINAL, Caller

Document = dict[str, Any]


def until(caller: Caller, path: str, member: str, wanted: set[str], seconds: float) -> Document:
    """Read a document again and again until a member has one of the values."""
    deadline = time.monotonic() + seconds
    while True:
        document: Document = caller.get(path).json()
        if document[member] in wanted:
            return document
        assert time.monotonic() < deadline, document
        time.sleep(0.25)


def checked(caller: Caller, table: str, **options: Any) -> Document:
    """Import a table, wait for its dry run and return the import."""
    answer = caller.post("/v1/batch-imports", {"csv": table, **options})
    assert answer.status_code == 202, answer.text
    path = answer.headers["location"]
    return until(caller, path, "status", {"validated", "invalid"}, 60)


def submitted(caller: Caller, table: str, **options: Any) -> Document:
    """Import a table without faulty rows, submit it and return the batch."""
    value = checked(caller, table)
    assert value["counts"]["faulty"] == 0, value
    answer = caller.post(f"/v1/batch-imports/{value['id']}/submit", options)
    assert answer.status_code == 202, answer.text
    document: Document = answer.json()
    return document


def ended(caller: Caller, batch_id: str, seconds: float = 120) -> Document:
    """Wait for a batch to end and return it."""
    return until(caller, f"/v1/batches/{batch_id}", "status", TERMINAL, seconds)


def with_jobs(caller: Caller, path: str, seconds: float = 90) -> list[Document]:
    """Read a list until it has entries and each has a job; return the entries."""
    deadline = time.monotonic() + seconds
    while True:
        answer = caller.get(path)
        found = answer.json()["data"] if answer.status_code == 200 else []
        if found and all(one["job_id"] for one in found):
            return list(found)
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.25)
