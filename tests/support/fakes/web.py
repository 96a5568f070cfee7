"""The web in memory: what a guarded client would get from each address."""

from collections import deque
from dataclasses import dataclass, field

from studio.errors import TargetTooLargeError
from studio.ports.web import Fetched


@dataclass(frozen=True, slots=True)
class Page:
    """Response of an address."""

    data: bytes
    status: int = 200


@dataclass
class FakeWeb:
    """Fetcher.

    Attributes:
        pages: Answers by address, one after another; the last one stays. An exception is raised.
        fetched: The addresses that were asked, in order.
    """

    pages: dict[str, deque[Page | Exception]] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    def put(self, url: str, *answers: Page | Exception) -> None:
        """Let an address answer."""
        self.pages[url] = deque(answers)

    def check(self, url: str) -> None:
        """Let every address be called."""

    def get(self, url: str, *, max_bytes: int, seconds: float, accept: str) -> Fetched:
        self.fetched.append(url)
        answers = self.pages[url]
        answer = answers.popleft() if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        if len(answer.data) > max_bytes:
            raise TargetTooLargeError(f"more than {max_bytes} bytes")
        return Fetched(answer.status, "", answer.data, url)
