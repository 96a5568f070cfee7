"""Numbers every side effect of a run, and lets one of them go wrong."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, cast

from studio.domain.provider_calls.model import OutcomeUnknown
from studio.errors import UnavailableError
from studio.ports.blobs import BlobStore
from studio.ports.events import EventSink
from studio.ports.jobs import JobStore, Workflow
from studio.ports.provider import Provider
from studio.ports.routing import CallLimitStore
from studio.ports.web import Fetcher
from tests.support.fakes.provider import FakeProviders
from tests.support.workflows.asl import ExecutionDied
from tests.support.workflows.jobs import Studio

When = Literal["before", "after", "lost reply"]
Severity = Literal["step", "all tries", "all tries and FailImage", "execution", "silent execution"]

# A step is tried five times by the state machine.
_TIMES: dict[Severity, int] = {"all tries": 5, "all tries and FailImage": 10}

_EFFECTS = {
    "jobs": {
        "create", "start", "begin_attempt", "enter_stage", "requeue", "note_wait",
        "save_provider_handle",
        "switch_provider",
        "finish_item", "cancel", "redrive", "finish",
    },
    "blobs": {"put_if_absent", "write", "copy"},
    "call_limits": {"acquire", "pause_until", "swap"},
    "provider": {"submit", "poll", "look_up"},
    "events": {"emit"},
    "workflow": {"start"},
    "fetcher": {"get"},
}  # fmt: skip


class StepCrashedError(Exception):
    """The function that runs now dies; the state machine sees its error."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One effect that goes wrong.

    Attributes:
        effect: Its name, as ``Effects.seen`` lists it.
        when: ``lost reply``: the effect happens and its caller is told that it failed.
        severity: How much dies with it: one try of the step, all its tries (then the image goes
            to FailImage), those of FailImage too, or the execution. The death of a silent
            execution raises no event.
    """

    effect: str
    when: When
    severity: Severity = "step"

    def __str__(self) -> str:
        return f"{self.severity} dies {self.when} {self.effect}"

    @property
    def times(self) -> int:
        """Number of effects of this name in a row that go wrong."""
        return _TIMES.get(self.severity, 1)

    @property
    def name(self) -> str:
        """The effect without its number."""
        return name_of(self.effect)


def name_of(effect: str) -> str:
    """Return an effect without its number."""
    return effect.rpartition(" #")[0]


@dataclass
class Effects:
    """A recorder around the ports of a studio.

    Attributes:
        seen: Names of the effects in the order in which they were tried.
        steps: The function that was delivered last when an effect was first tried.
        intruder: Called once, right before the effect ``intrude_at``.
        struck: How often something went wrong or came between.
    """

    fault: Fault | None = None
    intrude_at: str | None = None
    intruder: Callable[[], None] = lambda: None
    seen: list[str] = field(default_factory=list)
    steps: dict[str, str] = field(default_factory=dict)
    struck: int = 0
    _counts: Counter[str] = field(default_factory=Counter)
    _delivered: Sequence[tuple[str, object]] = ()

    def record(self, studio: Studio) -> None:
        """Put the recorder between a studio's services and its ports."""
        raw = studio.raw
        self._delivered = studio.delivered
        provider = cast("Provider", Recorded(self, "provider", studio.provider))
        studio.ports = replace(
            raw,
            jobs=cast("JobStore", Recorded(self, "jobs", raw.jobs)),
            blobs=cast("BlobStore", Recorded(self, "blobs", raw.blobs)),
            call_limits=cast("CallLimitStore", Recorded(self, "call_limits", raw.call_limits)),
            events=cast("EventSink", Recorded(self, "events", raw.events)),
            workflow=cast("Workflow", Recorded(self, "workflow", raw.workflow)),
            providers=FakeProviders(provider),
            fetcher=cast("Fetcher", Recorded(self, "fetcher", raw.fetcher)),
        )

    def perform(self, name: str, act: Callable[[], object]) -> object:
        """Let an effect happen, or go wrong where the fault says so."""
        self._counts[name] += 1
        effect = f"{name} #{self._counts[name]}"
        self.seen.append(effect)
        self.steps[effect] = self._delivered[-1][0] if self._delivered else "CreateJob"
        if effect == self.intrude_at and not self.struck:
            self.struck += 1
            self.intruder()
        if self.fault is None or not self._strikes(name, effect):
            return act()
        self.struck += 1
        if self.fault.when == "before":
            raise self._crash()
        act()
        if self.fault.when == "after":
            raise self._crash()
        if name == "provider.submit":
            return OutcomeUnknown("no answer came")
        if name == "workflow.start":
            raise UnavailableError("no answer came")
        raise ConnectionError("no answer came")

    def _strikes(self, name: str, effect: str) -> bool:
        if self.fault is None or self.struck >= self.fault.times:
            return False
        return effect == self.fault.effect or (self.struck > 0 and name == self.fault.name)

    def _crash(self) -> BaseException:
        if self.fault is None or "execution" in self.fault.severity:
            return ExecutionDied()
        return StepCrashedError(self.fault.effect)


class Recorded:
    """A port whose effects are recorded; everything else passes through."""

    def __init__(self, effects: Effects, name: str, port: object) -> None:
        missing = {method for method in _EFFECTS[name] if not hasattr(port, method)}
        assert not missing, f"{name} has no {missing}"
        self._effects = effects
        self._name = name
        self._port = port

    def __getattr__(self, method: str) -> object:
        member = getattr(self._port, method)
        if method not in _EFFECTS[self._name]:
            return member
        return partial(self._call, method, member)

    def _call(
        self, method: str, member: Callable[..., object], *args: object, **named: object
    ) -> object:
        name = f"{self._name}.{method}"
        if name in ("blobs.write", "blobs.copy"):
            # Two threads do these at once: their place in the order is not theirs, the file is.
            name += f" {str(args[-1 if method == 'copy' else 0]).rpartition('/')[2]}"
        return self._effects.perform(name, partial(member, *args, **named))
