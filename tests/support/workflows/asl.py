"""An interpreter of the states that the state machines use, on virtual time.

It is a generator: it yields what it wants done, a call of a function or a wait, and is sent the
function's answer or thrown its error. Who drives it decides what goes wrong in between.
"""

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.mock_aws.stack import ROOT

Document = dict[str, Any]
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Invoke:
    """A call of a function, named like its state."""

    function: str
    payload: Document


@dataclass(frozen=True, slots=True)
class Sleep:
    """A wait of so many seconds, asked for by the machine or by a retry."""

    seconds: float


Command = Invoke | Sleep
Steps = Generator[Command, Any, Document]


class ExecutionDied(BaseException):
    """The function and the execution that called it are gone."""


class ExecutionFailedError(Exception):
    """A state failed that nothing catches; ``error`` is the error's name."""

    def __init__(self, message: str, error: str = "States.Runtime") -> None:
        super().__init__(message)
        self.error = error


class StateError(Exception):
    """A call failed with an error of the runtime, such as ``Lambda.Unknown``."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def definition(name: str = "process_job") -> State:
    """Return a machine as it is deployed."""
    text = (ROOT / "statemachines" / f"{name}.asl.json").read_text()
    machine: State = json.loads(text)
    return machine


@dataclass
class Interpreter:
    """Runs one machine, and the passes through a Map one after another.

    Attributes:
        visited: Names of the states that were entered.
        lines: Returns the items of a JSON Lines file by its key.
    """

    machine: State
    visited: set[str]
    lines: Callable[[str], list[Document]] = lambda _: []

    def run(self, document: Document) -> Steps:
        """Run an execution from its input to its output."""
        return self._run(self.machine, document, {})

    def _run(self, scope: State, document: Document, context: Document) -> Steps:
        name: str | None = scope["StartAt"]
        while name is not None:
            self.visited.add(name)
            state = scope["States"][name]
            try:
                document, name = yield from self._enter(state, document, context)
            except ExecutionFailedError as failure:
                catcher = next(iter(state.get("Catch", [])), None)
                if catcher is None:
                    raise
                assert catcher["ErrorEquals"] == ["States.ALL"], "this interpreter knows no other"
                document = _placed(catcher["ResultPath"], document, {"Error": failure.error})
                name = catcher["Next"]
        return document

    def _enter(
        self, state: State, document: Document, context: Document
    ) -> Generator[Command, Any, tuple[Any, str | None]]:
        """Do what a state does; return its output and the next state's name, None at the end."""
        result: Any
        kind = state["Type"]
        following = state.get("Next")
        if kind == "Choice":
            chosen = (rule["Next"] for rule in state["Choices"] if _holds(rule, document))
            return document, next(chosen, state["Default"])
        if kind == "Wait":
            seconds = _read(state["SecondsPath"], document)
            if not isinstance(seconds, int) or seconds < 0:
                raise ExecutionFailedError(f"cannot wait {seconds!r} seconds")
            yield Sleep(seconds)
            return document, following
        if kind == "Pass":
            return state.get("Result", _output(state, document)), following
        if kind == "Task":
            result = yield from self._call(state, document, context)
        elif kind == "Map":
            result = yield from self._each(state, document, context)
        else:
            raise NotImplementedError(kind)
        if "ResultSelector" in state:
            result = _template(state["ResultSelector"], result, context)
        document = _placed(state.get("ResultPath", "$"), document, result)
        return _output(state, document), following

    def _call(
        self, state: State, document: Document, context: Document
    ) -> Generator[Command, Any, Document]:
        called, payload = _called(_template(state["Parameters"], document, context))
        # The first retrier that names the error decides, and each counts its own tries.
        tries = [0] * len(state["Retry"])
        while True:
            try:
                answer = yield Invoke(called, payload)
                return {"Payload": json.loads(json.dumps(answer))}
            except Exception as error:
                name = error.error if isinstance(error, StateError) else type(error).__name__
                matching = (n for n, one in enumerate(state["Retry"]) if _matches(one, name))
                index = next(matching, None)
                if index is None or tries[index] == state["Retry"][index]["MaxAttempts"]:
                    raise ExecutionFailedError(called, name) from error
            retrier = state["Retry"][index]
            delay = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** tries[index]
            tries[index] += 1
            yield Sleep(min(delay, retrier["MaxDelaySeconds"]))

    def _each(
        self, state: State, document: Document, context: Document
    ) -> Generator[Command, Any, list[Any]]:
        results = []
        for value in self._items(state, document, context):
            inner = {**context, "Map": {"Item": {"Value": value}}}
            selected = _template(state["ItemSelector"], document, inner)
            try:
                results.append((yield from self._run(state["ItemProcessor"], selected, inner)))
            except ExecutionFailedError:
                if state.get("ToleratedFailurePercentage") != 100:
                    raise
        return results

    def _items(self, state: State, document: Document, context: Document) -> list[Any]:
        if "ItemReader" in state:
            return self.lines(
                _template(state["ItemReader"]["Parameters"], document, context)["Key"]
            )
        items: list[Any] = _read(state["ItemsPath"], document)
        return items


def drive(
    steps: Steps,
    invoke: Callable[[str, Document], object],
    sleep: Callable[[float], None],
) -> Document:
    """Run an execution to its end.

    Raises:
        ExecutionFailedError: it failed. An error that is no ``Exception`` passes through: it
            kills the execution where it stands.
    """
    try:
        command = next(steps)
        while True:
            command = obey(steps, command, invoke, sleep)
    except StopIteration as end:
        output: Document = end.value
        return output


def obey(
    steps: Steps,
    command: Command,
    invoke: Callable[[str, Document], object],
    sleep: Callable[[float], None],
) -> Command:
    """Do what an execution wants and return what it wants next.

    Raises:
        StopIteration: the execution is over.
        ExecutionFailedError: it failed.
    """
    if isinstance(command, Sleep):
        sleep(command.seconds)
        return steps.send(None)
    try:
        answer = invoke(command.function, command.payload)
    except Exception as error:  # noqa: BLE001 - handed to the machine, as the runtime does
        return steps.throw(error)
    return steps.send(answer)


def _called(parameters: Document) -> tuple[str, Document]:
    """Return the function or the nested machine that a task calls, and what it is given."""
    if "FunctionName" in parameters:
        name = parameters["FunctionName"].removeprefix("${").removesuffix("FunctionArn}")
        return name, parameters["Payload"]
    name = parameters["StateMachineArn"].removeprefix("${").removesuffix("StateMachineArn}")
    return name, {"Name": parameters["Name"], "Input": parameters["Input"]}


def _matches(retrier: State, error: str) -> bool:
    """Tell whether a retrier names an error; ``States.TaskFailed`` is any but a time-out."""
    named = retrier["ErrorEquals"]
    return error in named or ("States.TaskFailed" in named and error != "States.Timeout")


def _output(state: State, document: Any) -> Any:
    return _read(state.get("OutputPath", "$"), document)


def _placed(path: str | None, document: Document, result: object) -> Any:
    if path is None:
        return document
    if path == "$":
        return result
    return {**document, path.removeprefix("$."): result}


def _template(template: Any, document: Document, context: Document) -> Any:
    if not isinstance(template, Mapping):
        return template
    made = {}
    for key, value in template.items():
        if not key.endswith(".$"):
            made[key] = _template(value, document, context)
        elif value.startswith("$$."):
            made[key.removesuffix(".$")] = _read(value[1:], context)
        else:
            made[key.removesuffix(".$")] = _read(value, document)
    return made


def _read(path: str, document: Any) -> Any:
    for member in path.split(".")[1:]:
        document = document[member]
    return document


def _holds(rule: State, document: Document) -> bool:
    if "And" in rule:
        return all(_holds(part, document) for part in rule["And"])
    if "Or" in rule:
        return any(_holds(part, document) for part in rule["Or"])
    value = _read(rule["Variable"], document)
    if "StringEquals" in rule:
        return bool(value == rule["StringEquals"])
    return bool(value <= rule["NumericLessThanEquals"])
