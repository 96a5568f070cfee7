"""The state machines as the infrastructure tests read them: states, ways, and Maps."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.support.template.functions import MACHINES

State = dict[str, Any]

PROCESS_JOB, RUN_BATCH = "process_job", "run_batch"
LAMBDA, NESTED = "arn:aws:states:::lambda:invoke", "arn:aws:states:::states:startExecution.sync:2"


@dataclass(frozen=True, slots=True)
class Scope:
    """States that see each other: the machine itself, or the inside of a Map.

    Attributes:
        machine: Name of the machine's file.
        name: Name of the Map, empty for the machine.
    """

    machine: str
    name: str
    start: str
    states: dict[str, State]


@dataclass(frozen=True, slots=True)
class Task:
    """A state that calls something, and where it stands."""

    machine: str
    name: str
    scope: str
    body: State


def definition_text(machine: str = PROCESS_JOB) -> str:
    """Return a definition as it stands in its file."""
    return (MACHINES / f"{machine}.asl.json").read_text()


@cache
def definition(machine: str = PROCESS_JOB) -> State:
    """Return a parsed definition for the partition of the public regions."""
    parsed: State = json.loads(definition_text(machine).replace("${Partition}", "aws"))
    return parsed


def scopes(machine: str, body: State | None = None, name: str = "") -> Iterator[Scope]:
    """Yield a machine and the inside of each Map."""
    body = body or definition(machine)
    yield Scope(machine, name, body["StartAt"], body["States"])
    for inner, state in body["States"].items():
        if state["Type"] == "Map":
            yield from scopes(machine, state["ItemProcessor"], inner)


def tasks(machine: str | None = None) -> list[Task]:
    """Return every state that calls something, of one machine or of all."""
    return [
        Task(scope.machine, name, scope.name, state)
        for one in ([machine] if machine else (PROCESS_JOB, RUN_BATCH))
        for scope in scopes(one)
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
