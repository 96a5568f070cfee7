"""The metadata of a paid call, which one write stores together with its bytes.

A crash after that write loses nothing. The next try reads bytes and metadata back and does not
call the provider again. S3 keeps at most 2 KB of ASCII metadata, hence the coding.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.money import UNKNOWN, Cost

if TYPE_CHECKING:
    from studio.domain.provider_calls.model import Generated

_REVISED_PROMPT_BYTES = 900
_NOTE_BYTES = 300
_SEEDS = 2**64


@dataclass(frozen=True, slots=True)
class StagedResult:
    """The metadata of a paid call, without the result's bytes.

    ``duration_ms`` is the time from the start of the call until its result was there.
    """

    cost: Cost
    provider_request_id: str | None = None
    revised_prompt: str | None = None
    seed: int | None = None
    duration_ms: int | None = None
    note: str | None = None

    @classmethod
    def of(cls, answer: "Generated", duration_ms: int | None = None) -> "StagedResult":
        """Return the metadata of a provider's answer.

        A seed that does not fit into 64 bits is dropped. Neither S3 nor DynamoDB can store it,
        and the failed write would lose the paid bytes.
        """
        seed = answer.seed if answer.seed is not None and 0 <= answer.seed < _SEEDS else None
        return cls(
            answer.cost,
            answer.provider_request_id,
            answer.revised_prompt,
            seed,
            duration_ms,
            answer.note,
        )

    def to_metadata(self) -> dict[str, str]:
        """Return the metadata as ASCII strings; a long revised prompt is cut."""
        metadata: dict[str, str] = {"cost-basis": self.cost.basis}
        if self.cost.micros is not None:
            metadata["cost-micros"] = str(self.cost.micros)
        if self.cost.price_version:
            metadata["price-version"] = self.cost.price_version
        if self.provider_request_id:
            metadata["provider-request-id"] = self.provider_request_id[:200]
        if self.seed is not None:
            metadata["seed"] = str(self.seed)
        if self.duration_ms is not None:
            metadata["duration-ms"] = str(self.duration_ms)
        if self.note:
            metadata["note"] = self.note.encode("ascii", "replace").decode()[:_NOTE_BYTES]
        if self.revised_prompt:
            cut = self.revised_prompt.encode()[:_REVISED_PROMPT_BYTES]
            metadata["revised-prompt"] = b64encode(cut).decode()
        return metadata

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str]) -> "StagedResult":
        """Return the metadata that ``to_metadata`` coded."""
        micros = metadata.get("cost-micros")
        revised = metadata.get("revised-prompt")
        seed, duration = metadata.get("seed"), metadata.get("duration-ms")
        return cls(
            cost=_cost(
                metadata.get("cost-basis", "unknown"), micros, metadata.get("price-version")
            ),
            provider_request_id=metadata.get("provider-request-id"),
            revised_prompt=b64decode(revised).decode(errors="ignore") if revised else None,
            seed=int(seed) if seed else None,
            duration_ms=int(duration) if duration else None,
            note=metadata.get("note"),
        )


def _cost(basis: str, micros: str | None, price_version: str | None) -> Cost:
    if micros is None:
        return UNKNOWN
    return Cost(int(micros), "reported" if basis == "reported" else "priced", price_version)
