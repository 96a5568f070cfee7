"""From bodies to orders."""

import json
from typing import Any

import pytest

from studio.api.jobs.requests import RedriveBody, selection_of
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.pointers import locate, locate_errors
from studio.domain.orders.request import JobRequest
from studio.domain.templates.model import Template
from studio.errors import FieldError, InvalidRequestError, UnknownModelError
from studio.services.orders.body import JobBody
from studio.services.orders.order import OrderContext, dollars, job_request_of
from studio.services.orders.reading import read
from studio.services.orders.resolve_sources import known_sources
from tests.support.builders import TENANT, TODAY
from tests.support.fakes.stores import FakeAssetStore, Memory


def body(**members: Any) -> JobBody:
    return read(JobBody, json.dumps({"operation": "generate", **members}))


def order(seed_source: str = "key", template: Template | None = None, **members: Any) -> JobRequest:
    context = OrderContext(
        created_by="ann",
        day=TODAY,
        providers=("builtin",),
        find=lambda body: known_sources(TENANT, body, FakeAssetStore(Memory())),
        seed_source=seed_source,
        template=template,
    )
    return job_request_of(body(**members), context)


def test_a_prompt_alone_is_one_image_by_whom_the_studio_chooses() -> None:
    made = order(prompt="a")
    (image,) = made.images
    assert (image.prompt, image.width, image.height, image.seed) == ("a", 1024, 1024, None)
    assert (made.provider, made.model, made.created_by) == (None, None, "ann")
    assert made.providers == ("builtin",)
    assert (made.quality, made.output_format, made.output_quality) == ("standard", None, None)
    assert (made.steps, made.guidance, made.max_cost, made.labels) == (None, None, None, ())


def test_a_label_is_for_the_images_without_one() -> None:
    variations = order(prompt="a", variations=2, label="hero")
    items = order(items=[{"prompt": "a"}, {"prompt": "b", "label": "own"}], label="hero")

    assert [image.label for image in variations.images] == ["hero", "hero"]
    assert [image.label for image in items.images] == ["hero", "own"]


@pytest.mark.parametrize(
    ("members", "sides"),
    [
        ({"size": "640x480"}, (640, 480)),
        ({"width": 64, "height": 4096}, (64, 4096)),
        ({"aspect_ratio": "1:1"}, (1024, 1024)),
        ({"aspect_ratio": "16:9"}, (1360, 768)),
        ({"aspect_ratio": "9:16"}, (768, 1360)),
        ({"aspect_ratio": "3:2"}, (1248, 832)),
        ({"aspect_ratio": "21:9"}, (1568, 672)),
        ({"aspect_ratio": "16:1"}, (4096, 256)),
        ({"aspect_ratio": "1600:900"}, (1360, 768)),
    ],
)
def test_a_size_can_be_said_in_three_ways(members: dict[str, Any], sides: tuple[int, int]) -> None:
    (image,) = order(prompt="a", **members).images
    assert (image.width, image.height) == sides


@pytest.mark.parametrize(
    ("written", "kept"),
    [(3, "3"), (3.5, "3.5"), ("7.25", "7.25"), (0, "0"), (1e-3, "0.001")],
)
def test_guidance_is_kept_as_a_plain_decimal(written: object, kept: str) -> None:
    assert order(prompt="a", guidance=written).guidance == kept


@pytest.mark.parametrize(
    ("amount", "micros"), [(None, None), ("0", 0), ("0.000001", 1), ("12.5", 12_500_000)]
)
def test_dollars_are_exact(amount: str | None, micros: int | None) -> None:
    assert dollars(amount) == micros
    assert order(prompt="a", max_cost=amount).max_cost == micros


def test_seeds_of_variations_belong_to_the_request() -> None:
    def seeds(source: str, **members: Any) -> list[int | None]:
        plan = plan_job(order(source, prompt="a", variations=4, **members))
        return [image.spec.seed for image in plan.images]

    first = seeds("one")[0]
    assert first is not None
    assert 0 <= first < 2**31
    assert seeds("one") == [first, first + 1, first + 2, first + 3]
    assert seeds("two") != seeds("one")
    assert seeds("one", seed=5) == [5, 6, 7, 8]
    assert seeds("one", provider={"id": "openai"}) == [None] * 4
    silent = plan_job(order(prompt="a", variations=2, provider={"id": "openai"}))
    assert not any(image.spec.warnings for image in silent.images), "the order has no seed"
    assert order("one", prompt="a").images[0].seed is None


@pytest.mark.parametrize(
    ("members", "own"),
    [({"variations": 2}, True), ({"variations": 2, "seed": 5}, False), ({}, False)],
)
def test_a_seed_that_the_studio_picked_is_marked(members: dict[str, Any], own: bool) -> None:
    plan = plan_job(order("one", prompt="a", **members))
    assert {image.spec.seed_generated for image in plan.images} == {own}


def test_an_empty_negative_prompt_of_an_item_is_its_own_word() -> None:
    made = order(
        items=[{"prompt": "a", "negative_prompt": ""}, {"prompt": "b"}], negative_prompt="x"
    )
    assert [image.negative_prompt for image in made.images] == ["", "x"]


def test_mode_auto_leaves_the_choice_and_manual_names() -> None:
    assert order(prompt="a", provider={"mode": "auto"}).provider is None
    named = order(prompt="a", provider={"mode": "manual", "id": "openai", "model": "gpt-image-2"})
    assert (named.provider, named.model) == ("openai", "gpt-image-2")
    assert order(prompt="a", provider={"id": None, "model": None}).provider is None


def test_who_names_auto_as_a_provider_is_told_how_to_ask_for_it() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        order(prompt="a", provider={"id": "auto"})
    (field,) = caught.value.fields
    assert (field.pointer, field.code) == ("/provider/id", "provider-unknown")
    assert field.detail == 'auto is no provider: use {"mode": "auto"}'


@pytest.mark.parametrize(
    ("members", "statuses", "numbers"),
    [
        ({}, ["failed"], []),
        ({"only": "unknown"}, ["unknown"], []),
        ({"items": [3, 1]}, ["failed"], [3, 1]),
    ],
)
def test_a_redrive_selects_failed_images_unless_told_otherwise(
    members: dict[str, object], statuses: list[str], numbers: list[int]
) -> None:
    selection = selection_of(read(RedriveBody, json.dumps(members)))
    assert list(selection.statuses) == statuses
    assert list(selection.numbers) == numbers


def template(aspect_ratio: str | None = None) -> Template:
    return Template("our-posts", 1, "Our posts", "post", aspect_ratio=aspect_ratio)


def written(pointer: str, made: JobRequest) -> str:
    """Return where the caller wrote a value of the last image."""
    return locate(pointer, made.images[-1].pointers)


ONE = [{"prompt": "a"}]
URL = [{"url": "https://b.test/"}]


@pytest.mark.parametrize(
    ("members", "pointer", "place"),
    [
        ({"prompt": "a"}, "/prompt", "/prompt"),
        ({"items": [{"prompt": "a"}, {"prompt": "b"}]}, "/prompt", "/items/1/prompt"),
        ({"items": [{"prompt": "a", "size": "64x64"}]}, "/size", "/items/0/size"),
        ({"items": ONE, "size": "64x64"}, "/size", "/size"),
        ({"items": ONE, "aspect_ratio": "1:1"}, "/size", "/aspect_ratio"),
        ({"prompt": "a", "width": 64, "height": 64}, "/size", "/width"),
        ({"prompt": "a", "size": "64x64"}, "/size", "/size"),
        ({"prompt": "a"}, "/size", "/size"),
        ({"prompt": "a", "sources": URL}, "/sources", "/sources"),
        ({"prompt": "a", "sources": URL}, "/sources/0/url", "/sources/0/url"),
        ({"items": ONE, "sources": URL}, "/sources", "/sources"),
        ({"items": [{"prompt": "a", "sources": URL}]}, "/sources", "/items/0/sources"),
        (
            {"items": [{"prompt": "a", "sources": URL}], "sources": URL},
            "/sources/0/url",
            "/items/0/sources/0/url",
        ),
        ({"items": [{"prompt": "a", "mask": URL[0]}]}, "/mask", "/items/0/mask"),
        ({"prompt": "a", "input": {"left": 3}}, "/input/left", "/input/left"),
        ({"items": ONE, "input": {"left": 3}}, "/input/left", "/input/left"),
        ({"items": ONE}, "/input/left", "/input/left"),
        (
            {"items": [{"prompt": "a", "input": {"left": 3}}], "input": {"left": 2, "up": 1}},
            "/input/left",
            "/items/0/input/left",
        ),
        (
            {"items": [{"prompt": "a", "input": {"left": 3}}], "input": {"left": 2, "up": 1}},
            "/input/up",
            "/input/up",
        ),
        ({"items": [{"prompt": "a", "input": {"left": 3}}]}, "/input/down", "/items/0/input/down"),
    ],
)
def test_an_image_knows_where_its_values_were_written(
    members: dict[str, Any], pointer: str, place: str
) -> None:
    assert written(pointer, order(**members)) == place


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"prompt": "a", "negative_prompt": "b"}, "/negative_prompt"),
        ({"prompt": "a"}, "/persona_id"),
        ({"items": [{"prompt": "a", "negative_prompt": "b"}]}, "/items/0/negative_prompt"),
        ({"items": ONE, "negative_prompt": "b"}, "/negative_prompt"),
        ({"items": ONE}, "/persona_id"),
    ],
)
def test_a_negative_prompt_that_the_caller_does_not_give_is_the_personas(
    members: dict[str, Any], place: str
) -> None:
    assert written("/negative_prompt", order(**members)) == place


@pytest.mark.parametrize(
    ("members", "pointer", "place"),
    [
        ({}, "/size", "/template_id"),
        ({"size": "64x64"}, "/size", "/size"),
        ({"width": 64, "height": 64}, "/size", "/width"),
        ({"aspect_ratio": "1:1"}, "/size", "/aspect_ratio"),
        ({}, "/negative_prompt", "/template_id"),
        ({"persona_id": "brand"}, "/negative_prompt", "/persona_id"),
        ({"negative_prompt": "rain"}, "/negative_prompt", "/negative_prompt"),
    ],
)
def test_a_value_of_the_template_is_refused_by_the_templates_field(
    members: dict[str, Any], pointer: str, place: str
) -> None:
    made = order(prompt="a", template_id="our-posts", template=template("1:1"), **members)
    assert written(pointer, made) == place


def test_a_size_that_the_template_does_not_give_is_not_its_fault() -> None:
    made = order(prompt="a", template_id="our-posts", template=template())
    assert written("/size", made) == "/size"


def test_errors_of_a_plan_point_to_what_the_caller_wrote() -> None:
    made = order(items=[{"prompt": "a"}, {"prompt": "x" * 32_000}], provider={"id": "builtin"})
    with pytest.raises(InvalidRequestError) as caught, locate_errors({"": "/jobs/2"}):
        plan_job(made)
    assert [field.pointer for field in caught.value.fields] == ["/jobs/2/items/1/prompt"]


def test_an_error_keeps_its_type_code_and_detail() -> None:
    with pytest.raises(UnknownModelError) as caught, locate_errors({"": "/items/3"}):
        raise UnknownModelError(FieldError("/prompt", "code", "detail"))
    assert caught.value.fields == (FieldError("/items/3/prompt", "code", "detail"),)


def test_one_mistake_that_every_image_shares_is_told_once() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        plan_job(order(prompt="x" * 32_000, variations=3, provider={"id": "builtin"}))
    (field,) = caught.value.fields
    assert (field.pointer, field.code) == ("/prompt", "too-long")
