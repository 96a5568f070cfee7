"""The intake of orders: recipes under bodies, personas, recipients and health."""

import json
from base64 import b64encode
from collections.abc import Collection
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from studio.domain.jobs.model import Origin
from studio.domain.orders.plan import obstacles
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.prompt_parts import UNTOUCHED, PromptParts
from studio.domain.prompts.persona import Persona
from studio.domain.webhooks.recipients import Recipients
from studio.errors import InvalidRequestError
from studio.services.orders.body import JobBody
from studio.services.orders.reading import read
from tests.support.builders import TENANT
from tests.support.intake import BODY, OWN, IntakeBench, refused


def test_a_recipe_lies_under_a_body_and_is_remembered() -> None:
    taken = IntakeBench().take({"recipe_id": "small", "prompt": "b", "output": {"quality": 90}})
    (image,) = taken.images
    assert (image.prompt, image.width, image.height) == ("b", 64, 64)
    assert (taken.output_format, taken.output_quality) == ("png", 90)
    assert taken.origin == Origin(recipe_id="small", recipe_version=1)


def test_where_an_order_comes_from_is_kept_beside_its_recipe_and_folder() -> None:
    origin = Origin(batch_id="bat_1", batch_line=3)
    taken = IntakeBench().take({"recipe_id": "small", "folder": "SKU-1"}, origin=origin)
    assert taken.origin == Origin("small", 1, "SKU-1", "bat_1", 3)


@pytest.mark.parametrize("tenant", [TENANT, "rival"])
def test_a_recipe_that_the_tenant_has_not_is_refused_by_its_field(tenant: str) -> None:
    name = "large" if tenant == TENANT else "small"
    (field,) = refused(IntakeBench(), {"recipe_id": name}, tenant)
    assert (field.pointer, field.code) == ("/recipe_id", "recipe-unknown")


def test_the_same_key_of_two_tenants_gives_two_seeds() -> None:
    body = {**BODY, "variations": 2}
    own, rivals = (IntakeBench().take(body, tenant) for tenant in (TENANT, "rival"))
    assert own.images[0].default_seed != rivals.images[0].default_seed
    assert own.images == IntakeBench().take(body).images


def test_a_body_names_its_persona_and_asks_for_enhancement() -> None:
    intake, brand = IntakeBench(), Persona("our-brand", 1, ("matte colours",))
    asked = {**BODY, "persona_id": "our-brand", "enhance_prompt": True}
    assert intake.take(asked).prompt_parts == PromptParts(brand, enhance=True)
    body = read(JobBody, json.dumps(asked))
    assert intake.intake.preview(TENANT, body, created_by="ann").prompt_parts == PromptParts(
        brand, enhance=True
    )
    assert intake.take(BODY).prompt_parts == UNTOUCHED


@pytest.mark.parametrize("tenant", [TENANT, "rival"])
def test_a_persona_that_the_tenant_has_not_is_refused_by_its_field(tenant: str) -> None:
    intake = IntakeBench()
    asked = {**BODY, "persona_id": "none" if tenant == TENANT else "our-brand"}
    (field,) = refused(intake, asked, tenant)
    assert (field.pointer, field.code) == ("/persona_id", "persona-unknown")
    with pytest.raises(InvalidRequestError, match="/persona_id"):
        intake.intake.preview(tenant, read(JobBody, json.dumps(asked)), created_by="ann")


def test_mail_goes_to_the_teams_own_domains_only() -> None:
    intake = IntakeBench()
    intake.intake = replace(
        intake.intake, recipients=Recipients.of("Studio <s@Shop.test>", "press.test, ")
    )
    for address in ("ann@shop.test", "bob@PRESS.test"):
        assert intake.take({**BODY, "notify": {"email": address}}).notify_email == address
    for address in ("ann@evil.test", "ann@sub.shop.test", "ann@shop.test.evil.test"):
        (field,) = refused(intake, {**BODY, "notify": {"email": address}})
        assert (field.pointer, field.code) == ("/notify/email", "not-allowed")


def test_a_stack_without_a_sender_says_that_it_sends_no_mail() -> None:
    intake = IntakeBench()
    intake.intake = replace(intake.intake, recipients=Recipients.of("", "shop.test"))
    (field,) = refused(intake, {**BODY, "notify": {"email": "a@shop.test"}})
    assert field.detail == "This stack sends no mail"


def asked_of(providers: tuple[str, ...], document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the models whose health a body is taken with, and check that the order keeps it."""
    asked: list[tuple[str, str]] = []

    def failing(tenant: str, models: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        assert tenant == TENANT
        asked.extend(models)
        return frozenset(models)

    intake = IntakeBench()
    intake.intake = replace(intake.intake, providers=providers, failing=failing)
    order = intake.take(document)
    assert order.failing == frozenset(asked)
    return asked


def test_health_is_asked_of_every_model_that_may_be_chosen() -> None:
    asked = asked_of(("builtin", "runware"), BODY)
    assert {provider for provider, _ in asked} == {"builtin", "runware"}
    assert ("runware", "runware:101@1") in asked
    fallback = [{"id": "openai"}, {"id": "runware"}]
    own = asked_of(("builtin",), {**BODY, "provider": {"mode": "auto", "fallback": fallback}})
    assert {provider for provider, _ in own} == {"openai", "runware", "builtin"}


@pytest.mark.parametrize(
    ("providers", "provider"),
    [
        (("runware",), {"mode": "auto"}),
        (("builtin", "runware"), {"id": "openai"}),
        (("builtin", "runware"), {"id": "openai", "fallback": [{"id": "runware"}]}),
    ],
)
def test_health_is_not_asked_where_there_is_nothing_to_choose(
    providers: tuple[str, ...], provider: dict[str, Any]
) -> None:
    assert asked_of(providers, {**BODY, "provider": provider}) == []


def test_an_unknown_provider_has_no_health() -> None:
    asked = asked_of(("unknown", "runware"), BODY)
    assert {provider for provider, _ in asked} == {"runware"}


def test_a_preview_is_taken_with_the_same_health_as_an_order() -> None:
    intake = IntakeBench().intake
    failing = frozenset({("runware", "runware:101@1")})
    intake = replace(intake, providers=("builtin", "runware"), failing=lambda *_: failing)
    body = read(JobBody, json.dumps(BODY))
    assert intake.preview(TENANT, body, created_by="ann").failing == failing


def test_order_and_preview_know_the_size_of_an_asset() -> None:
    intake = IntakeBench()
    image = replace(intake.asset.image, width=4000, height=4000)
    intake.memory.assets[TENANT, OWN] = replace(intake.asset, image=image)
    document = {
        "operation": "upscale.fast", "provider": {"id": "stability"},
        "sources": [{"asset_id": OWN}],
    }  # fmt: skip
    body = read(JobBody, json.dumps(document))
    for order in (intake.take(document), intake.intake.preview(TENANT, body, created_by="ann")):
        (error,) = obstacles(plan_job(order))
        assert isinstance(error, InvalidRequestError)
        (field,) = error.fields
        assert (field.pointer, field.code) == ("/sources/0", "source-too-large")


@pytest.mark.parametrize("name", ["sources", "items"])
def test_order_and_preview_know_the_size_of_an_image_in_the_body(name: str) -> None:
    buffer = BytesIO()
    Image.new("L", (4000, 2500)).save(buffer, "PNG")
    sources = [{"base64": b64encode(buffer.getvalue()).decode()}]
    given = {"sources": sources} if name == "sources" else {"items": [{"sources": sources}]}
    document = {"operation": "upscale.fast", "provider": {"id": "stability"}, **given}
    body, intake = read(JobBody, json.dumps(document)), IntakeBench()
    for order in (intake.take(document), intake.intake.preview(TENANT, body, created_by="ann")):
        (error,) = obstacles(plan_job(order))
        assert isinstance(error, InvalidRequestError)
        (field,) = error.fields
        place = "/sources/0" if name == "sources" else "/items/0/sources/0"
        assert (field.pointer, field.code) == (place, "source-too-large")
        assert "4000 x 2500" in field.detail


def test_only_providers_that_need_a_key_are_looked_up() -> None:
    asked: list[list[str]] = []

    class Keys:
        def missing(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
            asked.append(sorted(providers))
            return frozenset({"openai"})

        def disabled(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
            return frozenset({"bedrock"}).intersection(providers)

    intake = replace(IntakeBench().intake, keys=Keys())
    body = read(JobBody, json.dumps(BODY))
    assert intake.preview(TENANT, body, created_by="ann").unconfigured == frozenset()
    assert asked == []
    named = {**BODY, "provider": {"id": "bedrock", "fallback": [{"id": "openai"}]}}
    order = intake.preview(TENANT, read(JobBody, json.dumps(named)), created_by="ann")
    assert order.unconfigured == {"openai"}
    assert order.disabled == {"bedrock"}
    assert asked == [["openai"]]
