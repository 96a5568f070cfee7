"""Stages of a model's life: active, about to end or retired. The day decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast

State = Literal["active", "sunset", "retired"]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Stage of a model's life.

    Attributes:
        state: ``active``; ``sunset``: works until its announced end; ``retired``: gone.
        ends: First day (UTC) without the model, None while it is active or where no day is
            announced.
        successor: Model that replaces it, None while it is active.
    """

    state: State
    ends: date | None = None
    successor: str | None = None

    def on(self, day: date) -> "Lifecycle":
        """Return the lifecycle on a day: from the day of its end on, a model is retired."""
        if self.state == "retired" or self.ends is None:
            return self
        return replace(self, state="retired" if day >= self.ends else "sunset")


@dataclass(frozen=True, slots=True)
class RetiredModel:
    """A retired model, whose name now means its successor."""

    id: str
    title: str
    lifecycle: Lifecycle

    @property
    def end(self) -> str:
        """Name and day of its end, as the start of a sentence."""
        return f"{self.id} ended on {self.lifecycle.ends}"


def living(name: str, retired: Mapping[str, RetiredModel]) -> str:
    """Return a model's name, or the end of its chain of successors if it is retired."""
    while name in retired:
        name = str(retired[name].lifecycle.successor)
    return name


def with_living(lifecycle: Lifecycle, retired: Mapping[str, RetiredModel]) -> Lifecycle:
    """Return a lifecycle whose successor is not retired itself."""
    if lifecycle.successor is None:
        return lifecycle
    return replace(lifecycle, successor=living(lifecycle.successor, retired))


def lifecycle_of(document: dict[str, str]) -> Lifecycle:
    """Return the lifecycle of a catalogue file's entry."""
    ends = document.get("date")
    state = cast("State", document["state"])
    return Lifecycle(state, date.fromisoformat(ends) if ends else None, document.get("successor"))
