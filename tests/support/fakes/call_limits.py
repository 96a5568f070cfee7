"""The record that all jobs share of a provider's account, in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from studio.domain.routing.breaker import Breaker
from studio.domain.routing.bucket import Bucket
from studio.ports.routing import TokenResult

_BURST = timedelta(seconds=10)


@dataclass
class FakeCallLimitStore:
    """CallLimitStore: the time at which each bucket is full again, as a leaky bucket keeps it."""

    buckets: dict[str, Bucket] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def acquire(self, bucket: str, per_minute: int | None, at: datetime) -> TokenResult:
        found = self.buckets.setdefault(bucket, Bucket())
        rate = timedelta(milliseconds=60_000 // per_minute) if per_minute else timedelta()
        full_at = max(found.full_at or at, at) + rate
        late = full_at - (at + max(_BURST, rate))
        if late > timedelta():
            return TokenResult(ceil(late.total_seconds()), found.breaker)
        if per_minute and found.breaker.opened_at is None:
            self.buckets[bucket] = replace(found, full_at=full_at, per_minute=per_minute)
        return TokenResult(0, found.breaker)

    def pause_until(self, bucket: str, seconds: int, at: datetime) -> None:
        found = self.buckets.get(bucket, Bucket())
        until = at + timedelta(seconds=seconds) + _BURST
        self.buckets[bucket] = replace(found, full_at=max(found.full_at or until, until))

    def swap(self, bucket: str, before: Breaker, after: Breaker, at: datetime) -> Breaker | None:
        with self._lock:
            found = self.buckets.get(bucket, Bucket())
            if found.breaker.version != before.version:
                return found.breaker
            self.buckets[bucket] = replace(found, breaker=after)
            return None

    def read(self, buckets: Collection[str]) -> Mapping[str, Bucket]:
        return {name: self.buckets[name] for name in buckets if name in self.buckets}
