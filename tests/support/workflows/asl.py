"""An interpreter of the states that ``process_job.asl.json`` uses, on virtual time.

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
    """A state failed that nothing catches."""


def definition() -> State:
    """Return the machine as it is deployed."""
    text = (ROOT / "statemachines" / "process_job.asl.json").read_text()
    machine: State = json.loads(text)
    return machine


@dataclass
class Interpreter:
    """Runs one machine; ``visited`` collects the names of the states that were entered."""

    machine: State
    visited: set[str]

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
            except ExecutionFailedError:
                catcher = next(iter(state.get("Catch", [])), None)
                if catcher is None:
                    raise
                assert catcher["ErrorEquals"] == ["States.ALL"], "this interpreter knows no other"
                document = _placed(catcher["ResultPath"], document, {"Error": "States.TaskFailed"})
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
            return _output(state, document), following
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
        parameters = _template(state["Parameters"], document, context)
        function = parameters["FunctionName"].removeprefix("${").removesuffix("FunctionArn}")
        (retrier,) = state["Retry"]
        assert "States.TaskFailed" in retrier["ErrorEquals"]
        for attempt in range(retrier["MaxAttempts"] + 1):
            try:
                answer = yield Invoke(function, parameters["Payload"])
                return {"Payload": json.loads(json.dumps(answer))}
            except Exception as error:
                if attempt == retrier["MaxAttempts"]:
                    raise ExecutionFailedError(function) from error
            delay = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** attempt
            yield Sleep(min(delay, retrier["MaxDelaySeconds"]))
        raise AssertionError("unreachable")

    def _each(
        self, state: State, document: Document, context: Document
    ) -> Generator[Command, Any, list[Any]]:
        assert state["MaxConcurrency"] == 1, "this interpreter runs one image at a time"
        results = []
        for value in _read(state["ItemsPath"], document):
            inner = {**context, "Map": {"Item": {"Value": value}}}
            selected = _template(state["ItemSelector"], document, inner)
            results.append((yield from self._run(state["ItemProcessor"], selected, inner)))
        return results


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
