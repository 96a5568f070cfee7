"""What is known before an order to make every call fail: a missing key, an unusable source."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.catalogue.orderable import card_of_day
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.operations.values import Role
from studio.domain.orders.plan import check_usable, obstacle_warnings
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.errors import CredentialsMissingError, InvalidRequestError
from tests.support.builders import TODAY, an_order

PHOTO = SourceRef(asset_id="a", key="k", media_type="image/png", bytes=9, width=800, height=600)


def auto(*providers: str, without: tuple[str, ...], **changes: Any) -> JobRequest:
    order = replace(an_order(**changes), provider=None, providers=providers)
    return replace(order, unconfigured=frozenset(without))


def test_a_named_provider_without_a_key_is_an_obstacle() -> None:
    plan = plan_job(an_order(unconfigured=frozenset({"openai"})))
    assert obstacle_warnings(plan) == ("no key is stored for provider openai",)
    with pytest.raises(CredentialsMissingError):
        check_usable(plan)
    check_usable(plan_job(an_order(unconfigured=frozenset({"runware"}))))


def test_a_substitute_with_a_key_makes_up_for_a_missing_one() -> None:
    order = an_order(fallback=(("runware", None),), unconfigured=frozenset({"openai"}))
    plan = plan_job(order)
    check_usable(plan)
    (warning,) = plan.warnings
    assert warning == "no key is stored for provider openai: runware is used instead."


def test_a_substitute_without_a_key_is_none() -> None:
    order = an_order(fallback=(("runware", None),), unconfigured=frozenset({"runware"}))
    plan = plan_job(order)
    assert plan.images[0].spec.substitutes == ()
    (warning,) = plan.warnings
    assert warning.endswith("will not: no key is stored for provider runware.")


def test_the_automatic_choice_leaves_out_a_provider_without_a_key() -> None:
    both = plan_job(auto("runware", "openai", without=()))
    assert both.choice is not None
    assert both.choice.provider == "runware"
    one = plan_job(auto("runware", "openai", without=("runware",)))
    assert one.choice is not None
    assert one.choice.provider == "openai"
    assert one.choice.reason == "It can be used now; runware would be next."
    assert one.images[0].spec.substitutes == ()
    check_usable(one)


def test_a_choice_of_providers_without_keys_is_an_obstacle() -> None:
    with pytest.raises(CredentialsMissingError):
        check_usable(plan_job(auto("runware", "openai", without=("openai", "runware"))))
    preview = plan_job(auto("builtin", "openai", without=("openai",)))
    assert preview.images[0].spec.provider == "builtin"


def upscale(provider: str, width: int, height: int, **changes: Any) -> JobRequest:
    source = replace(PHOTO, width=width, height=height)
    images = [ImageRequest(None, None, None, sources=(source,))]
    return an_order(operation="upscale.fast", provider=provider, images=images, **changes)


@pytest.mark.parametrize("provider", ["stability", "bedrock", "runware"])
def test_a_source_beyond_a_limit_of_an_upscaler_is_an_obstacle(provider: str) -> None:
    models = [
        model
        for model in card_of_day(provider, TODAY).models.values()
        if "upscale.fast" in model.operations
    ]
    assert models
    for model in models:
        rules = model.sources
        side = min(rules.max_side or 4096, 4096)
        plan = plan_job(upscale(provider, side + 1, side // 8, model=model.id))
        with pytest.raises(InvalidRequestError) as caught:
            check_usable(plan)
        (field,) = caught.value.fields
        assert (field.pointer, field.code) == ("/items/0/sources/0", "source-too-large")
        assert obstacle_warnings(plan) == (field.detail,)
        if rules.max_pixels is not None:
            height = rules.max_pixels // side
            check_usable(plan_job(upscale(provider, side, height, model=model.id)))
            with pytest.raises(InvalidRequestError, match="pixels in all"):
                check_usable(plan_job(upscale(provider, side, height + 1, model=model.id)))


def test_the_automatic_choice_takes_an_upscaler_that_the_source_fits() -> None:
    order = replace(upscale("stability", 1600, 600), provider=None)
    plan = plan_job(replace(order, providers=("stability", "runware")))
    assert plan.images[0].spec.provider == "runware"
    check_usable(plan)


def test_an_edit_makes_its_large_source_smaller_and_refuses_a_tiny_one() -> None:
    def an_edit(width: int, height: int) -> JobRequest:
        source = replace(PHOTO, width=width, height=height)
        images = [ImageRequest("a hat", None, None, sources=(source,))]
        return an_order(operation="edit.general", provider="wavespeed", images=images)

    check_usable(plan_job(an_edit(6000, 6000)))
    check_usable(plan_job(an_edit(64, 64)))
    with pytest.raises(InvalidRequestError) as caught:
        check_usable(plan_job(an_edit(63, 64)))
    assert caught.value.fields[0].code == "source-too-small"


@pytest.mark.parametrize("role", ["mask", "style_image"])
def test_a_second_file_counts_by_its_role(role: Role) -> None:
    tiny = replace(PHOTO, role=role, width=8, height=8)
    operation = "edit.inpaint" if role == "mask" else "control.style_transfer"
    images = [ImageRequest("a", None, None, sources=(PHOTO, tiny))]
    plan = plan_job(an_order(operation=operation, provider="stability", images=images))
    if role == "mask":
        check_usable(plan)
        return
    with pytest.raises(InvalidRequestError) as caught:
        check_usable(plan)
    assert caught.value.fields[0].pointer == "/items/0/style_image"


def test_a_source_of_unknown_size_is_no_obstacle() -> None:
    unknown = SourceRef(url="https://example.org/a.png")
    images = [ImageRequest(None, None, None, sources=(unknown,))]
    check_usable(plan_job(an_order(operation="upscale.fast", provider="stability", images=images)))
