"""Everything around the stores in memory: time, bytes, buckets, executions, events, accounts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from studio.domain.provider_calls.model import Credentials
from studio.errors import CredentialsMissingError, NotFoundError, WorkflowUnavailableError
from studio.ports.jobs import ExecutionState

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
    facts: Mapping[str, str]
    media_type: str = "application/octet-stream"


@dataclass
class FakeBlobStore:
    """BlobStore."""

    blobs: dict[str, Blob] = field(default_factory=dict)

    def park(self, key: str, data: bytes, facts: Mapping[str, str]) -> bool:
        if key in self.blobs:
            return False
        self.blobs[key] = Blob(data, dict(facts))
        return True

    def facts(self, key: str) -> Mapping[str, str] | None:
        return self.blobs[key].facts if key in self.blobs else None

    def read(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        if key not in self.blobs:
            raise NotFoundError(key)
        return self.blobs[key].data, self.blobs[key].facts

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
            raise WorkflowUnavailableError(name)
        self.executions.setdefault(name, Started(tenant, job_id, run))

    def state(self, name: str) -> ExecutionState:
        if name not in self.executions:
            return "absent"
        return "ended" if name in self.ended else "running"

    def running(self) -> list[str]:
        return [name for name in self.executions if name not in self.ended]


@dataclass
class FakeRunEnder:
    """RunEnder: what it was asked for, and what was not done after three tries."""

    finish: Callable[[str, str, int], object]
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    dead: list[tuple[str, str, int]] = field(default_factory=list)

    def end(self, tenant: str, owner_id: str, run: int) -> None:
        self.asked.append((tenant, owner_id, run))

    def work(self) -> None:
        """Do what was asked for, as Lambda does it: a call that fails is tried twice more."""
        while self.asked:
            call = self.asked[0]
            if not any(self._succeeds(call) for _ in range(3)):
                self.dead.append(call)
            self.asked.pop(0)

    def _succeeds(self, call: tuple[str, str, int]) -> bool:
        try:
            self.finish(*call)
        except Exception:  # noqa: BLE001 - whatever it is, Lambda tries again
            return False
        return True


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
    """CredentialStore and KeyRegister: accounts by provider and name, ``default`` for the stack."""

    accounts: dict[tuple[str, str], Credentials] = field(default_factory=dict)
    keyless: frozenset[str] = frozenset()

    def get(self, provider: str, tenant: str) -> Credentials:
        return self.accounts.get((provider, self._name(provider, tenant)), Credentials(""))

    def account(self, provider: str, tenant: str) -> str:
        return f"{provider}/{self._name(provider, tenant)}"

    def missing(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
        names = (f"tenants/{tenant}", "default")
        return frozenset(
            provider
            for provider in providers
            if not any((provider, name) in self.accounts for name in names)
        )

    def _name(self, provider: str, tenant: str) -> str:
        for name in (f"tenants/{tenant}", "default"):
            if (provider, name) in self.accounts:
                return name
        if provider in self.keyless:
            return "role"
        raise CredentialsMissingError(provider)
