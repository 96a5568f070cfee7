"""Requests to the Image Studio API: the token, the repeats, and files behind signed URLs."""

import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Self
from urllib.parse import parse_qsl, urljoin

import httpx

from studio_cli.answers import RETRYABLE_STATUS, api_error, retry_after
from studio_cli.errors import CliError

# Ids and names of everything that has one; the API knows no longer ones.
_SEGMENT = re.compile(r"(?!\.{1,2}$)[^/?#%\\\s\x00-\x1f\x7f-\x9f]{1,200}")
_SHOWN = 60

MAX_ATTEMPTS = 4
MAX_WAIT_SECONDS = 10.0

Query = dict[str, str | int | list[str]]


def check_path(path: str) -> None:
    """Refuse a path with an id that would make it the path of something else.

    Raises:
        CliError: An id is empty, too long, or has characters that a path does not keep.
    """
    for segment in path.removeprefix("/").split("/"):
        if not _SEGMENT.fullmatch(segment):
            raise CliError(
                f"{segment[:_SHOWN]!r} is no id or name.", "list what there is, and copy its id"
            )


class Transport:
    """Sends requests with a bearer token and returns their answers.

    It repeats a request that is safe to repeat: a read, or a write with an
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

    def file(self, link: str) -> bytes:
        """Return the file that the API redirects a link of its answers to.

        Raises:
            CliError: The API sends no redirect, or the storage refuses the request.
        """
        path, _, query = link.partition("?")
        redirect = self._get(path, dict(parse_qsl(query)))
        url = urljoin(f"{self._api_url}{path}", redirect.headers.get("location", ""))
        if not redirect.is_redirect:
            raise CliError(f"The API sent no download URL for {path}.")
        return self.download(url)

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
        check_path(path)

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
        for attempt in range(1, MAX_ATTEMPTS + 1):
            last = not repeatable or attempt == MAX_ATTEMPTS
            try:
                answer = call()
            except httpx.RequestError as error:
                if last:
                    raise CliError(
                        f"The API at {self._api_url} cannot be reached ({error}).",
                        "check the network; for the local stack: studio local up",
                    ) from error
                self._sleep(attempt * 0.5)
                continue
            if last or answer.status_code not in RETRYABLE_STATUS:
                return answer
            self._sleep(min(retry_after(answer) or attempt * 0.5, MAX_WAIT_SECONDS))
        raise AssertionError("the last attempt always returns or raises")
