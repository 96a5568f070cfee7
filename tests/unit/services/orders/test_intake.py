"""The desk: recipes under bodies, and the pictures that bodies name."""

import json
from base64 import b64encode
from collections.abc import Collection
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from studio.domain.assets.model import AssetKind, inline_key
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import Origin
from studio.domain.orders.plan import obstacles
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.prompt_parts import UNTOUCHED, PromptParts
from studio.domain.orders.request import JobRequest
from studio.domain.prompts.persona import Persona
from studio.domain.recipes.model import Recipe
from studio.domain.templates.builtin import builtin_templates
from studio.domain.uploads.model import Upload
from studio.domain.webhooks.recipients import Recipients
from studio.errors import FieldError, InvalidRequestError
from studio.services.orders.body import JobBody
from studio.services.orders.intake import JobRequestIntake
from studio.services.orders.reading import read
from tests.support.builders import TENANT, a_job, an_asset, an_item
from tests.support.fakes.edges import START, FakeBlobStore
from tests.support.fakes.recipes import FakeRecipeStore
from tests.support.fakes.stores import FakeAssetStore, Memory

BODY = {"operation": "generate", "prompt": "a"}
OWN = "ast_01KGA2Y3Z4M5N6P7Q8R9S0T1V1"
UNKNOWN = "ast_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"
UPLOAD = Upload(
    TENANT, "upl_01KGA2Y3Z4M5N6P7Q8R9S0T1V3", "k", "SKU-1", "a.png", "image/png", 9, START,
    asset_id=OWN,
)  # fmt: skip


class Harness:
    """A desk with one recipe, one persona and one picture of the tenant."""

    def __init__(self) -> None:
        self.memory = memory = Memory()
        self.asset = an_asset(an_item(a_job(), asset_id=OWN))
        memory.assets[TENANT, OWN] = self.asset
        self.blobs = FakeBlobStore()
        recipes = FakeRecipeStore()
        saved = {**BODY, "size": "64x64", "output": {"format": "png", "quality": 70}}
        recipes.put(Recipe(TENANT, "small", 0, None, saved, START, START, "ann"), None)
        personas = FakeRecipeStore()
        words = {"style": ["matte colours"]}
        personas.put(Recipe(TENANT, "our-brand", 0, None, words, START, START, "ann"), None)
        templates = FakeRecipeStore()
        settings = {
            "category": "post", "width": 1080, "height": 1350, "style": ["flat light"],
            "provider": "openai", "quality": "premium",
        }  # fmt: skip
        templates.put(Recipe(TENANT, "our-posts", 0, None, settings, START, START, "ann"), None)
        self.intake = JobRequestIntake(
            recipes.get,
            personas.get,
            templates.get,
            FakeAssetStore(memory),
            lambda: self.blobs,
            ("builtin",),
            lambda: START,
        )

    def take(self, document: dict[str, Any], tenant: str = TENANT, **known: Any) -> JobRequest:
        return self.intake.job_request(
            tenant, document, created_by="ann", seed_source="key", **known
        )


def refused(
    intake: Harness, document: dict[str, Any], tenant: str = TENANT
) -> tuple[FieldError, ...]:
    with pytest.raises(InvalidRequestError) as caught:
        intake.take(document, tenant)
    assert intake.blobs.blobs == {}
    return caught.value.fields


def test_a_recipe_lies_under_a_body_and_is_remembered() -> None:
    taken = Harness().take({"recipe_id": "small", "prompt": "b", "output": {"quality": 90}})
    (image,) = taken.images
    assert (image.prompt, image.width, image.height) == ("b", 64, 64)
    assert (taken.output_format, taken.output_quality) == ("png", 90)
    assert taken.origin == Origin(recipe_id="small", recipe_version=1)


def test_where_an_order_comes_from_is_kept_beside_its_recipe_and_folder() -> None:
    origin = Origin(batch_id="bat_1", batch_line=3)
    taken = Harness().take({"recipe_id": "small", "folder": "SKU-1"}, origin=origin)
    assert taken.origin == Origin("small", 1, "SKU-1", "bat_1", 3)


@pytest.mark.parametrize("tenant", [TENANT, "rival"])
def test_a_recipe_that_the_tenant_has_not_is_refused_by_its_field(tenant: str) -> None:
    name = "large" if tenant == TENANT else "small"
    (field,) = refused(Harness(), {"recipe_id": name}, tenant)
    assert (field.pointer, field.code) == ("/recipe_id", "recipe-unknown")


def test_the_same_key_of_two_tenants_gives_two_seeds() -> None:
    body = {**BODY, "variations": 2}
    own, rivals = (Harness().take(body, tenant) for tenant in (TENANT, "rival"))
    assert own.images[0].default_seed != rivals.images[0].default_seed
    assert own.images == Harness().take(body).images


def test_a_picture_of_the_tenant_is_a_source_with_all_its_facts() -> None:
    intake = Harness()
    (image,) = intake.take({**BODY, "sources": [{"asset_id": OWN}]}).images
    stored = intake.asset.image
    assert image.sources == (
        SourceRef(
            OWN, None, stored.key, stored.media_type, stored.bytes, stored.width, stored.height
        ),
    )


def test_pictures_that_nobody_has_or_somebody_else_has_are_named() -> None:
    intake = Harness()
    items = [{"prompt": "a"}, {"prompt": "b", "sources": [{"asset_id": OWN}]}]
    body = {"operation": "generate", "items": items, "sources": [{"asset_id": UNKNOWN}]}
    (field,) = refused(intake, body)
    assert (field.pointer, field.code) == ("/sources/0/asset_id", "asset-unknown")
    pointers = [field.pointer for field in refused(intake, body, "rival")]
    assert pointers == ["/sources/0/asset_id", "/items/1/sources/0/asset_id"]


@pytest.mark.parametrize(
    ("kind", "files", "pointers"),
    [
        ("image", {"audio": {"asset_id": OWN}}, ["/audio"]),
        ("video", {"audio": {"asset_id": OWN}}, ["/audio"]),
        ("video", {"mask": {"asset_id": OWN}}, ["/mask"]),
        ("model", {"style_image": {"asset_id": OWN}}, ["/style_image"]),
        ("video", {"background": {"asset_id": OWN}}, ["/background"]),
        ("model", {"lighting": {"asset_id": OWN}}, ["/lighting"]),
        ("video", {"sources": [{"url": "https://a.test/"}, {"asset_id": OWN}]}, ["/sources/1"]),
        ("image", {"sources": [{"asset_id": OWN}], "mask": {"asset_id": OWN}}, []),
        ("image", {"items": [{"audio": {"asset_id": OWN}}, {}]}, ["/items/0/audio"]),
    ],
)
def test_a_file_of_another_kind_than_its_part_is_refused_at_the_door(
    kind: AssetKind, files: dict[str, Any], pointers: list[str]
) -> None:
    intake = Harness()
    intake.memory.assets[TENANT, OWN] = replace(intake.asset, kind=kind)
    body = {"operation": "edit.replace_background_relight", **files}
    if not pointers:
        assert intake.take(body).images[0].sources
        return
    fields = refused(intake, body)
    assert [field.pointer for field in fields] == [f"{place}/asset_id" for place in pointers]
    assert {field.code for field in fields} == {"wrong-kind"}


def test_an_upload_is_no_recording() -> None:
    intake = Harness()
    intake.memory.uploads[TENANT, UPLOAD.upload_id] = UPLOAD
    (field,) = refused(intake, {**BODY, "audio": {"upload_id": UPLOAD.upload_id}})
    assert (field.pointer, field.code) == ("/audio/upload_id", "wrong-kind")
    assert field.detail == f"asset {OWN} is a picture: audio takes WAV or MP3 by url or base64"


def test_an_items_own_sources_win_over_those_of_all() -> None:
    common, own = {"url": "https://example.org/a"}, {"url": "https://example.org/b"}
    items = [{"prompt": "a"}, {"prompt": "b", "sources": [own]}]
    images = Harness().take({"operation": "generate", "items": items, "sources": [common]}).images
    assert [image.sources for image in images] == [
        (SourceRef(url=common["url"]),),
        (SourceRef(url=own["url"]),),
    ]


def test_bytes_that_come_along_wait_by_their_content() -> None:
    intake, data = Harness(), b"a picture, or not"
    body = {**BODY, "variations": 2, "sources": [{"base64": b64encode(data).decode()}]}
    key = inline_key(TENANT, sha256(data).hexdigest())
    for _ in range(2):
        images = intake.take(body).images
        assert [image.sources for image in images] == [(SourceRef(key=key),)] * 2
    assert intake.blobs.read(key) == (data, {})


@pytest.mark.parametrize("text", ["*", "YQ", "YQ==\n", "====", "a b="])
def test_what_is_no_base64_is_named_and_nothing_is_kept(text: str) -> None:
    (field,) = refused(Harness(), {**BODY, "sources": [{"base64": text}]})
    assert (field.pointer, field.code) == ("/sources/0/base64", "not-base64")


@pytest.mark.parametrize(
    "source",
    [
        {},
        {"url": "https://example.org", "base64": "YQ=="},
        {"asset_id": UNKNOWN, "url": "https://example.org"},
    ],
)
def test_a_source_is_named_in_one_way(source: dict[str, str]) -> None:
    (field,) = refused(Harness(), {**BODY, "sources": [source]})
    assert (field.pointer, field.code) == ("/sources/0", "exclusive")


def test_a_preview_looks_for_nothing_and_keeps_nothing() -> None:
    intake = Harness()
    sources = [{"asset_id": UNKNOWN}, {"base64": "YQ=="}]
    body = read(JobBody, json.dumps({**BODY, "sources": sources}))
    (image,) = intake.intake.preview(TENANT, body, created_by="ann").images
    assert len(image.sources) == 2
    assert intake.blobs.blobs == {}


def test_a_body_names_its_persona_and_asks_for_enhancement() -> None:
    intake, brand = Harness(), Persona("our-brand", 1, ("matte colours",))
    asked = {**BODY, "persona_id": "our-brand", "enhance_prompt": True}
    assert intake.take(asked).prompt_parts == PromptParts(brand, enhance=True)
    body = read(JobBody, json.dumps(asked))
    assert intake.intake.preview(TENANT, body, created_by="ann").prompt_parts == PromptParts(
        brand, enhance=True
    )
    assert intake.take(BODY).prompt_parts == UNTOUCHED


@pytest.mark.parametrize("tenant", [TENANT, "rival"])
def test_a_persona_that_the_tenant_has_not_is_refused_by_its_field(tenant: str) -> None:
    intake = Harness()
    asked = {**BODY, "persona_id": "none" if tenant == TENANT else "our-brand"}
    (field,) = refused(intake, asked, tenant)
    assert (field.pointer, field.code) == ("/persona_id", "persona-unknown")
    with pytest.raises(InvalidRequestError, match="/persona_id"):
        intake.intake.preview(tenant, read(JobBody, json.dumps(asked)), created_by="ann")


def test_mail_goes_to_the_teams_own_domains_only() -> None:
    intake = Harness()
    intake.intake = replace(
        intake.intake, recipients=Recipients.of("Studio <s@Shop.test>", "press.test, ")
    )
    for address in ("ann@shop.test", "bob@PRESS.test"):
        assert intake.take({**BODY, "notify": {"email": address}}).notify_email == address
    for address in ("ann@evil.test", "ann@sub.shop.test", "ann@shop.test.evil.test"):
        (field,) = refused(intake, {**BODY, "notify": {"email": address}})
        assert (field.pointer, field.code) == ("/notify/email", "not-allowed")


def test_a_stack_without_a_sender_says_that_it_sends_no_mail() -> None:
    intake = Harness()
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

    intake = Harness()
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


def test_a_provider_that_nobody_knows_has_no_health() -> None:
    asked = asked_of(("nobody", "runware"), BODY)
    assert {provider for provider, _ in asked} == {"runware"}


def test_a_preview_is_taken_with_the_same_health_as_an_order() -> None:
    intake = Harness().intake
    failing = frozenset({("runware", "runware:101@1")})
    intake = replace(intake, providers=("builtin", "runware"), failing=lambda *_: failing)
    body = read(JobBody, json.dumps(BODY))
    assert intake.preview(TENANT, body, created_by="ann").failing == failing


def test_a_template_gives_what_the_body_does_not_say() -> None:
    intake = Harness()
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
    (image,) = Harness().take({**BODY, "template_id": "our-posts", **members}).images
    assert (image.width, image.height) == sides


def test_an_items_own_size_wins_over_the_templates() -> None:
    body = {"operation": "generate", "items": [{"prompt": "a"}, {"prompt": "b", "size": "64x64"}]}
    images = Harness().take({**body, "template_id": "our-posts"}).images
    assert [image.width for image in images] == [1080, 64]


def test_a_recipe_may_name_a_template_and_a_body_over_it_another() -> None:
    intake = Harness()
    taken = intake.take({"recipe_id": "small", "template_id": "instagram.story"})
    assert taken.prompt_parts.template == builtin_templates()["instagram.story"]
    # The recipe says a size, and it is laid over the template as the body is.
    assert (taken.images[0].width, taken.images[0].height) == (64, 64)


@pytest.mark.parametrize("name", ["none", "instagram.none", "search"])
@pytest.mark.parametrize("tenant", [TENANT, "rival"])
def test_a_template_that_is_not_there_is_refused_by_its_field(name: str, tenant: str) -> None:
    name = "our-posts" if tenant == "rival" and name == "none" else name
    (field,) = refused(Harness(), {**BODY, "template_id": name}, tenant)
    assert (field.pointer, field.code) == ("/template_id", "template-unknown")


def test_a_look_at_an_order_has_its_template() -> None:
    body = read(JobBody, json.dumps({**BODY, "template_id": "web.product-white"}))
    order = Harness().intake.preview("rival", body, created_by="ann")
    assert (order.images[0].width, order.quality) == (2000, "premium")


def test_a_quality_of_the_template_that_is_not_made_names_the_template() -> None:
    intake = Harness()
    document = {**BODY, "template_id": "our-posts", "strict": True}
    document["provider"] = {"id": "builtin"}
    with pytest.raises(InvalidRequestError) as caught:
        plan_job(intake.take(document))
    assert "/template_id" in [field.pointer for field in caught.value.fields]
    own = intake.take(document | {"quality": "premium"})
    with pytest.raises(InvalidRequestError) as caught:
        plan_job(own)
    assert "/quality" in [field.pointer for field in caught.value.fields]


def test_order_and_preview_know_the_size_of_an_asset() -> None:
    intake = Harness()
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


def test_only_providers_that_need_a_key_are_looked_up() -> None:
    asked: list[list[str]] = []

    def unconfigured(tenant: str, providers: Collection[str]) -> frozenset[str]:
        asked.append(sorted(providers))
        return frozenset({"openai"})

    intake = replace(Harness().intake, unconfigured=unconfigured)
    body = read(JobBody, json.dumps(BODY))
    assert intake.preview(TENANT, body, created_by="ann").unconfigured == frozenset()
    assert asked == []
    named = {**BODY, "provider": {"id": "bedrock", "fallback": [{"id": "openai"}]}}
    order = intake.preview(TENANT, read(JobBody, json.dumps(named)), created_by="ann")
    assert order.unconfigured == {"openai"}
    assert asked == [["openai"]]
