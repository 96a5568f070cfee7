"""The studio's own templates: complete, sound, and with the sizes that the platforms' data say."""

import re
from collections import Counter
from typing import get_args

import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.operations.values import Quality
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.prompt_parts import PromptParts
from studio.domain.orders.request import ImageRequest
from studio.domain.platforms.catalogue import format_of
from studio.domain.platforms.model import PlatformId
from studio.domain.templates.builtin import builtin_templates
from studio.domain.templates.model import Category, Template, ratio_of
from studio.ids import RECIPE_ID, TEMPLATE_ID
from studio.services.orders.body import MAX_SIDE, MIN_SIDE
from tests.support.builders import an_order

TEMPLATES = list(builtin_templates().values())
each_template = pytest.mark.parametrize("one", TEMPLATES, ids=lambda one: one.template_id)


def test_there_is_a_template_for_every_platform_and_category() -> None:
    assert len(TEMPLATES) == 60
    assert {one.category for one in TEMPLATES} == set(get_args(Category))
    for platform in get_args(PlatformId):
        categories = Counter(one.category for one in TEMPLATES if one.platform == platform)
        assert {"post", "cover", "avatar"} <= set(categories), platform
    assert len({one.title for one in TEMPLATES}) == len(TEMPLATES)
    assert len({one.style for one in TEMPLATES if one.category != "avatar"}) > 45


@each_template
def test_a_template_is_whole_and_no_tenant_can_take_its_name(one: Template) -> None:
    assert TEMPLATE_ID.fullmatch(one.template_id)
    assert not RECIPE_ID.fullmatch(one.template_id)
    assert one.builtin
    assert one.template_id.partition(".")[0] == (one.platform or "web")
    assert one.title
    assert str(one.description).endswith(".")
    assert one.style
    assert len(one.keywords) >= 4
    assert all(0 < len(phrase) <= 80 for phrase in (*one.style, *one.avoid))
    assert one.quality is None or one.quality in get_args(Quality)


@each_template
def test_the_size_of_a_template_is_that_of_its_format(one: Template) -> None:
    if one.platform is None:
        assert one.format_id is None
        assert (one.width, one.height) != (None, None)
        assert one.aspect_ratio == ratio_of(int(one.width or 0), int(one.height or 0))
    else:
        shown = format_of(str(one.format_id))
        assert shown.platform == one.platform
        assert (one.width, one.height, one.aspect_ratio) == (
            shown.width, shown.height, shown.ratio,
        )  # fmt: skip
        assert (one.category == "ad") == (shown.kind == "ad")
    assert all(MIN_SIDE <= int(side or 0) <= MAX_SIDE for side in (one.width, one.height))


@each_template
def test_an_order_by_it_can_be_made_with_whom_it_suggests_and_with_the_preview(
    one: Template,
) -> None:
    for provider in filter(None, {"builtin", one.provider}):
        assert provider in provider_ids()
        image = ImageRequest("a red fox", one.width, one.height)
        prompt_parts = PromptParts(template=one)
        order = an_order(provider=provider, images=[image], prompt_parts=prompt_parts)
        plan = plan_job(order)
        spec = plan.images[0].spec
        assert provider == "builtin" or plan.all_warnings == (), (
            "it takes all that the template says"
        )
        assert (spec.width, spec.height, spec.template) == (one.width, one.height, one.name)
        assert str(spec.prompt).startswith(f"a red fox, {one.style[0]}")
    assert one.provider is None or not provider_card(one.provider).preview


def test_a_size_is_said_in_its_lowest_terms() -> None:
    assert ratio_of(1600, 900) == "16:9"
    assert ratio_of(1024, 1024) == "1:1"
    assert re.fullmatch(r"[0-9]+:[0-9]+", ratio_of(1128, 191))
