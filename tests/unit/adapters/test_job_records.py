"""How an order is coded in the table."""

from studio.adapters.dynamodb.job_records import spec_text
from studio.domain.routing.fallback import substitute_of
from tests.support.builders import a_spec


def test_what_a_substitute_has_of_the_order_is_not_written_again() -> None:
    spec = a_spec(negative_prompt="rain" * 1_000)
    heirs = (substitute_of(a_spec(provider="runware", negative_prompt="rain" * 1_000)),) * 2
    plain, longer = (
        spec_text(spec),
        spec_text(a_spec(negative_prompt="rain" * 1_000, substitutes=heirs)),
    )
    assert len(longer) - len(plain) < 100
