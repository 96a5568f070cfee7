"""A typed client of the Image Studio API."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import httpx

from studio_cli.answers import document
from studio_cli.errors import ApiError
from studio_cli.transport import Query, Transport
from studio_cli.wire import (
    Asset,
    Assets,
    Estimate,
    Item,
    Job,
    Jobs,
    Ledger,
    LedgerEntry,
    LogLine,
    Me,
    Page,
    Progress,
)

PAGE_LIMIT = 100

Document = dict[str, Any]


class StudioClient(Transport):
    """Calls the API with a bearer token and returns its documents.

    It repeats a request that is safe to repeat, see ``Transport``.
    """

    def create_job(self, body: Mapping[str, object]) -> Job:
        """Create a job and return it; a repeated request does not create a second job.

        Raises:
            ApiError: The API refuses the request.
        """
        return cast("Job", document(self._spend("/v1/jobs", body)))

    def estimate(self, body: Mapping[str, object]) -> Estimate:
        """Return the price of a job; nothing runs.

        Raises:
            ApiError: The API would refuse the job.
        """
        answer = self._send("POST", "/v1/estimates", repeatable=True, body={"jobs": [body]})
        return cast("Estimate", document(answer))

    def me(self) -> Me:
        """Return the account of the caller and its month."""
        return cast("Me", document(self._get("/v1/me")))

    def redrive_job(self, job_id: str, selection: Mapping[str, object]) -> Job:
        """Run images of a job again and return the job.

        Args:
            job_id: The job.
            selection: The request: which images, by default the failed ones. Those of unknown
                outcome may be paid twice.
        """
        body = dict(selection)
        return cast("Job", document(self._spend(f"/v1/jobs/{job_id}/redrive", body)))

    def cancel_job(self, job_id: str) -> Job:
        """Cancel the images of a job that have not started, and return the job."""
        answer = self._send("POST", f"/v1/jobs/{job_id}/cancel", repeatable=False)
        return cast("Job", document(answer))

    def job(self, job_id: str) -> Job:
        """Return one job."""
        return cast("Job", document(self._get(f"/v1/jobs/{job_id}")))

    def jobs(self, *, status: str | None, limit: int) -> list[Job]:
        """Return the newest jobs, of one status if it is given."""
        query: Query = {"limit": limit}
        if status:
            query["status"] = status
        return cast("Jobs", document(self._get("/v1/jobs", query)))["data"]

    def items(self, job_id: str) -> list[Item]:
        """Return all images of a job in their order."""
        return cast("list[Item]", self.pages(f"/v1/jobs/{job_id}/items"))

    def logs(self, job_id: str, levels: Sequence[str]) -> list[LogLine]:
        """Return the log lines of a job, oldest first; of some levels if they are given."""
        found = self.get(f"/v1/jobs/{job_id}/logs", {"level": list(levels)} if levels else None)
        return cast("list[LogLine]", found["data"])

    def ledger(self, job_id: str) -> Ledger:
        """Return all ledger entries of a job and their sums."""
        query: Query = {"limit": PAGE_LIMIT}
        entries: list[LedgerEntry] = []
        while True:
            found = cast("Ledger", document(self._get(f"/v1/jobs/{job_id}/ledger", query)))
            entries += found["data"]
            if not _more(found["page"], query):
                return {**found, "data": entries}

    def progress(self, job_id: str, etag: str | None = None) -> tuple[Progress | None, str | None]:
        """Return the progress of a job.

        Args:
            job_id: The job.
            etag: The tag of the last document.

        Returns:
            The document, or None if it has not changed since ``etag``; and its tag.
        """
        found, tag = self.changed(f"/v1/jobs/{job_id}/progress", etag)
        return cast("Progress | None", found), tag

    def assets(self, *, limit: int) -> list[Asset]:
        """Return the newest assets."""
        return cast("Assets", document(self._get("/v1/assets", {"limit": limit})))["data"]

    def asset(self, asset_id: str) -> Asset:
        """Return the record of one asset."""
        return cast("Asset", document(self._get(f"/v1/assets/{asset_id}")))

    def asset_content(self, asset_id: str) -> bytes:
        """Return the file of an asset."""
        return self.file(f"/v1/assets/{asset_id}/content")

    def get(self, path: str, query: Query | None = None) -> Document:
        """Return a document."""
        return cast("Document", document(self._get(path, query)))

    def pages(
        self, path: str, filters: Query | None = None, *, most: int | None = None
    ) -> list[Document]:
        """Return the entries of all pages of a list, or the first ``most`` of them."""
        found: list[Document] = []
        query: Query = {**(filters or {}), "limit": min(most or PAGE_LIMIT, PAGE_LIMIT)}
        while True:
            page = self.get(path, query)
            found += page["data"]
            if not _more(page["page"], query) or (most and len(found) >= most):
                return found[:most]

    def changed(self, path: str, etag: str | None) -> tuple[Document | None, str | None]:
        """Return a polled document and its tag; None if it has not changed since ``etag``."""
        answer = self._get(path, headers={"If-None-Match": etag} if etag else {})
        if answer.status_code == 304:
            return None, etag
        return cast("Document", document(answer)), answer.headers.get("etag")

    def post(self, path: str, body: Mapping[str, object] | None = None) -> Document:
        """Send a POST request, which is never repeated, and return the answer."""
        return cast("Document", document(self._send("POST", path, repeatable=False, body=body)))

    def spend(self, path: str, body: Mapping[str, object]) -> Document:
        """Send a POST request that may cost money, with an Idempotency-Key; return the answer."""
        return cast("Document", document(self._spend(path, body)))

    def put(self, path: str, body: Mapping[str, object]) -> Document:
        """Write a whole document and return it."""
        return cast("Document", document(self._send("PUT", path, repeatable=True, body=body)))

    def delete(self, path: str) -> None:
        """Delete a document."""
        self._send("DELETE", path, repeatable=True)

    def replace(self, path: str, body: Mapping[str, object]) -> Document:
        """Write a document in place of the current one, if any, and return it.

        Raises:
            ApiError: Another request changes the document at the same time.
        """
        return self.amend(path, lambda _: body)

    def amend(
        self, path: str, body_of: Callable[[Document | None], Mapping[str, object]]
    ) -> Document:
        """Write a document that depends on the current one, and return it.

        Args:
            path: Path of the document.
            body_of: Returns the new document from the current one; None if there is none.

        Raises:
            ApiError: Another request changes the document at the same time.
        """
        current = self._current(path)
        body = body_of(cast("Document", document(current)) if current else None)
        answer = self._send("PUT", path, repeatable=False, headers=_if_match(current), body=body)
        return cast("Document", document(answer))

    def remove(self, path: str) -> None:
        """Delete the current version of a document.

        Raises:
            ApiError: There is no document, or another request changes it at the same time.
        """
        self._send("DELETE", path, repeatable=False, headers=_if_match(self._current(path)))

    def _current(self, path: str) -> httpx.Response | None:
        try:
            return self._get(path)
        except ApiError as error:
            if error.status == 404:
                return None
            raise


def _if_match(current: httpx.Response | None) -> dict[str, str]:
    """Return the header that ties a change to the current version."""
    return {} if current is None else {"If-Match": current.headers.get("etag", "*")}


def _more(page: Page, query: Query) -> bool:
    cursor = page["next_cursor"]
    if cursor:
        query["cursor"] = cursor
    return bool(cursor)
