"""Operations through plan and steps: files with roles, inputs, and sizes that sources decide."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from studio.domain.assets.model import inline_key
from studio.domain.catalogue.orderable import resolve_model
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.prompt_parts import PromptParts
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.domain.prompts.persona import Persona
from studio.domain.provider_calls.instructions import words
from studio.domain.provider_calls.model import ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from studio.errors import (
    InvalidRequestError,
    NothingToGenerateError,
    OperationUnsupportedError,
)
from studio.money import UNKNOWN
from studio.services.workflow.steps import image_of
from tests.support.builders import TENANT, TODAY, a_key, an_order, unique
from tests.support.fakes.edges import FakeBlobStore
from tests.support.fakes.provider import FakeProvider
from tests.support.workflows.job_in_memory import Harness
from tests.support.workflows.jobs import memory_studio

PHOTO = SourceRef(key=inline_key(TENANT, "photo"))
MASK = SourceRef(key=inline_key(TENANT, "mask"), role="mask")


def png(size: tuple[int, int], colour: Any, mode: str = "RGB") -> bytes:
    file = BytesIO()
    Image.new(mode, size, colour).save(file, "PNG")
    return file.getvalue()


def an_edit(operation: str = "edit.inpaint", *sources: SourceRef, **changes: Any) -> JobRequest:
    prompt: str | None = changes.pop("prompt", "a hat")
    options = changes.pop("options", {})
    image = ImageRequest(prompt, None, None, sources=sources or (PHOTO, MASK), options=options)
    order = JobRequest(operation, [image], "openai", "user-1", TODAY)
    return replace(order, **changes)


def edited(order: JobRequest, data: bytes, **blobs: bytes) -> Harness:
    studio = memory_studio(FakeProvider(data=data))
    found = Harness(studio, studio.create(TENANT, order, a_key(unique("key"))).job_id)
    store = studio.raw.blobs
    assert isinstance(store, FakeBlobStore)
    for name, content in blobs.items():
        store.put_if_absent(inline_key(TENANT, name), content, {})
    return found


def sent(found: Harness) -> ProviderRequest:
    return found.studio.provider.requests[-1]


def refused(order: JobRequest) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequestError) as caught:
        plan_job(order)
    return [(field.pointer, field.code) for field in caught.value.fields]


def test_a_mask_is_made_to_measure_white_where_the_image_is_to_change() -> None:
    mask = Image.new("L", (20, 10), 40)
    mask.paste(200, (10, 0, 20, 10))
    file = BytesIO()
    mask.save(file, "PNG")
    found = edited(
        an_edit(), png((96, 48), "red"), photo=png((200, 100), "red"), mask=file.getvalue()
    )
    found.run()

    image, sent_mask = sent(found).sources
    assert (image.role, image.width, image.height) == ("image", 200, 100)
    assert (sent_mask.role, sent_mask.media_type) == ("mask", "image/png")
    with Image.open(BytesIO(sent_mask.data)) as made:
        assert (made.mode, made.size) == ("L", (200, 100))
        assert made.getpixel((10, 50)) == 0
        assert made.getpixel((190, 50)) == 255
        assert set(made.get_flattened_data()) == {0, 255}
    assert sent(found).operation == "edit.inpaint"


def test_what_is_transparent_in_a_mask_stays() -> None:
    mask = png((8, 8), (255, 255, 255, 0), "RGBA")
    found = edited(an_edit(), png((8, 8), "red"), photo=png((64, 64), "red"), mask=mask)
    found.run()
    with Image.open(BytesIO(sent(found).sources[1].data)) as made:
        assert made.getextrema() == (0, 0)


def test_an_edited_image_keeps_the_size_that_it_comes_with() -> None:
    mask = png((96, 48), "white", "L")
    found = edited(an_edit(), png((90, 44), "red"), photo=png((96, 48), "red"), mask=mask)
    job = found.run()
    assert job.status == "succeeded"
    asset = found.studio.raw.assets.get(TENANT, found.item().asset_id)
    assert (asset.image.width, asset.image.height) == (90, 44)
    assert (asset.operation, asset.kind) == ("edit.inpaint", "image")
    assert asset.recipe["source_sha256"] == "photo"
    assert asset.recipe["mask_sha256"] == "mask"
    assert asset.recipe["width"] is None


def test_a_mask_that_is_no_image_fails_the_image_before_any_call() -> None:
    found = edited(an_edit(), b"", photo=png((96, 48), "red"), mask=b"<svg/>")
    found.run()
    error = found.item().error
    assert error is not None
    assert (error.code, error.message[:20]) == ("source-invalid", "Source 2: the mask c")
    assert found.studio.provider.requests == []


def test_an_image_of_a_shape_that_the_model_cannot_make_fails_before_any_call() -> None:
    order = an_edit("edit.general", PHOTO)
    found = edited(order, b"", photo=png((900, 100), "red"))
    found.run()
    error = found.item().error
    assert error is not None
    assert error.code == "ratio-not-offered"
    assert found.studio.provider.requests == []
    assert found.job.reserved == found.job.cost == 0


def test_the_image_an_operation_lacks_is_named() -> None:
    assert refused(an_edit("edit.inpaint", PHOTO)) == [("/items/0/mask", "required")]
    assert refused(an_edit("edit.general", MASK)) == [("/items/0/sources", "required")]


def test_a_file_that_the_model_does_not_take_is_refused() -> None:
    style = replace(PHOTO, role="style_image")
    assert refused(an_edit("edit.general", PHOTO, style)) == [("/items/0/style_image", "not-taken")]


def test_what_no_provider_offers_is_refused_with_those_asked() -> None:
    with pytest.raises(OperationUnsupportedError, match="OpenAI"):
        plan_job(an_edit("transform.image_to_3d", PHOTO))
    with pytest.raises(OperationUnsupportedError, match=r"not edit\.general"):
        plan_job(an_edit("edit.general", PHOTO, provider="runware", model="runware:100@1"))


def test_inputs_that_the_model_does_not_take_are_left_out_or_refused() -> None:
    order = an_edit(options={"grow_mask": 4}, steps=3)
    (image,) = plan_job(order).images
    assert image.spec.options == {}
    assert image.spec.warnings == (
        "GPT Image 2 takes no steps: it was left out.",
        "GPT Image 2 takes no grow mask: it was left out.",
    )
    assert refused(replace(order, strict=True)) == [
        ("/steps", "not-taken"),
        ("/items/0/input/grow_mask", "not-taken"),
    ]


def test_strict_also_means_what_the_operation_itself_does_not_take() -> None:
    wanted = an_edit("upscale.fast", PHOTO, provider="builtin", strict=True)
    wanted = replace(
        wanted, prompt_parts=PromptParts(Persona("ours", 1, style=("matte",)), enhance=True)
    )
    assert wanted.images[0].prompt
    assert refused(wanted) == [("/items/0/prompt", "not-taken"), ("/persona_id", "not-taken")]
    enhanced = replace(wanted, prompt_parts=PromptParts(None, enhance=True))
    assert refused(enhanced)[1:] == [("/enhance_prompt", "not-taken")]
    assert len(plan_job(replace(wanted, strict=False)).all_warnings) == 2
    words = replace(an_order(), strength="0.5")
    assert len(plan_job(words).all_warnings) == 1
    assert refused(replace(words, strict=True)) == [("/strength", "not-taken")]


def test_a_place_without_the_prompt_that_it_needs_is_kept_and_skipped() -> None:
    order = an_edit("edit.general", PHOTO)
    empty = replace(order.images[0], prompt=None, sources=())
    plan = plan_job(replace(order, images=[*order.images, empty]))
    assert [image.skipped for image in plan.images] == [False, True]
    assert plan.warnings == ("1 image without a prompt will be skipped",)
    with pytest.raises(NothingToGenerateError):
        plan_job(replace(order, images=[empty]))


def test_the_price_of_an_unseen_image_is_that_of_the_largest_or_unknown() -> None:
    (unseen,) = plan_job(an_edit("edit.general", PHOTO)).images
    assert unseen.estimate == UNKNOWN
    known = SourceRef("ast_1", key="k", media_type="image/png", bytes=9, width=1024, height=1024)
    (seen,) = plan_job(an_edit("edit.general", known)).images
    assert seen.estimate.known_micros > 53_000
    sized = an_edit("edit.general", PHOTO)
    sized = replace(sized, images=[replace(sized.images[0], width=1024, height=1024)])
    assert plan_job(sized).images[0].estimate == seen.estimate


@pytest.mark.parametrize("extra", [1, 900])
def test_what_is_held_for_an_edit_covers_the_whole_sentence(extra: int) -> None:
    known = SourceRef("ast_1", key="k", media_type="image/png", bytes=9, width=1024, height=1024)
    options = {"search_prompt": "ü" * extra}
    (image,) = plan_job(an_edit("edit.search_replace", known, options=options)).images
    spec = image.spec
    request = ProviderRequest(
        "id", spec.model, "a hat", 1024, 1024,
        sources=(SourceFile(b"", "image/png", 1024, 1024),),
        operation=spec.operation, options=spec.options,
    )  # fmt: skip
    model, _ = resolve_model("openai", spec.model, spec.operation, day=TODAY)
    told = len(words(request).encode())
    word = model.quality_word(spec.quality)
    owed = model.estimate(1024, 1024, word, told, sources=1)
    assert owed.known_micros <= image.estimate.known_micros <= owed.known_micros + 1_500


def test_the_thumbnail_of_an_edit_is_of_the_edit() -> None:
    mask = png((96, 48), "white", "L")
    found = edited(an_edit(), png((90, 44), "blue"), photo=png((96, 48), "red"), mask=mask)
    found.prepare()
    found.call()
    rendered: Any = found.studio.post_process.run(found.task(attempt=1))
    data, _ = found.studio.raw.blobs.read(image_of(rendered["thumbnail"]).key)
    with Image.open(BytesIO(data)) as made:
        red, _, blue = made.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert blue > 200
    assert red < 60
