"""A thin typed client of the Image Studio API."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self, cast
from urllib.parse import urljoin

import httpx

from studio_cli.errors import ApiError, CliError, SignedOutError, WrongField
from studio_cli.wire import Asset, Assets, Item, Items, Job, Jobs, Ledger, Page, Progress

PAGE_LIMIT = 100
MAX_TRIES = 4
MAX_WAIT_SECONDS = 10.0
RETRYABLE_STATUS = frozenset({429, 502, 503, 504})

Query = dict[str, str | int]
Document = dict[str, Any]


class StudioClient:
    """Calls the API with a bearer token and reads its documents.

    Requests that are safe to repeat (reads, and writes under an Idempotency-Key) are repeated
    after a lost connection or a "come back later" answer, honouring Retry-After.

    Args:
        api_url: Base URL, without ``/v1``.
        token: Gives a valid ID token; asked before each request, so that it can refresh.
        use_proxies: Whether the proxies of the environment apply; not for the local AWS.
        sleep: Waits that many seconds between two tries.
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
        """Start a job; the money of the request cannot be spent twice by a repeated try.

        Raises:
            ApiError: the API refused the request.
        """
        return cast("Job", _document(self._spend("/v1/jobs", body)))

    def redrive_job(self, job_id: str, *, unknown: bool = False) -> Job:
        """Run a job's failed images again, or those of unknown outcome, which may be paid twice."""
        body = {"only": "unknown"} if unknown else {}
        return cast("Job", _document(self._spend(f"/v1/jobs/{job_id}/redrive", body)))

    def cancel_job(self, job_id: str) -> Job:
        """Stop what has not been started; what is done stays."""
        answer = self._send("POST", f"/v1/jobs/{job_id}/cancel", repeatable=False)
        return cast("Job", _document(answer))

    def job(self, job_id: str) -> Job:
        """Read one job."""
        return cast("Job", _document(self._get(f"/v1/jobs/{job_id}")))

    def jobs(self, *, status: str | None, limit: int) -> list[Job]:
        """Read the newest jobs, optionally of one status."""
        query: Query = {"limit": limit}
        if status:
            query["status"] = status
        return cast("Jobs", _document(self._get("/v1/jobs", query)))["data"]

    def items(self, job_id: str) -> list[Item]:
        """Read all images of a job in their order."""
        found: list[Item] = []
        query: Query = {"limit": PAGE_LIMIT}
        while True:
            page = cast("Items", _document(self._get(f"/v1/jobs/{job_id}/items", query)))
            found += page["data"]
            if not _more(page["page"], query):
                return found

    def ledger(self, job_id: str) -> Ledger:
        """Read a job's entries of the ledger."""
        return cast("Ledger", _document(self._get(f"/v1/jobs/{job_id}/ledger")))

    def progress(self, job_id: str, etag: str | None = None) -> tuple[Progress | None, str | None]:
        """Read how far a job is.

        Args:
            job_id: The job.
            etag: The tag of the document already at hand.

        Returns:
            The document, or None where nothing changed since ``etag``; and the tag to ask
            with next time.
        """
        headers = {"If-None-Match": etag} if etag else {}
        answer = self._get(f"/v1/jobs/{job_id}/progress", headers=headers)
        if answer.status_code == 304:
            return None, etag
        return cast("Progress", _document(answer)), answer.headers.get("etag")

    def assets(self, *, limit: int) -> list[Asset]:
        """Read the newest assets."""
        return cast("Assets", _document(self._get("/v1/assets", {"limit": limit})))["data"]

    def asset(self, asset_id: str) -> Asset:
        """Read one asset's record."""
        return cast("Asset", _document(self._get(f"/v1/assets/{asset_id}")))

    def asset_content(self, asset_id: str) -> bytes:
        """Download an asset's file.

        The API answers with a redirect to signed storage, which gets no Authorization header:
        the signature is in the URL, and the token is none of the storage's business.
        """
        return self.file(f"/v1/assets/{asset_id}/content")

    def get(self, path: str, query: Query | None = None) -> Document:
        """Read a document."""
        return cast("Document", _document(self._get(path, query)))

    def pages(self, path: str, filters: Query | None = None) -> list[Document]:
        """Read all pages of a list."""
        found: list[Document] = []
        query: Query = {**(filters or {}), "limit": PAGE_LIMIT}
        while True:
            page = self.get(path, query)
            found += page["data"]
            if not _more(page["page"], query):
                return found

    def changed(self, path: str, etag: str | None) -> tuple[Document | None, str | None]:
        """Read a document that is polled; None where nothing changed since ``etag``."""
        answer = self._get(path, headers={"If-None-Match": etag} if etag else {})
        if answer.status_code == 304:
            return None, etag
        return cast("Document", _document(answer)), answer.headers.get("etag")

    def post(self, path: str, body: Mapping[str, object] | None = None) -> Document:
        """Do something that is not repeated by itself."""
        return cast("Document", _document(self._send("POST", path, repeatable=False, body=body)))

    def spend(self, path: str, body: Mapping[str, object]) -> Document:
        """Start something that may cost money, under a key of its own."""
        return cast("Document", _document(self._spend(path, body)))

    def put(self, path: str, body: Mapping[str, object]) -> Document:
        """Write a document whole."""
        return cast("Document", _document(self._send("PUT", path, repeatable=True, body=body)))

    def delete(self, path: str) -> None:
        """Take something away."""
        self._send("DELETE", path, repeatable=True)

    def replace(self, path: str, body: Mapping[str, object]) -> Document:
        """Write a document in place of the one that is there now, if there is one.

        Raises:
            ApiError: it was changed in the same moment.
        """
        return self.amend(path, lambda _: body)

    def amend(
        self, path: str, body_of: Callable[[Document | None], Mapping[str, object]]
    ) -> Document:
        """Write a document that is made of the one that is there now, None if there is none.

        Raises:
            ApiError: it was changed in the same moment.
        """
        there = self._there(path)
        body = body_of(cast("Document", _document(there)) if there else None)
        answer = self._send("PUT", path, repeatable=False, headers=_basis(there), body=body)
        return cast("Document", _document(answer))

    def remove(self, path: str) -> None:
        """Take away what is there now.

        Raises:
            ApiError: there is nothing, or it was changed in the same moment.
        """
        self._send("DELETE", path, repeatable=False, headers=_basis(self._there(path)))

    def download(self, url: str) -> bytes:
        """Download a file from signed storage, without the token.

        Raises:
            CliError: the storage refuses.
        """
        file = self._repeat(lambda: self._http.get(url), repeatable=True)
        if file.status_code != 200:
            raise CliError(f"The storage refused a download ({file.status_code}).")
        return file.content

    def stream(self, url: str) -> Iterator[bytes]:
        """Download a file of any size from signed storage, piece by piece, without the token.

        Raises:
            CliError: the storage refuses, or the connection is lost.
        """
        try:
            with self._http.stream("GET", url) as answer:
                if answer.status_code != 200:
                    raise CliError(f"The storage refused a download ({answer.status_code}).")
                yield from answer.iter_bytes()
        except httpx.RequestError as error:
            raise CliError(f"The download was cut off ({error}).", "try again") from error

    def file(self, path: str) -> bytes:
        """Download a file that the API answers with a redirect to."""
        redirect = self._get(path)
        url = urljoin(f"{self._api_url}{path}", redirect.headers.get("location", ""))
        if not redirect.is_redirect:
            raise CliError(f"The API sent no place to download {path} from.")
        return self.download(url)

    def _there(self, path: str) -> httpx.Response | None:
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
            raise _api_error(answer)
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
            self._sleep(min(_retry_after(answer) or tries * 0.5, MAX_WAIT_SECONDS))
        raise AssertionError("the last try always returns or raises")


def _document(answer: httpx.Response) -> object:
    try:
        return answer.json()
    except ValueError as error:
        raise CliError(
            f"{answer.url} answered with something that is not JSON.",
            "check the API URL of the profile",
        ) from error


def _basis(there: httpx.Response | None) -> dict[str, str]:
    """Return the header that says what a change is based on."""
    return {} if there is None else {"If-Match": there.headers.get("etag", "*")}


def _more(page: Page, query: Query) -> bool:
    cursor = page["next_cursor"]
    if cursor:
        query["cursor"] = cursor
    return bool(cursor)


def _retry_after(answer: httpx.Response) -> float | None:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdecimal() else None


def _api_error(answer: httpx.Response) -> ApiError:
    problem = _problem(answer)
    errors = problem.get("errors")
    fields = [
        WrongField(str(entry.get("pointer", "")), str(entry.get("detail", "")))
        for entry in (errors if isinstance(errors, list) else [])
        if isinstance(entry, dict)
    ]
    kind = SignedOutError if answer.status_code == 401 else ApiError
    return kind(
        status=answer.status_code,
        title=str(problem.get("title") or f"The API answered {answer.status_code}"),
        detail=str(problem.get("detail") or ""),
        code=str(problem.get("code") or ""),
        fields=fields,
        next_step=_next_step(answer.status_code),
    )


def _next_step(status: int) -> str | None:
    if status == 401:
        return "sign in again: studio login (local: studio local up)"
    if status >= 500:
        return "its log says why (local: .local/ministack.log)"
    return None


def _problem(answer: httpx.Response) -> dict[str, object]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
