"""Fetching of a paid result from a URL that the provider chose, with patience.

A result can be unreachable for a while: a store publishes it late, signs its URL for later, or is
down. It is paid, so a failed fetch is repeated after a pause. No key is sent to the URL.
"""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Protocol

from studio.domain.provider_calls.model import Generated, Pending, Refused
from studio.errors import TargetRefusedError, TargetTooLargeError, TargetUnreachableError
from studio.media_files import is_media
from studio.money import Basis, Cost
from studio.ports.web import Fetcher
from studio.providers.shared.http import MAX_BODY_BYTES

MAX_URL_LENGTH: Final = 4096
"""Longest URL that is saved for a later fetch."""

_ACCEPT: Final = "image/*, video/*, model/*"
_SECONDS: Final = 120
_MARK: Final = "result"
# The pauses between two fetches; the last one repeats.
_WAITS: Final = (2, 4, 8, 15, 30, 60)
# After this many fetches a result is lost: about four minutes, or about a quarter of an hour while
# the store has an outage.
_MOST_FETCHES: Final = 9
_MOST_IN_OUTAGE: Final = 20
_OUTAGES: Final = frozenset({408, 425, 429})
_REVISED_PROMPT: Final = 900


class FetcherFactory(Protocol):
    """Makes the client that fetches results; most calls need none."""

    def __call__(self) -> Fetcher:
        """Return the client."""
        ...


@dataclass(frozen=True, slots=True)
class Later:
    """A fetch that failed and may succeed after ``wait_seconds``."""

    wait_seconds: int


@dataclass(frozen=True, slots=True)
class Lost:
    """A result that cannot be fetched; ``message`` is one sentence for people."""

    message: str


def fetch(
    fetcher: Fetcher, url: str, fetches: int, seconds: float = _SECONDS
) -> bytes | Later | Lost:
    """Fetch a result once.

    Args:
        fetcher: Guarded client.
        url: URL of the result.
        fetches: How many fetches have failed before.
        seconds: Longest time of the fetch.

    Returns:
        The file, which begins like an image, a video or a 3D model. Later if the fetch is to be
        repeated. Lost if it is of no use to repeat it.
    """
    try:
        fetched = fetcher.get(
            _secure(fetcher, url), max_bytes=MAX_BODY_BYTES, seconds=seconds, accept=_ACCEPT
        )
    except TargetUnreachableError:
        return _later(fetches, _MOST_IN_OUTAGE, "The result's address could not be reached.")
    except TargetRefusedError as error:
        # A store out of order can redirect to a page of its own for a while.
        most = _MOST_FETCHES if error.redirected else 0
        return _later(fetches, most, "The result's address cannot be downloaded from.")
    except TargetTooLargeError:
        return Lost("The result is larger than the studio takes.")
    if not 200 <= fetched.status < 300:
        outage = fetched.status >= 500 or fetched.status in _OUTAGES
        most = _MOST_IN_OUTAGE if outage else _MOST_FETCHES
        return _later(fetches, most, f"The result could not be downloaded (HTTP {fetched.status}).")
    if not is_media(fetched.data):
        return _later(fetches, _MOST_FETCHES, "The result's address holds something else.")
    return fetched.data


def _secure(fetcher: Fetcher, url: str) -> str:
    """Return the URL to call: with https if the studio does not call the host without.

    Raises:
        TargetRefusedError: the URL is refused for another reason.
        TargetUnreachableError: its host cannot be resolved.
    """
    if not url.startswith("http://"):
        return url
    try:
        fetcher.check(url)
    except TargetRefusedError as error:
        if error.reason != "scheme":
            raise
        return f"https://{url.removeprefix('http://')}"
    return url


def _later(fetches: int, most: int, message: str) -> Later | Lost:
    if fetches + 1 >= most:
        return Lost(message)
    return Later(_WAITS[min(fetches, len(_WAITS) - 1)])


@dataclass(frozen=True, slots=True)
class PaidResult:
    """A paid result that waits at a URL; its JSON is the handle of the call.

    Attributes:
        url: URL of the result.
        micros, basis, price_version: Cost of the call.
        call_id: The provider's id of the call.
        seed: Seed that was used.
        revised_prompt: Prompt that the provider used instead.
        fetches: How many fetches have failed.
    """

    url: str
    micros: int | None
    basis: Basis
    price_version: str | None = None
    call_id: str | None = None
    seed: int | None = None
    revised_prompt: str | None = None
    fetches: int = 0

    @classmethod
    def of(
        cls, url: str, cost: Cost, call_id: str | None, seed: int | None, revised: str | None
    ) -> "PaidResult":
        """Return the result of a call; a long revised prompt is cut."""
        return cls(
            url, cost.micros, cost.basis, cost.price_version, call_id, seed,
            revised[:_REVISED_PROMPT] if revised else None,
        )  # fmt: skip

    @classmethod
    def read(cls, handle: str) -> "PaidResult | None":
        """Return the result of a handle, None if the handle is the vendor's own."""
        if not handle.startswith(f'{{"{_MARK}":'):
            return None
        fields: dict[str, Any] = json.loads(handle)[_MARK]
        return cls(**fields)

    @property
    def handle(self) -> str:
        """JSON of the result."""
        return json.dumps({_MARK: asdict(self)}, separators=(",", ":"))

    def fetched(self, fetcher: Fetcher) -> Generated | Pending | Refused:
        """Fetch the result; Pending if the fetch is to be repeated, Refused if it is lost."""
        cost = Cost(self.micros, self.basis, self.price_version)
        found = fetch(fetcher, self.url, self.fetches)
        if isinstance(found, Later):
            return Pending(replace(self, fetches=self.fetches + 1).handle, found.wait_seconds)
        if isinstance(found, Lost):
            return Refused("bad_answer", found.message, cost, self.call_id)
        return Generated(found, cost, self.call_id, self.revised_prompt, self.seed)
