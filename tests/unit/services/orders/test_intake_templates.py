"""The intake of templates: what they give, and what a body says instead."""

import json
from typing import Any

import pytest

from studio.domain.orders.plan_job import plan_job
from studio.domain.templates.builtin import builtin_templates
from studio.errors import InvalidRequestError
from studio.services.orders.body import JobBody
from studio.services.orders.reading import read
from tests.support.builders import TENANT
from tests.support.intake import BODY, IntakeBench, refused


def test_a_template_gives_what_the_body_does_not_say() -> None:
    intake = IntakeBench()
    taken = intake.take({**BODY, "template_id": "our-posts"})
    (image,) = taken.images
    assert (image.width, image.height, taken.quality) == (1080, 1350, "premium")
    assert (taken.provider, taken.suggested) == (None, "openai")
    template = taken.prompt_parts.template
    assert template is not None
    assert (template.name, template.style) == ("our-posts@1", ("flat light",))
    own = {"size": "64x64", "quality": "standard", "provider": {"id": "builtin"}}
    said = intake.take({**BODY, "template_id": "our-posts", **own})
    assert (said.images[0].width, said.quality) == (64, "standard")
    assert (said.provider, said.suggested) == ("builtin", None)


@pytest.mark.parametrize(
    ("members", "sides"),
    [
        ({"size": "64x96"}, (64, 96)),
        ({"width": 64, "height": 96}, (64, 96)),
        ({"aspect_ratio": "1:1"}, (1024, 1024)),
        ({}, (1080, 1350)),
        ({"template_id": "web.article-inline"}, (1200, 800)),
        ({"template_id": None}, (1024, 1024)),
    ],
)
def test_any_size_that_the_body_gives_wins(members: dict[str, Any], sides: tuple[int, int]) -> None:
    (image,) = IntakeBench().take({**BODY, "template_id": "our-posts", **members}).images
    assert (image.width, image.height) == sides


def test_an_items_own_size_wins_over_the_templates() -> None:
    body = {"operation": "generate", "items": [{"prompt": "a"}, {"prompt": "b", "size": "64x64"}]}
    images = IntakeBench().take({**body, "template_id": "our-posts"}).images
    assert [image.width for image in images] == [1080, 64]


def test_a_recipe_may_name_a_template_and_a_body_over_it_another() -> None:
    intake = IntakeBench()
    taken = intake.take({"recipe_id": "small", "template_id": "instagram.story"})
    assert taken.prompt_parts.template == builtin_templates()["instagram.story"]
    # The recipe says a size, and it is laid over the template as the body is.
    assert (taken.images[0].width, taken.images[0].height) == (64, 64)


@pytest.mark.parametrize("name", ["none", "instagram.none", "search"])
@pytest.mark.parametrize("tenant", [TENANT, "rival"])
def test_a_template_that_is_not_there_is_refused_by_its_field(name: str, tenant: str) -> None:
    name = "our-posts" if tenant == "rival" and name == "none" else name
    (field,) = refused(IntakeBench(), {**BODY, "template_id": name}, tenant)
    assert (field.pointer, field.code) == ("/template_id", "template-unknown")


def test_a_look_at_an_order_has_its_template() -> None:
    body = read(JobBody, json.dumps({**BODY, "template_id": "web.product-white"}))
    order = IntakeBench().intake.preview("rival", body, created_by="ann")
    assert (order.images[0].width, order.quality) == (2000, "premium")


def test_a_quality_of_the_template_that_is_not_made_names_the_template() -> None:
    intake = IntakeBench()
    document = {**BODY, "template_id": "our-posts", "strict": True}
    document["provider"] = {"id": "builtin"}
    with pytest.raises(InvalidRequestError) as caught:
        plan_job(intake.take(document))
    assert "/template_id" in [field.pointer for field in caught.value.fields]
    own = intake.take(document | {"quality": "premium"})
    with pytest.raises(InvalidRequestError) as caught:
        plan_job(own)
    assert "/quality" in [field.pointer for field in caught.value.fields]
