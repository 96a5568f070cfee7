"""Recipes: laying changes over a body, and writing a job's body down again."""

import json
from dataclasses import replace

import pytest

from studio.domain.jobs.image_spec import SourceRef, Substitute
from studio.domain.jobs.model import Origin
from studio.domain.orders.plan import PlannedImage
from studio.domain.orders.plan_job import plan_job
from studio.domain.prompts.persona import Persona
from studio.domain.recipes.from_job import body_of
from studio.domain.recipes.model import merged
from studio.domain.routing.fallback import switch_to_substitute
from studio.services.orders.body import JobBody
from studio.services.orders.order import OrderContext, job_request_of
from studio.services.orders.reading import read
from tests.support.builders import TODAY, a_job, a_spec, an_item


@pytest.mark.parametrize(
    ("body", "changes", "result"),
    [
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1}, {"a": 2, "b": 3}, {"a": 2, "b": 3}),
        ({"a": 1, "b": 2}, {"a": None, "c": None}, {"b": 2}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
        ({"a": {"b": 1}}, {"a": {"b": None}}, {"a": {}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": {"b": 2, "c": None}}, {"a": {"b": 2}}),
        ({"a": {"b": 1}}, {"a": 2}, {"a": 2}),
        ({}, {"a": {"b": {"c": None}}}, {"a": {"b": {}}}),
    ],
)
def test_changes_are_merged_as_rfc_7396_says(
    body: dict[str, object], changes: dict[str, object], result: dict[str, object]
) -> None:
    before = json.dumps(body)
    assert merged(body, changes) == result
    assert json.dumps(body) == before


def test_the_body_of_a_job_orders_the_same_images_again() -> None:
    job = a_job(images=2, origin=Origin(folder="SKU-1"), labels={"article": "7"})
    common = {
        "provider": "runware", "model": "runware:97@1", "quality": "premium",
        "warnings": ("HiDream-I1 full has no premium quality: its own is used.",),
        "output_format": "png", "output_quality": 70, "steps": 30, "guidance": "3.5",
        "width": 1024, "height": 768, "folder": "SKU-1",
    }  # fmt: skip
    specs = [
        a_spec(
            **common, prompt="a", negative_prompt="text", seed=7, label="Hero", type="featured",
            position=1, title="Foxes",
        ),
        a_spec(**common, prompt="b"),
    ]  # fmt: skip
    items = [an_item(job, number, spec=spec) for number, spec in enumerate(specs, 1)]
    body = read(JobBody, json.dumps(body_of(job, items)))
    context = OrderContext("user-1", TODAY, ("builtin",), lambda _: {})
    order = job_request_of(body, context)
    assert [image.spec for image in plan_job(order).images] == specs
    assert order.labels == (("article", "7"),)
    assert order.origin == Origin(folder="SKU-1")


def test_the_body_of_a_job_names_who_was_asked_and_who_took_over() -> None:
    heirs = (Substitute("runware", "runware:101@1"), Substitute("gemini", "gemini-3-pro-image"))
    job, spec = a_job(images=1), a_spec(substitutes=heirs)
    asked = {"id": "openai", "model": "gpt-image-2"}
    fallback = [{"id": one.provider, "model": one.model} for one in heirs]
    item = an_item(job, spec=spec)
    assert body_of(job, [item])["provider"] == {**asked, "fallback": fallback}
    taken = replace(item, spec=switch_to_substitute(item, "it is ill"))
    assert body_of(job, [taken])["provider"] == {**asked, "fallback": fallback}


def test_the_body_of_a_job_has_the_callers_own_words_and_adds_to_them_anew() -> None:
    brand = Persona("our-brand", 3, style=("matte colours",), avoid=("text",))
    ordered = {
        "operation": "generate",
        "items": [{"title": "later"}, {"prompt": "a", "negative_prompt": "rain"}, {"prompt": "b"}],
        "provider": {"id": "stability"},
        "enhance_prompt": True,
        "persona_id": "our-brand",
    }

    def planned(document: dict[str, object]) -> tuple[PlannedImage, ...]:
        body = read(JobBody, json.dumps(document))
        context = OrderContext("ann", TODAY, (), lambda _: {}, persona=brand)
        return plan_job(job_request_of(body, context)).images

    images, job = planned(ordered), a_job(images=3)
    items = [an_item(job, number, spec=one.spec) for number, one in enumerate(images, 1)]
    body = body_of(job, items)
    assert (body["enhance_prompt"], body["persona_id"]) == (True, "our-brand")
    written = body["items"]
    assert isinstance(written, list)
    assert [item.get("prompt") for item in written] == [None, "a", "b"]
    assert planned(body) == images
    plain = body_of(job, [an_item(job, spec=a_spec())])
    assert {"enhance_prompt", "persona_id", "template_id"} & set(plain) == set()


def test_the_body_of_a_job_names_its_template_and_stays_as_large_without_it() -> None:
    job, spec = a_job(images=1), a_spec(template="our-posts@4", original_prompt="a fox")
    body = body_of(job, [an_item(job, spec=spec)])
    assert body["template_id"] == "our-posts"
    assert body["items"] == [{"prompt": "a fox", "size": "64x64"}]


def test_the_body_of_a_job_names_its_sources() -> None:
    job = a_job(images=1)
    sources = (
        SourceRef(asset_id="ast_1", key="assets/a.jpg", width=1, height=1),
        SourceRef(url="https://example.org/a.jpg"),
    )
    body = body_of(job, [an_item(job, spec=a_spec(sources=sources, strength="0.5"))])
    assert body["items"] == [
        {
            "prompt": "a red fox",
            "size": "64x64",
            "sources": [{"asset_id": "ast_1"}, {"url": "https://example.org/a.jpg"}],
        }
    ]
    assert body["strength"] == 0.5
