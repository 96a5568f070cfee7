"""Port of the functions that another part of the studio runs."""

from collections.abc import Mapping
from typing import Any, Protocol


class FunctionInvoker(Protocol):
    """One function of the stack that another part of the studio runs."""

    def call(self, payload: Mapping[str, object]) -> Mapping[str, Any]:
        """Run the function and return its answer.

        Raises:
            UnavailableError: the function failed or gave no answer.
        """
        ...

    def send(self, payload: Mapping[str, object]) -> None:
        """Queue a run of the function, at least once; the answer is lost.

        A run that keeps failing goes to the dead-letter queue.
        """
        ...
