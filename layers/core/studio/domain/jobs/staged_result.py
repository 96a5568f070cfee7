"""The facts of a paid call, stored in the same write as its result.

After a crash, the next try reads result and facts back and does not call the provider again.
They are S3 metadata: at most 2 KB of ASCII text.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from studio.domain.provider_calls.model import Generated
from studio.money import UNKNOWN, Cost

_REVISED_PROMPT_BYTES = 900
_SEEDS = 2**64


@dataclass(frozen=True, slots=True)
class StagedResult:
    """The facts of a paid call, without the result's bytes."""

    cost: Cost
    provider_request_id: str | None = None
    revised_prompt: str | None = None
    seed: int | None = None

    @classmethod
    def of(cls, answer: Generated) -> "StagedResult":
        """Return the facts of a provider's answer.

        A seed outside 64 bits is left out: neither S3 nor DynamoDB could store it, and the write of
        the paid result would fail.
        """
        seed = answer.seed if answer.seed is not None and 0 <= answer.seed < _SEEDS else None
        return cls(answer.cost, answer.provider_request_id, answer.revised_prompt, seed)

    def to_facts(self) -> dict[str, str]:
        """Return the facts as ASCII text; a long revised prompt is cut."""
        facts: dict[str, str] = {"cost-basis": self.cost.basis}
        if self.cost.micros is not None:
            facts["cost-micros"] = str(self.cost.micros)
        if self.cost.price_version:
            facts["price-version"] = self.cost.price_version
        if self.provider_request_id:
            facts["provider-request-id"] = self.provider_request_id[:200]
        if self.seed is not None:
            facts["seed"] = str(self.seed)
        if self.revised_prompt:
            cut = self.revised_prompt.encode()[:_REVISED_PROMPT_BYTES]
            facts["revised-prompt"] = b64encode(cut).decode()
        return facts

    @classmethod
    def from_facts(cls, facts: Mapping[str, str]) -> "StagedResult":
        """Return the facts that ``to_facts`` coded."""
        micros = facts.get("cost-micros")
        revised = facts.get("revised-prompt")
        seed = facts.get("seed")
        return cls(
            cost=_cost(facts.get("cost-basis", "unknown"), micros, facts.get("price-version")),
            provider_request_id=facts.get("provider-request-id"),
            revised_prompt=b64decode(revised).decode(errors="ignore") if revised else None,
            seed=int(seed) if seed else None,
        )


def _cost(basis: str, micros: str | None, price_version: str | None) -> Cost:
    if micros is None:
        return UNKNOWN
    return Cost(int(micros), "reported" if basis == "reported" else "priced", price_version)
