"""What is known of a paid call, kept in the same write as its bytes.

A crash after that write loses nothing: the next try reads bytes and facts back and does not
call the provider again. S3 keeps at most 2 KB of ASCII facts, hence the coding.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.money import UNKNOWN, Cost

if TYPE_CHECKING:
    from studio.domain.provider_calls.model import Generated

_REVISED_PROMPT_BYTES = 900
_SEEDS = 2**64


@dataclass(frozen=True, slots=True)
class StagedResult:
    """The facts of a paid call besides its bytes."""

    cost: Cost
    provider_request_id: str | None = None
    revised_prompt: str | None = None
    seed: int | None = None

    @classmethod
    def of(cls, answer: "Generated") -> "StagedResult":
        """Take the facts from a provider's answer.

        A seed that is no number of 64 bits is none: neither S3 nor DynamoDB could keep it, and
        the paid bytes would be lost with it.
        """
        seed = answer.seed if answer.seed is not None and 0 <= answer.seed < _SEEDS else None
        return cls(answer.cost, answer.provider_request_id, answer.revised_prompt, seed)

    def to_facts(self) -> dict[str, str]:
        """Code as ASCII strings; a revised prompt is cut to what fits."""
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
        """Read what ``to_facts`` wrote."""
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
