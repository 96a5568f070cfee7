"""The built-in provider behind the port."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.orderable import resolve_model
from studio.domain.operations.table import OPERATIONS
from studio.domain.operations.values import Role
from studio.domain.provider_calls.model import Generated, ProviderRequest, Refused
from studio.domain.provider_calls.source_file import SourceFile
from studio.money import Cost
from studio.providers.builtin.adapter import BuiltinProvider
from studio.providers.builtin.classical import OPERATIONS as DONE
from tests.support.builders import TODAY
from tests.support.stand_ins.pictures import png

PROVIDER = BuiltinProvider(provider_card("builtin"))
REQUEST = ProviderRequest("req-1", "preview-1", "a red house by the sea", 96, 64)
LAMP = SourceFile(png(96, 64, "lamp"), "image/png", 96, 64)


def made(request: ProviderRequest) -> Generated:
    answer = PROVIDER.submit(request)
    assert isinstance(answer, Generated), answer
    return answer


def test_it_draws_a_png_of_the_size_asked_for_at_no_cost() -> None:
    answer = made(replace(REQUEST, seed=5))
    with Image.open(BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("PNG", (96, 64))
    assert answer.cost == Cost(0, "priced", "builtin-1")
    assert answer.seed == 5
    assert answer.provider_request_id == "req-1"


def test_the_prompt_gives_the_seed_where_none_is_given() -> None:
    first, again = made(REQUEST), PROVIDER.look_up(REQUEST)
    other = made(replace(REQUEST, prompt="a blue house by the sea"))

    assert first == again
    assert first.seed is not None
    assert 0 <= first.seed < 2**31
    assert first.seed != other.seed
    assert made(replace(REQUEST, seed=first.seed)).data == first.data


def pixels(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


def test_a_source_is_set_before_a_backdrop_at_no_cost() -> None:
    request = replace(REQUEST, sources=(LAMP,))
    answer = made(request)
    with Image.open(BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("PNG", (96, 64))
    assert answer.cost == Cost(0, "priced", "builtin-1")
    assert answer == PROVIDER.look_up(request)
    assert answer.data != made(REQUEST).data
    other = SourceFile(png(96, 64, "chair"), "image/png", 96, 64)
    assert answer.data != made(replace(REQUEST, sources=(other,))).data


def test_strength_says_how_far_the_source_is_left() -> None:
    def styled(strength: str | None, seed: int = 1) -> bytes:
        # No colour is named, so the seed may choose it.
        request = replace(REQUEST, prompt="a lamp", sources=(LAMP,), strength=strength, seed=seed)
        return made(request).data

    assert pixels(styled("0")) == pixels(LAMP.data)
    assert pixels(styled("0.3")) != pixels(LAMP.data)
    assert styled(None) == styled("0.8")
    assert styled(None) != styled(None, seed=2)


def test_no_call_is_ever_pending() -> None:
    with pytest.raises(LookupError):
        PROVIDER.poll("handle")


CLASSIC = ProviderRequest("req-2", "classic-1", "", 96, 64, seed=1)


def disc() -> Image.Image:
    """A red disc on a light ground."""
    picture = Image.new("RGB", (96, 64), (240, 238, 232))
    ImageDraw.Draw(picture).ellipse((32, 16, 64, 48), fill=(210, 30, 30))
    return picture


def file_of(picture: Image.Image, role: Role = "image") -> SourceFile:
    target = BytesIO()
    picture.save(target, "PNG")
    return SourceFile(target.getvalue(), "image/png", *picture.size, role)


def faint() -> Image.Image:
    """A blurred disc that is hardly darker than its ground."""
    picture = Image.new("RGB", (96, 64), (240, 238, 232))
    ImageDraw.Draw(picture).ellipse((32, 16, 64, 48), fill=(212, 205, 190))
    return picture.filter(ImageFilter.GaussianBlur(2))


def test_a_doubtful_cut_recommends_a_provider() -> None:
    request = replace(CLASSIC, operation="edit.remove_background", sources=(file_of(disc()),))

    assert made(request).note is None
    note = made(replace(request, sources=(file_of(faint()),))).note
    assert note is not None
    assert "confidence 0." in note
    assert "provider" in note


def mask() -> SourceFile:
    picture = Image.new("L", (96, 64))
    picture.paste(255, (28, 12, 68, 52))
    return file_of(picture, "mask")


DISC = file_of(disc())
BLUE = file_of(Image.new("RGB", (40, 40), (20, 40, 220)), "style_image")
SCENE = file_of(Image.new("RGB", (40, 40), (20, 40, 220)), "background")
LAMP_LIGHT = file_of(Image.new("RGB", (40, 40), (250, 120, 40)), "lighting")
ASKED = {
    "edit.remove_background": replace(CLASSIC, sources=(DISC,)),
    "edit.inpaint": replace(CLASSIC, sources=(DISC, mask()), options={"grow_mask": 2}),
    "edit.outpaint": replace(CLASSIC, sources=(DISC,), options={"left": 10, "down": 6}),
    "edit.search_recolor": replace(
        CLASSIC, prompt="blue", sources=(DISC,), options={"search_prompt": "red disc"}
    ),
    "edit.replace_background_relight": replace(
        CLASSIC, sources=(DISC, SCENE), options={"light_direction": "left", "light_strength": "0.8"}
    ),
    "edit.general": replace(CLASSIC, prompt="black and white", sources=(DISC, mask())),
    "upscale.fast": replace(CLASSIC, sources=(DISC,)),
    "upscale.conservative": replace(CLASSIC, sources=(DISC,), options={"creativity": "0.1"}),
    "upscale.creative": replace(CLASSIC, sources=(DISC,), options={"creativity": "0.9"}),
    "control.sketch": replace(CLASSIC, prompt="sea", width=120, height=90, sources=(DISC,)),
    "control.structure": replace(CLASSIC, prompt="sea", width=120, height=90, sources=(DISC,)),
    "control.style": replace(CLASSIC, prompt="sea", width=120, height=90, sources=(DISC,)),
    "control.style_transfer": replace(CLASSIC, sources=(DISC, BLUE)),
}
SIZES = {
    "edit.outpaint": (106, 70),
    "upscale.fast": (384, 256),
    "upscale.conservative": (3840, 2560),
    "upscale.creative": (3840, 2560),
    "control.sketch": (120, 90),
    "control.structure": (120, 90),
    "control.style": (120, 90),
}


def test_the_catalogue_claims_what_is_done_and_nothing_else() -> None:
    classic = provider_card("builtin").models["classic-1"]
    assert set(classic.operations) == DONE.keys() == ASKED.keys()
    assert set(classic.operations) <= OPERATIONS.keys()


@pytest.mark.parametrize("operation", ASKED)
def test_each_operation_makes_an_image_of_its_size_at_no_cost(operation: str) -> None:
    request = replace(ASKED[operation], operation=operation)
    assert resolve_model("builtin", None, operation, day=TODAY)[0].id == request.model
    answer = made(request)
    with Image.open(BytesIO(answer.data)) as image:
        assert image.size == SIZES.get(operation, (96, 64))
        assert (image.mode == "RGBA") == (operation == "edit.remove_background")
    assert answer.cost == Cost(0, "priced", "builtin-1")
    assert answer == PROVIDER.look_up(request)


@pytest.mark.parametrize(
    ("operation", "other"),
    [
        ("edit.inpaint", {"options": {"grow_mask": 9}}),
        ("edit.outpaint", {"options": {"right": 10, "up": 6}}),
        ("edit.search_recolor", {"options": {"search_prompt": "red", "grow_mask": 5}}),
        ("edit.search_recolor", {"options": {"search_prompt": "background"}}),
        ("edit.search_recolor", {"prompt": "green"}),
        ("edit.replace_background_relight", {"options": {"light_direction": "right"}}),
        ("edit.replace_background_relight", {"options": {"keep_background": True}}),
        ("edit.replace_background_relight", {"sources": (DISC,), "prompt": "navy"}),
        ("edit.replace_background_relight", {"sources": (DISC, SCENE, LAMP_LIGHT)}),
        ("edit.general", {"sources": (DISC,)}),
        ("upscale.conservative", {"options": {"creativity": "1"}}),
        ("upscale.creative", {"options": {}}),
        ("control.sketch", {"options": {"control_strength": "0.1"}}),
        ("control.structure", {"options": {"control_strength": "0.1"}}),
        ("control.style", {"options": {"control_strength": "0.1"}}),
        ("control.style", {"seed": 2}),
        ("control.style_transfer", {"options": {"control_strength": "0.1"}}),
        ("control.style_transfer", {"options": {"composition_fidelity": "0"}}),
    ],
)
def test_each_input_reaches_its_operation(operation: str, other: dict[str, Any]) -> None:
    request = replace(ASKED[operation], operation=operation)
    assert made(request).data != made(replace(request, **other)).data


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (
            replace(CLASSIC, operation="edit.remove_background", sources=(LAMP,)),
            "backdrop-not-plain",
        ),
        (replace(CLASSIC, operation="edit.general", prompt="a hat", sources=(LAMP,)), "hat"),
        (
            replace(CLASSIC, operation="upscale.fast", sources=(replace(LAMP, data=b"no"),)),
            "image-type-unsupported",
        ),
        (replace(REQUEST, sources=(replace(LAMP, data=b"no"),)), "image-type-unsupported"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(
    request_: ProviderRequest, sentence: str
) -> None:
    answer = PROVIDER.submit(request_)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.cost) == ("validation", None)
    assert sentence in answer.message
