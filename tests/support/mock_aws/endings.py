"""Runs what the API has accepted to its end, with the real functions and the real workflow."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from inspect import unwrap
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import pytest

from studio.clock import rfc3339
from studio.domain.batches.manifest import LINES, ManifestEntry, entries_of
from tests.support.builders import unique
from tests.support.mock_aws.account import running_api
from tests.support.mock_aws.api_client import Api, ApiResponse, Document
from tests.support.mock_aws.stack import BUCKET, REGION, clients, mock_stack
from tests.support.mock_aws.workflow import FUNCTIONS as STEPS
from tests.support.mock_aws.workflow import built
from tests.support.workflows.asl import Interpreter, definition, drive

OTHERS = ("ValidateImport", "CreateBatchJob", "FinishBatch", "RunSchedule", "RegisterUpload")
ENDED = ("succeeded", "partially_succeeded", "failed", "cancelled")
ENDED_WELL = ("succeeded", "skipped", "cancelled")
_FIRST = datetime(2026, 11, 30, tzinfo=UTC)


@dataclass(repr=False)
class Endings:
    """An account without provider keys, and what became of the requests that its API accepted.

    Attributes:
        functions: The handlers by the names of their functions.
        seen: How many objects of a kind came to each end.
        fired: The schedules that fired.
    """

    api: Api
    functions: dict[str, ModuleType]
    seen: dict[str, int] = field(default_factory=dict)
    fired: list[str] = field(default_factory=list)

    def post(self, path: str, body: object) -> ApiResponse:
        """Send a request under a key of its own; it is no failure."""
        answer = self.api.post(path, body, key=unique("corner"))
        assert answer.status < 500, (path, str(body)[:2_000], answer.text)
        return answer

    def job(self, job_id: str) -> Document:
        """Check that a job comes to its end, and each of its images for a reason."""
        path = f"/v1/jobs/{job_id}"
        event = {"tenant": "acme", "job_id": job_id, "run": self.api.get(path).document["run"]}
        drive(Interpreter(definition(), set()).run(event), self._invoke, lambda _: None)
        job = self.api.get(path).document
        assert job["status"] in ENDED, job
        for item in self.api.get(f"{path}/items", "limit=100").document["data"]:
            if item["status"] not in ENDED_WELL:
                assert item["problem"]["code"] and item["problem"]["detail"], item
        return self._count("job", job, job["status"])

    def batch_import(self, import_id: str) -> Document:
        """Check that an import is validated, or is not for a reason."""
        for event in list(self.api.invoked):
            self._invoke("ValidateImport", event)
        self.api.invoked.clear()
        value = self.api.get(f"/v1/batch-imports/{import_id}").document
        assert value["status"] in ("validated", "invalid", "failed"), value
        assert value["status"] == "validated" or value["errors"], value
        return self._count("import", value, value["status"])

    def batch(self, batch: Document) -> Document:
        """Check that a batch comes to its end, and each of its rows for a reason."""
        known = {"tenant": "acme", "batch_id": batch["id"], "run": 1}
        for place in self._places(batch["id"]):
            event = {**known, "line": place.row, "at": place.at, "bytes": place.bytes}
            step = self._invoke("CreateBatchJob", event)
            if step["outcome"] == "started":
                self.job(step["job_id"])
        self._invoke("FinishBatch", known)
        ended = self.api.get(f"/v1/batches/{batch['id']}").document
        assert ended["status"] in ENDED, ended
        return self._count("batch", ended, ended["status"])

    def schedule(self, schedule_id: str) -> None:
        """Check that a schedule has an outcome when it fires."""
        self.fired.append(schedule_id)
        event = {
            "tenant": "acme",
            "schedule_id": schedule_id,
            "scheduled_at": rfc3339(_FIRST + timedelta(minutes=len(self.fired))),
        }
        self.run(self._invoke("RunSchedule", event), schedule_id)

    def run(self, run: Document, schedule_id: str) -> None:
        """Check the outcome of a run of a schedule."""
        if run["outcome"] == "started" and run["job_id"]:
            self.job(run["job_id"])
        (listed, *_) = self.api.get(
            f"/v1/schedules/{schedule_id}/runs", urlencode({"limit": 1})
        ).document["data"]
        assert listed["outcome"] != "starting", listed
        assert listed["outcome"] == "started" or listed["code"], listed
        self._count("run", listed, listed["outcome"])

    def upload(self, announced: Document, data: bytes) -> None:
        """Check that a sent file is registered or refused for a reason."""
        upload, fields = announced["upload"], announced["fields"]
        clients().s3.put_object(Bucket=BUCKET, Key=fields["key"], Body=data)
        self._invoke("RegisterUpload", {"key": fields["key"]})
        known = self.api.get(f"/v1/uploads/{upload['id']}").document
        if known["folder"] is None:
            # A table waits for the import that names it.
            return
        assert known["status"] in ("registered", "quarantined"), known
        assert known["asset_id"] or known["reason_code"], known
        self._count("upload", known, known["status"])

    def _places(self, batch_id: str) -> list[ManifestEntry]:
        found = clients().s3.list_objects_v2(Bucket=BUCKET)["Contents"]
        (key,) = [one["Key"] for one in found if batch_id in one["Key"] and LINES in one["Key"]]
        return entries_of(clients().s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def _invoke(self, name: str, event: Document) -> Any:
        # Without the context of an invocation: in one process it would stay with the API's log.
        return unwrap(self.functions[name].lambda_handler)(event, None)

    def has_seen(self, kind: str) -> bool:
        """Return whether an object of a kind came to an end whose name begins with it."""
        return any(end.startswith(kind) for end in self.seen)

    def _count(self, kind: str, document: Document, end: str) -> Document:
        name = f"{kind} {end}"
        self.seen[name] = self.seen.get(name, 0) + 1
        return document


@contextmanager
def account() -> Iterator[Endings]:
    """Enter an account in which nothing runs by itself."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            patch.setenv(name, REGION)
        with mock_stack():
            functions = {name: built(name) for name in (*STEPS, *OTHERS)}
            with running_api(patch) as api:
                yield Endings(api, functions)
        for module in functions.values():
            module.build.cache_clear()
