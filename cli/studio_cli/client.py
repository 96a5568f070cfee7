"""A typed client of the Image Studio API."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, Self, cast
from urllib.parse import urljoin

import httpx

from studio_cli.answers import RETRYABLE_STATUS, api_error, document, retry_after
from studio_cli.errors import ApiError, CliError
from studio_cli.wire import (
    Asset,
    Assets,
    Item,
    Job,
    Jobs,
    Ledger,
    LedgerEntry,
    Page,
    Progress,
)

PAGE_LIMIT = 100
MAX_TRIES = 4
MAX_WAIT_SECONDS = 10.0

Query = dict[str, str | int]
Document = dict[str, Any]


class StudioClient:
    """Calls the API with a bearer token and returns its documents.

    The client repeats a request that is safe to repeat: a read, or a write with an
    Idempotency-Key. It does so after a lost connection and after a temporary error, and it obeys
    Retry-After.

    Args:
        api_url: Base URL, without ``/v1``.
        token: Returns a valid ID token; called before each request, so that it can refresh.
        use_proxies: Whether to use the proxies of the environment; False for the local AWS.
        sleep: Waits for a number of seconds before the next attempt.
    """

    def __init__(
        self,
        api_url: str,
        token: Callable[[], str],
        *,
        use_proxies: bool = True,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._token = token
        self._sleep = sleep
        self._http = httpx.Client(timeout=httpx.Timeout(30.0, connect=10.0), trust_env=use_proxies)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def create_job(self, body: Mapping[str, object]) -> Job:
        """Create a job and return it; a repeated request does not create a second job.

        Raises:
            ApiError: The API refuses the request.
        """
        return cast("Job", document(self._spend("/v1/jobs", body)))

    def redrive_job(
        self, job_id: str, *, only: Literal["unknown", "cancelled"] | None = None
    ) -> Job:
        """Run the failed images of a job again and return the job.

        Args:
            job_id: The job.
            only: Run the images that ended this way instead. Those of unknown outcome may be
                paid twice.
        """
        body = {} if only is None else {"only": only}
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

    def pages(self, path: str, filters: Query | None = None) -> list[Document]:
        """Return the entries of all pages of a list."""
        found: list[Document] = []
        query: Query = {**(filters or {}), "limit": PAGE_LIMIT}
        while True:
            page = self.get(path, query)
            found += page["data"]
            if not _more(page["page"], query):
                return found

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

    def download(self, url: str) -> bytes:
        """Return a file from its signed URL; the request carries no token.

        Raises:
            CliError: The storage refuses the request.
        """
        file = self._repeat(lambda: self._http.get(url), repeatable=True)
        if file.status_code != 200:
            raise CliError(f"The storage refused a download ({file.status_code}).")
        return file.content

    def stream(self, url: str) -> Iterator[bytes]:
        """Yield the parts of a file from its signed URL; the request carries no token.

        Raises:
            CliError: The storage refuses the request, or the connection is lost.
        """
        try:
            with self._http.stream("GET", url) as answer:
                if answer.status_code != 200:
                    raise CliError(f"The storage refused a download ({answer.status_code}).")
                yield from answer.iter_bytes()
        except httpx.RequestError as error:
            raise CliError(f"The download was cut off ({error}).", "try again") from error

    def file(self, path: str) -> bytes:
        """Return the file that the API redirects a path to.

        Raises:
            CliError: The API sends no redirect, or the storage refuses the request.
        """
        redirect = self._get(path)
        url = urljoin(f"{self._api_url}{path}", redirect.headers.get("location", ""))
        if not redirect.is_redirect:
            raise CliError(f"The API sent no download URL for {path}.")
        return self.download(url)

    def _current(self, path: str) -> httpx.Response | None:
        try:
            return self._get(path)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def _get(
        self, path: str, query: Query | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return self._send("GET", path, repeatable=True, query=query, headers=headers)

    def _spend(self, path: str, body: Mapping[str, object]) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return self._send("POST", path, repeatable=True, headers=headers, body=body)

    def _send(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> httpx.Response:
        def call() -> httpx.Response:
            return self._http.request(
                method,
                f"{self._api_url}{path}",
                params=query,
                json=body,
                headers={"Authorization": f"Bearer {self._token()}", **(headers or {})},
            )

        answer = self._repeat(call, repeatable=repeatable)
        if answer.status_code >= 400:
            raise api_error(answer)
        return answer

    def _repeat(self, call: Callable[[], httpx.Response], *, repeatable: bool) -> httpx.Response:
        for tries in range(1, MAX_TRIES + 1):
            last = not repeatable or tries == MAX_TRIES
            try:
                answer = call()
            except httpx.RequestError as error:
                if last:
                    raise CliError(
                        f"The API at {self._api_url} cannot be reached ({error}).",
                        "check the network; for the local stack: studio local up",
                    ) from error
                self._sleep(tries * 0.5)
                continue
            if last or answer.status_code not in RETRYABLE_STATUS:
                return answer
            self._sleep(min(retry_after(answer) or tries * 0.5, MAX_WAIT_SECONDS))
        raise AssertionError("the last attempt always returns or raises")


def _if_match(current: httpx.Response | None) -> dict[str, str]:
    """Return the header that ties a change to the current version."""
    return {} if current is None else {"If-Match": current.headers.get("etag", "*")}


def _more(page: Page, query: Query) -> bool:
    cursor = page["next_cursor"]
    if cursor:
        query["cursor"] = cursor
    return bool(cursor)
