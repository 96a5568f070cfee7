"""The wanted files of a body: what they become, and what is refused."""

import json
from typing import Any

import pytest

from studio.domain.recipes.from_output import output_of
from studio.domain.renditions.documents import plan_document, plan_of
from studio.domain.renditions.model import MAX_RENDITIONS, PLAIN, Framing, OutputPlan, RenditionSpec
from studio.errors import InvalidRequestError
from studio.services.orders.output import output_plan
from studio.services.orders.output_body import OutputBody
from studio.services.orders.reading import read
from tests.support.builders import a_spec


def _plan(document: dict[str, Any]) -> OutputPlan:
    return output_plan(read(OutputBody, json.dumps(document)))


def _refused(document: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequestError) as refused:
        _plan(document)
    return [(field.pointer, field.code) for field in refused.value.fields]


def test_nothing_said_is_the_image_alone() -> None:
    assert _plan({}) == PLAIN
    assert _plan({"format": "png", "quality": 90}) == PLAIN


def test_an_image_is_covered_from_its_centre_and_files_of_it_by_what_matters() -> None:
    plan = _plan({"renditions": [{"width": 640, "height": 960}], "formats": ["ig_story"]})
    assert plan.framing.gravity == "centre"
    assert [one.framing.gravity for one in plan.renditions] == ["smart", "smart"]


def test_renditions_take_format_and_quality_of_the_image() -> None:
    plan = _plan(
        {
            "format": "avif",
            "quality": 61,
            "renditions": [
                {"name": "mobile", "width": 640, "height": 960},
                {"width": 300, "format": "jpg", "quality": 70, "fit": "inside"},
                {"height": 200, "background": "#FFAA00", "fit": "pad", "gravity": "north"},
                {"format": "png", "focal_point": {"x": 0.25, "y": 1}},
            ],
        }
    )
    assert plan.renditions == (
        RenditionSpec("mobile", 640, 960, "avif", 61, None, Framing("cover", "smart")),
        RenditionSpec("300xauto", 300, None, "jpg", 70, None, Framing("inside", "smart")),
        RenditionSpec(
            "autox200", None, 200, "avif", 61, None, Framing("pad", "north", None, "#ffaa00")
        ),
        RenditionSpec("png", None, None, "png", 61, None, Framing("cover", "smart", (0.25, 1.0))),
    )


def test_a_format_says_size_and_limit_and_leaves_the_type_to_the_image() -> None:
    (export,) = _plan({"formats": ["x_post_landscape"]}).renditions
    framing = Framing("cover", "smart")
    limit = 5 * 1024 * 1024
    expected = RenditionSpec(
        "x_post_landscape", 1600, 900, None, 90, limit, framing, "x_post_landscape"
    )
    assert export == expected


def test_presets_and_formats_are_each_made_once() -> None:
    names = [one.name for one in _plan({"formats": ["essentials", "ig_story"]}).renditions]
    assert len(names) == 8
    assert names[0] == "ig_post_portrait"


def test_all_formats_fit_into_one_order() -> None:
    every = ["instagram", "facebook", "x", "linkedin", "youtube", "pinterest", "tiktok"]
    plan = _plan({"formats": [*every, "meta_ads"]})
    assert 55 < len(plan.renditions) <= MAX_RENDITIONS


@pytest.mark.parametrize(
    ("document", "pointer", "code"),
    [
        ({"formats": ["ig_storey"]}, "/output/formats/0", "format-unknown"),
        (
            {"renditions": [{"name": "a"}, {"name": "a"}]},
            "/output/renditions/1/name",
            "duplicate",
        ),
        (
            {"formats": ["ig_story"], "renditions": [{"name": "ig_story"}]},
            "/output/renditions/0/name",
            "duplicate",
        ),
        (
            {"renditions": [{"width": 300}, {"width": 300}]},
            "/output/renditions/1/name",
            "duplicate",
        ),
        ({"renditions": [{"name": "thumbnail"}]}, "/output/renditions/0/name", "reserved"),
        ({"renditions": [{"name": "x-safe-zones"}]}, "/output/renditions/0/name", "reserved"),
        (
            {"renditions": [{"width": 16_000, "height": 16_000}]},
            "/output/renditions/0/width",
            "out-of-range",
        ),
        ({"safe_zones": True}, "/output/safe_zones", "not-allowed"),
        ({"contact_sheet": True}, "/output/contact_sheet", "not-allowed"),
        (
            {"formats": ["essentials"], "renditions": [{"name": f"r{n}"} for n in range(80)]},
            "/output/formats",
            "too-many",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(
    document: dict[str, Any], pointer: str, code: str
) -> None:
    assert (pointer, code) in _refused(document)


@pytest.mark.parametrize(
    "document",
    [
        {"fit": "stretch"},
        {"gravity": "up"},
        {"focal_point": {"x": 1.1, "y": 0}},
        {"focal_point": {"x": 0.5}},
        {"background": "red"},
        {"max_bytes": 10},
        {"renditions": []},
        {"formats": []},
        {"renditions": [{"name": "No Spaces"}]},
        {"renditions": [{"width": 0}]},
        {"renditions": [{"width": 20_000}]},
        {"renditions": [{"format": "gif"}]},
        {"renditions": [{"colour": "red"}]},
    ],
)
def test_fields_out_of_range_are_named(document: dict[str, Any]) -> None:
    assert _refused(document)


def test_a_plan_is_read_as_it_was_coded() -> None:
    plan = _plan(
        {
            "fit": "pad",
            "gravity": "north_east",
            "focal_point": {"x": 0.1, "y": 0.9},
            "background": "#123456",
            "max_bytes": 99_000,
            "formats": ["essentials"],
            "renditions": [{"name": "mobile", "width": 640, "max_bytes": 50_000}],
            "safe_zones": True,
            "contact_sheet": True,
            "embed_recipe": True,
            "keep_rights": True,
        }
    )
    coded = json.loads(json.dumps(plan_document(plan)))
    assert plan_of(coded) == plan
    assert plan_document(PLAIN) == {}
    assert plan_of({}) == PLAIN


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"format": "jpg", "quality": 70},
        {"formats": ["essentials"]},
        {"formats": ["ig_story"], "quality": 70},
        {"formats": ["ig_story"], "gravity": "north", "background": "#123456", "fit": "pad"},
        {"gravity": "smart", "formats": ["ig_story", "x_post_square"], "safe_zones": True},
        {"focal_point": {"x": 0.1, "y": 0.2}, "max_bytes": 90_000, "embed_recipe": True},
        {"keep_rights": True},
        {
            "quality": 61,
            "contact_sheet": True,
            "renditions": [
                {"name": "a", "width": 640, "height": 960, "gravity": "centre"},
                {"name": "b", "format": "png", "quality": 90, "fit": "inside", "max_bytes": 5_000},
                {"name": "c", "focal_point": {"x": 1, "y": 0}, "background": "#ffaa00"},
            ],
        },
    ],
)
def test_a_recipe_of_a_job_orders_the_same_files_again(document: dict[str, Any]) -> None:
    plan = _plan(document)
    spec = a_spec(
        output=plan,
        output_format=document.get("format", "webp"),
        output_quality=document.get("quality", 80),
    )
    again = output_of(spec)
    assert _plan(again) == plan
    assert again["format"] == spec.output_format
