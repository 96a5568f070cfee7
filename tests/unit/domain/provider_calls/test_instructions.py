"""What models are told that do what words say."""

import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.operations.table import OPERATIONS
from studio.domain.operations.values import OptionValue, Role
from studio.domain.provider_calls.instructions import most_bytes, words
from studio.domain.provider_calls.model import ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile


def say(
    operation: str, prompt: str = "", roles: tuple[Role, ...] = ("image",), **options: OptionValue
) -> str:
    sources = tuple(SourceFile(b"", "image/png", 1, 1, role) for role in roles)
    request = ProviderRequest(
        "id", "model", prompt, 64, 64, sources=sources, operation=operation, options=options
    )
    return words(request)


RELIGHT = "edit.replace_background_relight"
KEPT = (
    "Keep the subject of the first picture as it is and set it before another background, with"
    " light and shadows that fit."
)


@pytest.mark.parametrize("operation", ["generate", "edit.general", "edit.inpaint"])
def test_the_callers_words_stay_as_they_are(operation: str) -> None:
    assert say(operation, "a {red} house. ") == "a {red} house. "


def test_what_is_found_and_what_comes_in_its_place() -> None:
    assert say("edit.search_replace", "a dog {x}.", search_prompt="the cat. ") == (
        "In the first picture, find: the cat. Replace it with: a dog {x}. "
        "Leave everything else as it is."
    )
    assert say("edit.search_recolor", "blue", search_prompt="the {cat}") == (
        "In the first picture, find: the {cat}. Recolour it: blue. Change nothing but its colour."
    )


@pytest.mark.parametrize(
    ("prompt", "roles", "options", "said"),
    [
        ("a beach.", ("image",), {}, f"{KEPT} The background: a beach."),
        ("", ("image", "background"), {}, f"{KEPT} The background is the second picture."),
        (
            "at noon",
            ("image", "lighting", "background"),
            {"light_direction": "above"},
            f"{KEPT} The background is the third picture. The background: at noon."
            " Light it as the second picture is lit. The light comes from above.",
        ),
        (
            "a beach",
            ("image", "mask", "background"),
            {"foreground_prompt": "a lamp."},
            f"The subject of the first picture is: a lamp. {KEPT}"
            " The background is the second picture. The background: a beach.",
        ),
        (
            "golden",
            ("image",),
            {"keep_background": True, "light_direction": "left"},
            "Relight the first picture and keep its subject and its background."
            " The light: golden. The light comes from the left.",
        ),
        (
            "a beach", ("image",), {"keep_background": False}, f"{KEPT} The background: a beach.",
        ),
    ],
)  # fmt: skip
def test_a_background_and_a_light(
    prompt: str, roles: tuple[Role, ...], options: dict[str, OptionValue], said: str
) -> None:
    assert say(RELIGHT, prompt, roles, **options) == said


@pytest.mark.parametrize("direction", OPERATIONS[RELIGHT].options["light_direction"].choices)
def test_each_direction_of_the_light_has_words(direction: str) -> None:
    assert direction in say(RELIGHT, keep_background=True, light_direction=direction)


def test_what_has_no_sentence_is_not_made_up() -> None:
    with pytest.raises(KeyError):
        say("edit.outpaint", "more sky", search_prompt="sky")


@pytest.mark.parametrize("provider", ["gemini", "openai"])
def test_every_operation_that_is_offered_can_be_said(provider: str) -> None:
    for model in provider_card(provider).models.values():
        for operation in model.operations:
            assert say(operation, "a house", search_prompt="a cat")


@pytest.mark.parametrize("operation", ["generate", "edit.general", "edit.inpaint"])
def test_of_the_callers_words_alone_the_bytes_are_known(operation: str) -> None:
    assert most_bytes(operation, "é!", {"style_preset": "anime"}) == 3


ALL: tuple[Role, ...] = ("image", "mask", "background", "lighting")


@pytest.mark.parametrize(
    ("operation", "prompt", "options"),
    [
        ("edit.search_replace", "é" * 900, {"search_prompt": "ü" * 1000}),
        ("edit.search_recolor", "a", {"search_prompt": "b"}),
        (RELIGHT, "", {"foreground_prompt": "ü" * 1000}),
        (RELIGHT, "é" * 900, {"foreground_prompt": "a", "light_direction": "right"}),
        (RELIGHT, "a", {"keep_background": True, "foreground_prompt": "b"}),
    ],
)
def test_no_sentence_is_longer_than_what_is_held_for(
    operation: str, prompt: str, options: dict[str, OptionValue]
) -> None:
    said = len(say(operation, prompt, ALL, **options).encode())
    assert said <= most_bytes(operation, prompt, options) <= said + 320
