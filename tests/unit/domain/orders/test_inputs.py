"""What an order says to its operation: files, words and inputs, each checked where it stands."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest

from studio.domain.catalogue.catalogue import planned_model, provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.catalogue.limits import OptionLimits
from studio.domain.catalogue.orderable import resolve_model
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.operations.model import OperationId
from studio.domain.operations.presets import PRESETS
from studio.domain.operations.table import OPERATIONS, UPSCALE_PRESETS, operation_of
from studio.domain.operations.values import Role
from studio.domain.orders.inputs import check_inputs, for_model, scaling_warnings
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.request import ImageRequest
from studio.errors import InvalidRequestError
from tests.support.builders import TODAY, an_order

RELIGHT = "edit.replace_background_relight"


def pointers(operation: str, values: dict[str, Any], *roles: Any, prompt: bool = True) -> list[str]:
    with pytest.raises(InvalidRequestError) as caught:
        check_inputs(operation_of(operation), values, roles, has_prompt=prompt)
    return [field.pointer for field in caught.value.fields]


def read(operation: str, values: dict[str, Any], *roles: Any, prompt: bool = True) -> object:
    return check_inputs(operation_of(operation), values, roles, has_prompt=prompt)


def test_every_operation_has_its_word() -> None:
    assert tuple(OPERATIONS) == get_args(OperationId)
    assert all(name == operation.id for name, operation in OPERATIONS.items())
    assert set(PRESETS) == set(UPSCALE_PRESETS)


def test_inputs_come_as_requests_carry_them() -> None:
    values = {"left": 200, "up": 0, "creativity": Decimal("0.50"), "style_preset": "anime"}
    assert read("edit.outpaint", values, "image", prompt=False) == {
        "left": 200, "up": 0, "creativity": "0.50", "style_preset": "anime",
    }  # fmt: skip
    assert read("edit.outpaint", {"down": 1, "creativity": 1}, "image") == {
        "down": 1, "creativity": "1",
    }  # fmt: skip


def test_a_number_may_come_as_text() -> None:
    taken = read("edit.outpaint", {"left": 1, "creativity": "0.50"}, "image")
    assert taken == {"left": 1, "creativity": "0.50"}


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"left": 2001}, "/input/left"),
        ({"left": -1}, "/input/left"),
        ({"left": True}, "/input/left"),
        ({"left": "200"}, "/input/left"),
        ({"left": Decimal("1.5")}, "/input/left"),
        ({"left": 1, "creativity": "0E-299999999"}, "/input/creativity"),
        ({"left": 1, "creativity": "1e-1"}, "/input/creativity"),
        ({"left": 1, "creativity": "half"}, "/input/creativity"),
        ({"left": 1, "creativity": Decimal("1.01")}, "/input/creativity"),
        ({"left": 1, "creativity": Decimal("NaN")}, "/input/creativity"),
        ({"left": 1, "style_preset": "baroque"}, "/input/style_preset"),
        ({"left": 1, "style_preset": 3}, "/input/style_preset"),
        ({"left": 1, "top": 3}, "/input/top"),
        ({"left": 0}, "/input"),
        ({}, "/input"),
    ],
)
def test_a_wrong_input_is_named(values: dict[str, Any], pointer: str) -> None:
    assert pointers("edit.outpaint", values, "image") == [pointer]


@pytest.mark.parametrize(
    ("operation", "values", "roles", "wrong"),
    [
        ("edit.inpaint", {}, (), ["/sources", "/mask"]),
        ("edit.inpaint", {}, ("image",), ["/mask"]),
        ("upscale.fast", {}, ("image", "mask"), ["/mask"]),
        ("edit.search_replace", {}, ("image",), ["/input/search_prompt"]),
        ("edit.search_replace", {"search_prompt": "  "}, ("image",), ["/input/search_prompt"]),
        (RELIGHT, {"keep_background": False}, ("image",), ["/input"]),
        (RELIGHT, {"keep_background": 1}, ("image",), ["/input/keep_background"]),
        ("transform.avatar", {}, ("image",), ["/audio"]),
        ("control.style_transfer", {}, ("image",), ["/style_image"]),
    ],
)  # fmt: skip
def test_a_missing_or_unwanted_file_is_named(
    operation: str, values: dict[str, Any], roles: tuple[Any, ...], wrong: list[str]
) -> None:
    assert pointers(operation, values, *roles, prompt=False) == wrong


def test_a_number_with_choices_is_one_of_the_choices() -> None:
    assert read("transform.image_to_3d", {"texture_resolution": 1024}, "image") == {
        "texture_resolution": 1024
    }
    for value in (1000, "1024", True):
        wrong = pointers("transform.image_to_3d", {"texture_resolution": value}, "image")
        assert wrong == ["/input/texture_resolution"]


@pytest.mark.parametrize(
    ("values", "roles", "prompt"),
    [
        ({}, ("image",), True),
        ({}, ("image", "background"), False),
        ({"keep_background": True}, ("image",), False),
    ],
)
def test_one_of_several_inputs_is_enough(
    values: dict[str, Any], roles: tuple[Any, ...], prompt: bool
) -> None:
    assert read(RELIGHT, values, *roles, prompt=prompt) == values


def test_a_model_keeps_what_it_takes_and_the_studio_what_is_its_own() -> None:
    model, _ = resolve_model("builtin", None, day=TODAY)
    kept, dropped = for_model(
        operation_of("upscale.creative"), model, {"preset": "web", "creativity": "0.5"}
    )
    assert (kept, dropped) == ({"preset": "web"}, ("creativity",))


@pytest.mark.parametrize(
    ("name", "limits", "value", "allowed"),
    [
        ("creativity", OptionLimits(min="0.2", max="0.5"), "0.5", True),
        ("creativity", OptionLimits(min="0.2", max="0.5"), "0.19", False),
        ("left", OptionLimits(max="20"), 21, False),
        ("left", OptionLimits(max="20"), 0, True),
        ("left", OptionLimits(choices=("64", "128")), 64, True),
        ("left", OptionLimits(choices=("64", "128")), 65, False),
        ("search_prompt", OptionLimits(max="5"), "a fox", True),
        ("search_prompt", OptionLimits(max="5"), "an owl", False),
    ],
)
def test_a_models_own_limits_hold(
    name: str, limits: OptionLimits, value: Any, allowed: bool
) -> None:
    model = replace(resolve_model("builtin", None, day=TODAY)[0], options={name: limits})
    operation = operation_of("edit.search_replace" if name == "search_prompt" else "edit.outpaint")
    if allowed:
        assert for_model(operation, model, {name: value})[0] == {name: value}
        return
    with pytest.raises(InvalidRequestError) as caught:
        for_model(operation, model, {name: value})
    assert [field.pointer for field in caught.value.fields] == [f"/input/{name}"]


def test_the_catalogue_speaks_the_language_of_the_operations() -> None:
    """A model takes only inputs and files that its operations know, and all that they require."""
    for provider in provider_ids():
        for model in provider_card(provider).models.values():
            operations = [operation_of(name) for name in model.operations]
            known = {name for operation in operations for name in operation.options}
            assert set(model.options) <= known, model.id
            roles = {role for operation in operations for role in operation.files}
            assert set(model.sources.roles) <= roles | {"image"}, model.id
            for operation in operations:
                required = {name for name, option in operation.options.items() if option.required}
                assert required <= set(model.options), (model.id, operation.id)
                files = {role for role, need in operation.files.items() if need == "required"}
                assert files <= set(model.sources.roles), (model.id, operation.id)
                assert not files or model.sources.max, (model.id, operation.id)
                if operation.prompt == "required":
                    assert model.prompt_max, (model.id, operation.id)


PHOTO = SourceRef("ast_1", None, "k", "image/png", 9, 6_000, 4_000)
SMALL = replace(PHOTO, width=600, height=400)


@pytest.mark.parametrize(
    ("operation", "model", "role", "warning"),
    [
        ("render", "files-1", "image", None),
        ("social.optimize", "files-1", "image", None),
        ("upscale.fast", "classic-1", "image", None),
        ("edit.inpaint", "classic-1", "mask", None),
        (
            "edit.general", "classic-1", "image",
            "The source has 6000 x 4000 pixels: it is scaled to at most 4096 pixels a side for "
            "Classical operations.",
        ),
        (
            "edit.replace_background_relight", "classic-1", "background",
            "The background has 6000 x 4000 pixels: it is scaled to at most 4096 pixels a side for "
            "Classical operations.",
        ),
    ],
)  # fmt: skip
def test_a_source_that_is_scaled_is_said(
    operation: str, model: str, role: Role, warning: str | None
) -> None:
    card = planned_model("builtin", model)
    image = ImageRequest("warmer", None, None, sources=(replace(PHOTO, role=role),))

    found = scaling_warnings(operation_of(operation), card, image)

    assert found == (() if warning is None else (warning,))


def test_the_area_counts_too_and_an_unknown_size_does_not() -> None:
    card = planned_model("builtin", "classic-1")
    square = replace(PHOTO, width=4_000, height=4_000)
    edit = operation_of("edit.general")

    (warning,) = scaling_warnings(edit, card, ImageRequest("warmer", None, None, sources=(square,)))
    assert "at most 12582912 pixels" in warning
    for source in (SourceRef(url="https://a.test"), replace(PHOTO, width=4_000, height=3_000)):
        assert (
            scaling_warnings(edit, card, ImageRequest("warmer", None, None, sources=(source,)))
            == ()
        )


def test_a_cut_out_as_a_jpeg_is_said_and_strictly_refused() -> None:
    order = replace(
        an_order(None, provider="builtin", sources=(SMALL,)),
        operation="edit.remove_background",
        output_format="jpg",
    )

    (warning,) = plan_job(replace(order, strict=False)).images[0].spec.warnings
    assert warning.startswith("A JPEG has no transparency: the cut-out is set on #")
    with pytest.raises(InvalidRequestError) as refused:
        plan_job(replace(order, strict=True))
    assert [field.pointer for field in refused.value.fields] == ["/output/format"]
    png = plan_job(replace(order, strict=True, output_format="png"))
    assert png.images[0].spec.warnings == ()
