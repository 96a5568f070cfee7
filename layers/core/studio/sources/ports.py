"""What getting a source needs from the outside, as a Protocol."""

from typing import Protocol


class Fetched(Protocol):
    """What an address answered."""

    @property
    def status(self) -> int:
        """HTTP status of the last answer, redirects followed."""
        ...

    @property
    def data(self) -> bytes:
        """The whole body."""
        ...


class Fetcher(Protocol):
    """A guarded client: it calls public addresses only, whatever a name or a redirect says."""

    def check(self, url: str) -> None:
        """Refuse an address that it would not call as things are now.

        Raises:
            TargetRefusedError: the studio does not call it.
            TargetUnreachableError: its host cannot be resolved.
        """
        ...

    def get(self, url: str, *, max_bytes: int, seconds: float, accept: str) -> Fetched:
        """Fetch an address of a stranger's choice.

        Raises:
            TargetRefusedError: the studio does not call it.
            TargetUnreachableError: no answer came; another try may cure it.
            TargetTooLargeError: more than ``max_bytes`` came.
        """
        ...
