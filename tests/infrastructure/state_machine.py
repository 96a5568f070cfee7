"""``process_job.asl.json`` as the infrastructure tests read it: states, ways, and the Map."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.infrastructure.template import DEFINITION

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """States that see each other: the machine itself, or the inside of a Map.

    Attributes:
        name: Name of the Map, empty for the machine.
    """

    name: str
    start: str
    states: dict[str, State]


@dataclass(frozen=True, slots=True)
class Task:
    """A state that calls a function, and where it stands."""

    name: str
    scope: str
    body: State


def definition_text() -> str:
    """Return the definition as it stands in the file."""
    return DEFINITION.read_text()


@cache
def definition() -> State:
    """Return the parsed definition."""
    parsed: State = json.loads(definition_text())
    return parsed


def scopes(machine: State | None = None, name: str = "") -> Iterator[Scope]:
    """Yield the machine and the inside of each Map."""
    body = definition() if machine is None else machine
    yield Scope(name, body["StartAt"], body["States"])
    for inner, state in body["States"].items():
        if state["Type"] == "Map":
            yield from scopes(state["ItemProcessor"], inner)


def tasks() -> list[Task]:
    """Return every state that calls a function."""
    return [
        Task(name, scope.name, state)
        for scope in scopes()
        for name, state in scope.states.items()
        if state["Type"] == "Task"
    ]


def targets(state: State) -> set[str]:
    """Return the states that a state can go to."""
    found = {state[key] for key in ("Next", "Default") if key in state}
    found |= {choice["Next"] for choice in state.get("Choices", [])}
    return found | {catcher["Next"] for catcher in state.get("Catch", [])}


def bounded_by_round(choice: State) -> int | None:
    """Return the number of wait rounds that a choice allows, None if it does not count them."""
    for condition in choice.get("And", []):
        if condition.get("Variable") == "$.step.round":
            limit: int = condition["NumericLessThanEquals"]
            return limit
    return None
