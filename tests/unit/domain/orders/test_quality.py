"""A quality level that a model does not make is never dropped in silence."""

from dataclasses import replace

import pytest

from studio.domain.catalogue.orderable import card_of_day
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.operations.values import Quality
from studio.domain.orders.plan_job import plan_job
from studio.errors import InvalidRequestError
from tests.support.builders import TODAY, an_order

PHOTO = SourceRef(asset_id="a", key="k", media_type="image/png", bytes=9, width=800, height=600)


@pytest.mark.parametrize(
    ("provider", "model", "level"),
    [
        ("runware", None, "premium"),
        ("runware", "runware:101@1", "draft"),
        ("runware", "runware:97@1", "premium"),
        ("wavespeed", "wavespeed-ai/flux-dev", "premium"),
        ("huggingface", None, "premium"),
        ("gemini", "gemini-3-pro-image", "draft"),
        ("stability", "core", "premium"),
        ("bedrock", "stability.sd3-5-large-v1:0", "premium"),
        ("builtin", None, "premium"),
    ],
)
def test_a_level_that_the_model_does_not_make_warns_or_is_refused(
    provider: str, model: str | None, level: Quality
) -> None:
    order = an_order(provider=provider, model=model, quality=level)
    (image,) = plan_job(order).images
    (warning,) = image.spec.warnings
    assert f"has no {level} quality" in warning
    with pytest.raises(InvalidRequestError) as caught:
        plan_job(replace(order, strict=True))
    assert [(one.pointer, one.code) for one in caught.value.fields] == [("/quality", "not-taken")]


@pytest.mark.parametrize(
    ("provider", "level", "model"),
    [
        ("runware", "draft", "runware:100@1"),
        ("wavespeed", "draft", "wavespeed-ai/flux-schnell"),
        ("wavespeed", "premium", "ideogram-ai/ideogram-v3-quality"),
        ("huggingface", "draft", "fal-ai/black-forest-labs/FLUX.1-schnell"),
        ("gemini", "premium", "gemini-3-pro-image"),
        ("openai", "premium", "gpt-image-2"),
        ("stability", "premium", "ultra"),
    ],
)
def test_a_level_selects_its_own_model_where_models_differ(
    provider: str, level: Quality, model: str
) -> None:
    (image,) = plan_job(an_order(provider=provider, quality=level, strict=True)).images
    assert (image.spec.model, image.spec.warnings) == (model, ())


def test_a_level_of_an_edit_selects_its_own_model() -> None:
    order = an_order(operation="edit.general", sources=(PHOTO,), provider="runware")
    better = plan_job(replace(order, quality="premium", strict=True)).images[0].spec
    assert (better.model, better.warnings) == ("bfl:3@1", ())
    (image,) = plan_job(replace(order, quality="draft")).images
    assert image.spec.model == "runware:106@1"
    assert "has no draft quality" in image.spec.warnings[0]


@pytest.mark.parametrize("provider", ["runware", "wavespeed", "huggingface", "builtin", "gemini"])
def test_the_standard_level_is_no_wish(provider: str) -> None:
    for model in card_of_day(provider, TODAY).models.values():
        if "generate" in model.operations and model.lifecycle.state == "active":
            order = an_order(provider=provider, model=model.id, strict=True)
            assert plan_job(order).images[0].spec.warnings == ()


def test_a_default_quality_decides_nothing_in_the_choice() -> None:
    order = replace(an_order(), provider=None, providers=("openai", "runware"))
    choice = plan_job(order).choice
    assert choice is not None
    assert (choice.provider, choice.reason) == ("runware", "It costs less; openai would be next.")
    chosen = plan_job(replace(order, quality="premium")).choice
    assert chosen is not None
    assert chosen.provider == "openai"
    assert chosen.reason.startswith("It takes more of what was asked for")


def test_a_limit_takes_the_standard_model_if_the_level_has_no_known_price() -> None:
    order = an_order(provider="runware", quality="draft")
    assert plan_job(order).unpriced == 1
    (limited,) = plan_job(replace(order, limited=True)).images
    assert limited.spec.model == "runware:101@1"
    assert limited.estimate.micros == 1_300
    assert "has no draft quality" in limited.spec.warnings[0]
    assert plan_job(replace(order, limited=True, strict=True)).unpriced == 1
