"""Tests of the fuzzer, its past failures, and a short campaign."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.__main__ import Campaign
from tests.fuzz.mutate import mutant
from tests.fuzz.opener import Opener, Verdict
from tests.fuzz.seeds import seeds

REGRESSIONS = sorted((Path(__file__).parent / "regressions").iterdir())
REFUSALS = ("image-truncated", "image-unreadable", "image-type-unsupported")


@pytest.fixture(scope="module")
def opener() -> Iterator[Opener]:
    process = Opener(1_600)
    yield process
    process.end()


@pytest.mark.parametrize("small", [False, True])
def test_every_seed_is_an_image(*, small: bool, opener: Opener) -> None:
    for seed in seeds():
        found = opener.open(seed, small=small)
        assert (found.sound, found.outcome[:8]) == (True, "decoded "), found


@pytest.mark.parametrize("regression", REGRESSIONS, ids=lambda file: file.name)
def test_a_past_failure_is_decoded_or_refused(regression: Path, opener: Opener) -> None:
    found = opener.open(regression.read_bytes(), small=False)

    assert found.sound, found


@pytest.mark.parametrize("number", range(len(seeds())))
def test_a_file_cut_at_any_twentieth_is_refused(number: int, opener: Opener) -> None:
    """A cut file may decode only if its first frame is complete."""
    seed = seeds()[number]

    for twentieth in range(20):
        found = opener.open(seed[: len(seed) * twentieth // 20], small=False)
        assert found.sound, (twentieth, found)
        assert found.outcome.startswith((*REFUSALS, "decoded ")), (twentieth, found)
        if twentieth < 6:
            assert found.outcome.startswith(REFUSALS), (twentieth, found)


def test_a_thousand_damaged_files_are_decoded_or_refused(opener: Opener) -> None:
    rng, sound, ways = random.Random(7), seeds(), set()  # noqa: S311 - to be repeated

    for _ in range(1_000):
        data = mutant(rng, sound)
        found = opener.open(data, small=False)
        ways.add(found.outcome)
        assert found.sound, (found, data)
        assert found.mib <= 1_600, (found, data)

    assert {"decoded", "image-truncated", "image-unreadable"} <= {way.split()[0] for way in ways}


def test_the_same_seed_gives_the_same_files() -> None:
    sound = seeds()
    first, again = (
        [mutant(rng, sound) for _ in range(50)]
        for rng in (random.Random(3), random.Random(3))  # noqa: S311
    )

    assert first == again
    assert len(set(first)) > 45


@pytest.mark.parametrize(
    ("verdict", "is_failure"),
    [
        (Verdict("decoded png RGB", True, 0.1, 40), False),
        (Verdict("KeyError", False, 0.1, 40), True),
        (Verdict("decoded png RGB", True, 5.1, 40), True),
        (Verdict("decoded png RGB", True, 0.1, 101), True),
    ],
)
def test_a_failure_is_kept(verdict: Verdict, *, is_failure: bool, tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, 100)

    becomes_seed = campaign.judge(b"data", verdict)

    assert campaign.failures == int(is_failure)
    assert becomes_seed == (not is_failure)
    assert [path.read_bytes() for path in tmp_path.iterdir() if path.suffix != ".jsonl"] == (
        [b"data"] if is_failure else []
    )


def test_the_death_of_a_worker_is_a_failure_and_another_takes_its_place() -> None:
    """This worker has 224 MiB of addresses, which is too little for the file."""
    opener = Opener(-800)
    try:
        for _ in range(2):
            assert opener.open(b"", small=False).outcome.startswith("image-type-unsupported")
            died = opener.open(bytes(230 << 20), small=False)
            assert (died.sound, died.outcome) == (False, "died with 1")
    finally:
        opener.end()
