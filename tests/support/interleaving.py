"""Runs programs step by step in every order in which their calls of ports can follow each other.

A program runs from its start for each step: what its earlier calls returned is given to it again,
one call more is made, and the next one stops it. So a state of the world can be left and taken up
again without threads.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any, Generic, TypeVar

WorldT = TypeVar("WorldT")
Program = Callable[[Callable[[object], Any]], object]
"""Runs on ports; it passes each port through the function that it is given."""


class Stopped(BaseException):
    """The program has made its one call."""


class _Steps:
    """The calls of a program: those that were made before, and one more."""

    def __init__(self, made: list[Any]) -> None:
        self.made = made
        self._replayed = 0
        self._left = 1

    def port(self, real: object) -> Any:
        """Return a port whose calls are steps."""
        return _Port(real, self)

    def call(self, method: Callable[..., Any], *args: object) -> Any:
        """Return what the call returned before, or make it."""
        if self._replayed < len(self.made):
            self._replayed += 1
            return self.made[self._replayed - 1]
        if not self._left:
            raise Stopped
        self._left -= 1
        self.made.append(method(*args))
        self._replayed += 1
        return self.made[-1]


class _Port:
    def __init__(self, real: object, steps: _Steps) -> None:
        self._real, self._steps = real, steps

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._real, name)
        return lambda *args: self._steps.call(method, *args)


class Interleaving(Generic[WorldT]):
    """All orders of the steps of some programs on one world.

    Attributes:
        programs: Each makes a program for a world.
        most_steps: Of one program; an order in which one makes more is not followed.
    """

    def __init__(self, programs: Sequence[Callable[[WorldT], Program]], most_steps: int) -> None:
        self.programs, self.most_steps = programs, most_steps
        self._seen: set[str] = set()

    def ends(self, world: WorldT) -> Iterator[tuple[WorldT, str]]:
        """Yield each world that orders end in, and one such order as digits of the programs.

        Orders that come to the same world and the same results of calls go on as one.
        """
        self._seen.clear()
        yield from self._from(world, [[] for _ in self.programs], frozenset(), "")

    def _from(
        self, world: WorldT, made: list[list[Any]], done: frozenset[int], order: str
    ) -> Iterator[tuple[WorldT, str]]:
        state = repr((world, made, sorted(done)))
        if state in self._seen:
            return
        self._seen.add(state)
        if len(done) == len(self.programs):
            yield world, order
            return
        for index, program in enumerate(self.programs):
            if index in done:
                continue
            after, steps = deepcopy(world), [list(one) for one in made]
            ended = _advance(program(after), steps[index])
            if ended or len(steps[index]) < self.most_steps:
                now = done | {index} if ended else done
                yield from self._from(after, steps, now, f"{order}{index}")


def _advance(program: Program, made: list[Any]) -> bool:
    """Make the next call of a program; return whether that was its last one."""
    try:
        program(_Steps(made).port)
    except Stopped:
        return False
    return True
