"""Everything around the stores in memory: time, bytes, buckets, executions, events, accounts."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from studio.domain.provider_calls.model import Credentials
from studio.errors import CredentialsMissingError, NotFoundError, UnavailableError
from studio.ports.jobs import ExecutionState

Payload = dict[str, Any]
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """A time that moves only when a test moves it."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes at a key."""

    data: bytes
    metadata: Mapping[str, str]
    media_type: str = "application/octet-stream"


@dataclass
class FakeBlobStore:
    """BlobStore."""

    blobs: dict[str, Blob] = field(default_factory=dict)

    def put_if_absent(self, key: str, data: bytes, metadata: Mapping[str, str]) -> bool:
        if key in self.blobs:
            return False
        self.blobs[key] = Blob(data, dict(metadata))
        return True

    def metadata(self, key: str) -> Mapping[str, str] | None:
        return self.blobs[key].metadata if key in self.blobs else None

    def read(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        if key not in self.blobs:
            raise NotFoundError(key)
        return self.blobs[key].data, self.blobs[key].metadata

    def part(self, key: str, at: int, size: int) -> bytes:
        data, _ = self.read(key)
        return data[at : at + size]

    def find(self, prefix: str) -> str | None:
        return next((key for key in sorted(self.blobs) if key.startswith(prefix)), None)

    def write(self, key: str, data: bytes, media_type: str) -> None:
        self.blobs[key] = Blob(data, {}, media_type)

    def copy(self, source: str, target: str) -> None:
        if source not in self.blobs:
            raise NotFoundError(source)
        self.blobs[target] = self.blobs[source]

    def url(self, key: str, *, seconds: int, download_name: str | None = None) -> str:
        name = "" if download_name is None else f"&name={download_name}"
        return f"https://blobs.test/{key}?seconds={seconds}{name}"


@dataclass(frozen=True, slots=True)
class Started:
    """An execution that was asked for."""

    tenant: str
    job_id: str
    run: int


@dataclass
class FakeWorkflow:
    """Workflow: remembers who is to run; ``ended`` names those that are over."""

    executions: dict[str, Started] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    available: bool = True

    def start(self, name: str, *, tenant: str, job_id: str, run: int) -> None:
        if not self.available:
            raise UnavailableError(name)
        self.executions.setdefault(name, Started(tenant, job_id, run))

    def state(self, name: str) -> ExecutionState:
        if name not in self.executions:
            return "absent"
        return "ended" if name in self.ended else "running"

    def running(self) -> list[str]:
        return [name for name in self.executions if name not in self.ended]


@dataclass
class FakeFunctionInvoker:
    """FunctionInvoker: runs ``function`` at once for ``call``, in ``work`` for ``send``.

    Attributes:
        sent: Payloads that wait for their run.
        dead: Payloads that failed three times.
    """

    function: Callable[..., object] = lambda **_: {}
    sent: list[Payload] = field(default_factory=list)
    dead: list[Payload] = field(default_factory=list)
    available: bool = True

    def call(self, payload: Mapping[str, object]) -> Payload:
        if not self.available:
            raise UnavailableError("no answer came")
        answer: Payload = json.loads(json.dumps(self.function(**_over_the_wire(payload))))
        return answer

    def send(self, payload: Mapping[str, object]) -> None:
        self.sent.append(_over_the_wire(payload))

    def work(self) -> None:
        """Run what was sent, as Lambda does: a run that fails is repeated twice."""
        while self.sent:
            payload = self.sent[0]
            if not any(self._succeeds(payload) for _ in range(3)):
                self.dead.append(payload)
            self.sent.pop(0)

    def _succeeds(self, payload: Payload) -> bool:
        try:
            self.function(**payload)
        except Exception:  # noqa: BLE001 - Lambda repeats a run whatever its error is
            return False
        return True


def _over_the_wire(payload: Mapping[str, object]) -> Payload:
    """Return a payload as the function reads it."""
    document: Payload = json.loads(json.dumps(payload))
    return document


@dataclass(frozen=True, slots=True)
class Announced:
    """An event that went out."""

    type: str
    id: str
    detail: Mapping[str, object]


@dataclass
class FakeEventSink:
    """EventSink."""

    events: list[Announced] = field(default_factory=list)

    def emit(self, event_type: str, event_id: str, detail: Mapping[str, object]) -> None:
        self.events.append(Announced(event_type, event_id, dict(detail)))


@dataclass
class BusyBus:
    """An event bus that takes nothing the first time."""

    bus: FakeEventSink
    refused: bool = False

    def emit(self, event_type: str, event_id: str, detail: Mapping[str, object]) -> None:
        if not self.refused:
            self.refused = True
            raise RuntimeError("the bus is busy")
        self.bus.emit(event_type, event_id, detail)


@dataclass
class FakeCredentialStore:
    """CredentialStore: accounts by provider and name, ``default`` for the stack."""

    accounts: dict[tuple[str, str], Credentials] = field(default_factory=dict)
    keyless: frozenset[str] = frozenset()

    def get(self, provider: str, tenant: str) -> Credentials:
        return self.accounts.get((provider, self._name(provider, tenant)), Credentials(""))

    def account(self, provider: str, tenant: str) -> str:
        return f"{provider}/{self._name(provider, tenant)}"

    def _name(self, provider: str, tenant: str) -> str:
        for name in (f"tenants/{tenant}", "default"):
            if (provider, name) in self.accounts:
                return name
        if provider in self.keyless:
            return "role"
        raise CredentialsMissingError(provider)


@dataclass(frozen=True, slots=True)
class FakeKeyRegister:
    """KeyRegister: every provider has a key, except those that ``without`` names.

    ``off`` are those that the tenant has switched off.
    """

    without: Collection[str]
    off: Collection[str] = ()

    def missing(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
        return frozenset(self.without).intersection(providers)

    def disabled(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
        return frozenset(self.off).intersection(providers)


@dataclass
class FakeSweepCursor:
    """SweepCursor in memory."""

    after: tuple[str, str] | None = None

    def read(self) -> tuple[str, str] | None:
        return self.after

    def write(self, after: tuple[str, str] | None) -> None:
        self.after = after
