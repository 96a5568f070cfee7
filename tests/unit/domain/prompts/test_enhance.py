"""Enhancement by rules: what kind of picture a prompt asks for, and what it lacks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.prompts.enhance import append_words, has_phrase, kind_of, missing_words, rules

_KNOWN = sorted({word for kind in rules().kinds for word in kind.words})
_PROMPTS = st.lists(st.sampled_from(_KNOWN) | st.text(min_size=1), min_size=1).map(" ".join)


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("Logo for a bakery", "logo"),
        ("a seamless pattern of leaves", "pattern"),
        ("WATERCOLOUR of a lighthouse", "illustration"),
        ("a 3D render of a chair", "render"),
        ("a bowl of ramen", "food"),
        ("three mugs on a table", "product"),
        ("portrait of an old fisherman", "portrait"),
        ("a red fox", "animal"),
        ("living-room with a blue sofa", "interior"),
        ("a city after rain", "architecture"),
        ("a lake between hills", "landscape"),
        ("photo of nothing in particular", "photograph"),
        ("an illustration of a bowl of soup", "illustration"),
        ("a mug without a logo", "product"),
        ("a lake, no people", "landscape"),
        ("Über füchse", "picture"),
        ("hopes", "picture"),
        ("!", "picture"),
    ],
)
def test_the_kind_of_an_image_is_told_by_its_words(prompt: str, kind: str) -> None:
    assert kind_of(prompt).name == kind


def test_words_on_light_composition_and_detail_are_added() -> None:
    assert missing_words("a red fox") == (
        "gentle natural light",
        "eye-level view of the animal",
        "lifelike detail with the eyes in sharp focus",
    )


@pytest.mark.parametrize(
    ("prompt", "kept"),
    [
        ("a red fox at sunset", [1, 2]),
        ("a red fox, close-up", [0, 2]),
        ("a red fox, highly detailed", [0, 1]),
        ("a red fox in silhouette, symmetrical and minimalist", []),
    ],
)
def test_what_a_prompt_speaks_of_already_is_left_to_it(prompt: str, kept: list[int]) -> None:
    everything = missing_words("a red fox")
    assert missing_words(prompt) == tuple(everything[index] for index in kept)


def test_a_rich_prompt_is_left_alone() -> None:
    enough = rules().rich_from_words
    assert missing_words(" ".join(["fox"] * enough)) == ()
    assert missing_words(" ".join(["fox"] * (enough - 1))) != ()


@pytest.mark.parametrize(
    ("prompt", "result"),
    [
        ("a fox", "a fox, red, small"),
        ("a fox,", "a fox, red, small"),
        ("a fox.", "a fox. Red, small"),
        ("a fox! ", "a fox! Red, small"),
        ("a fox\n", "a fox\nred, small"),
    ],
)
def test_words_are_written_behind_a_prompt(prompt: str, result: str) -> None:
    assert append_words(prompt, ["red", "small"]) == result
    assert append_words(prompt, []) == prompt


@pytest.mark.parametrize(
    ("prompt", "phrase", "said"),
    [
        ("flat matte colours", "Matte Colours", True),
        ("wide-angle", "wide angle", True),
        ("matte, colours", "matte colours", True),
        ("matted colours", "matte", False),
    ],
)
def test_a_phrase_is_found_whatever_stands_between_its_words(
    prompt: str, phrase: str, said: bool
) -> None:
    assert has_phrase(prompt, phrase) == said


@settings(deadline=None)
@given(_PROMPTS.filter(lambda prompt: prompt.strip() != ""))
def test_the_callers_words_stay_and_twice_adds_no_more_than_once(prompt: str) -> None:
    enhanced = append_words(prompt, missing_words(prompt))
    assert enhanced.startswith(prompt)
    assert missing_words(enhanced) == ()


def test_the_rules_are_sound() -> None:
    known = rules()
    names = [kind.name for kind in (*known.kinds, known.other)]
    assert len(set(names)) == len(names)
    for kind in (*known.kinds, known.other):
        assert all(
            any(has_phrase(phrase, word) for word in known.parts[part])
            for part, phrase in kind.adds.items()
        )
        for words in (kind.words, *known.parts.values()):
            assert len(set(words)) == len(words)
            assert all(has_phrase(word, word) and word == word.casefold() for word in words)
            assert not [word for word in words if not word.replace(" ", "").isalnum()]
