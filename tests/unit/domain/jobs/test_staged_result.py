"""What is kept with a paid call's bytes, and where bytes lie."""

import pytest

from studio.domain.assets.model import asset_key, raw_key, rendered_key
from studio.domain.jobs.staged_result import StagedResult
from studio.domain.provider_calls.model import Generated
from studio.money import UNKNOWN, Cost


@pytest.mark.parametrize(
    "call",
    [
        StagedResult(Cost(30_000, "priced", "prices-1"), "req-1", "a fox, by night", 0),
        StagedResult(Cost(0, "reported")),
        StagedResult(UNKNOWN, "req-2"),
        StagedResult(Cost(0, "priced", "v"), note="The outline is not clear"),
        StagedResult(Cost(1, "priced", "v"), None, "Füchse im Schnee 🦊", 2**31),
    ],
)
def test_the_facts_of_a_call_survive_being_staged(call: StagedResult) -> None:
    metadata = call.to_metadata()
    assert StagedResult.from_metadata(metadata) == call
    assert all(f"{name}{value}".isascii() for name, value in metadata.items())


def test_the_longest_facts_fit_what_s3_keeps() -> None:
    call = StagedResult(
        Cost(10**12, "priced", "p" * 40), "r" * 5000, "ß" * 5000, 2**62, 10**9, "ü" * 999
    )
    metadata = call.to_metadata()
    assert sum(len(name) + len(value) for name, value in metadata.items()) < 2048
    read = StagedResult.from_metadata(metadata)
    assert read.revised_prompt == "ß" * 450
    assert read.cost == call.cost


def test_facts_that_are_missing_leave_the_cost_unknown() -> None:
    assert StagedResult.from_metadata({}) == StagedResult(UNKNOWN)


def test_an_answer_is_staged_with_all_it_said() -> None:
    answer = Generated(b"x", Cost(5, "reported"), "req-1", "revised", 7, "a remark")
    assert StagedResult.of(answer) == StagedResult(
        Cost(5, "reported"), "req-1", "revised", 7, note="a remark"
    )


@pytest.mark.parametrize("seed", [2**64, 10**4000, -1], ids=["wide", "endless", "negative"])
def test_a_seed_that_is_none_does_not_keep_a_paid_call_from_being_staged(seed: int) -> None:
    metadata = StagedResult.of(
        Generated(b"x", Cost(5, "reported"), "req-1", seed=seed)
    ).to_metadata()
    assert sum(len(name) + len(value) for name, value in metadata.items()) < 2048
    assert StagedResult.from_metadata(metadata).seed is None


def test_every_paid_call_has_a_place_of_its_own() -> None:
    first, second = raw_key("acme", "job_1", 7, 1), raw_key("acme", "job_1", 7, 2)
    assert first == "staging/acme/job_1/0007/1/raw"
    assert first != second
    assert rendered_key(first, "image", "webp") == "staging/acme/job_1/0007/1/image.webp"
    assert asset_key("acme", "ast_1", "image", "webp") == "assets/acme/ast_1/image.webp"
