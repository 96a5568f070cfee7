"""PrepareSource, and how CallProvider asks for it and goes on from it."""

from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from studio.domain.assets.model import inline_key, source_key
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import ItemError
from studio.domain.provider_calls.model import OutcomeUnknown, Throttled
from studio.domain.provider_calls.source_file import SourceFile
from studio.errors import TargetRefusedError, TargetTooLargeError, TargetUnreachableError
from studio.money import Cost
from studio.services.jobs.key_use import KeyUse
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import TENANT, a_key, a_picture, an_order, settled, unique
from tests.support.fakes.edges import FakeBlobStore
from tests.support.fakes.provider import FakeProvider
from tests.support.fakes.web import Page
from tests.support.workflows.job_in_memory import Harness, bench
from tests.support.workflows.jobs import memory_studio

URL = "https://shop.test/lamp.png?signature=secret"
FROM_URL = SourceRef(url=URL)
INLINE = SourceRef(key=inline_key(TENANT, sha256(a_picture()).hexdigest()))


def an_asset_source(media_type: str = "image/png") -> SourceRef:
    key = f"assets/{TENANT}/ast_1/image.png"
    return SourceRef("ast_1", None, key, media_type, len(a_picture()), 32, 32)


def sourced(*sources: SourceRef, **options: object) -> Harness:
    found = bench("a lamp", sources=sources or (FROM_URL,), **options)  # type: ignore[arg-type]
    found.studio.web.put(URL, Page(a_picture()))
    return found


def key(found: Harness, index: int = 0) -> str:
    return source_key(TENANT, found.job_id, 1, index)


def blobs(found: Harness) -> FakeBlobStore:
    store = found.studio.raw.blobs
    assert isinstance(store, FakeBlobStore)
    return store


def sent(found: Harness) -> tuple[SourceFile, ...]:
    return found.studio.provider.requests[-1].sources


def problem(found: Harness) -> tuple[str, str]:
    item = found.item()
    assert item.status == "failed"
    assert item.error is not None
    return item.error.code, item.error.message


def test_a_source_from_an_address_is_prepared_and_then_handed_over() -> None:
    found = sourced()
    assert found.call() == {
        "outcome": "needs_source", "attempt": 0, "round": 1, "wait_seconds": 0,
    }  # fmt: skip
    assert (found.item().status, found.item().attempt) == ("queued", 0)
    assert found.prepare()["outcome"] == "prepared"
    assert found.call(round=1)["outcome"] == "generated"
    (source,) = sent(found)
    assert (source.media_type, source.width, source.height) == ("image/jpeg", 32, 32)
    assert Image.open(BytesIO(source.data)).format == "JPEG"
    assert found.studio.provider.paid == {"a lamp": 1}


def test_no_token_of_the_rate_is_spent_on_an_image_that_lacks_its_source() -> None:
    found = sourced()
    for round_ in range(20):
        assert found.call(round=round_)["outcome"] == "needs_source"
    found.prepare()
    assert found.call()["outcome"] == "generated"


def test_an_asset_that_fits_is_read_where_it_lies() -> None:
    found = sourced(an_asset_source())
    blobs(found).write(f"assets/{TENANT}/ast_1/image.png", a_picture(), "image/png")
    assert found.call()["outcome"] == "generated"
    assert sent(found) == (SourceFile(a_picture(), "image/png", 32, 32),)
    assert blobs(found).metadata(key(found)) is None


def test_an_asset_of_a_type_that_the_model_does_not_take_is_converted() -> None:
    found = sourced(an_asset_source("image/avif"))
    blobs(found).write(f"assets/{TENANT}/ast_1/image.png", a_picture(), "image/avif")
    assert found.call()["outcome"] == "needs_source"
    found.prepare()
    assert found.call()["outcome"] == "generated"
    assert sent(found)[0].media_type == "image/jpeg"


@pytest.mark.parametrize("source", [an_asset_source(), an_asset_source("image/avif"), INLINE])
def test_an_image_that_is_gone_fails_the_image_and_says_so(source: SourceRef) -> None:
    found = sourced(source)
    assert found.call()["outcome"] == "needs_source"
    assert found.prepare()["outcome"] == "failed"
    assert problem(found) == ("source-gone", "the image no longer exists.")
    assert found.call()["outcome"] == "failed"


def test_bytes_that_came_with_the_order_are_checked_and_handed_over() -> None:
    found = sourced(INLINE)
    blobs(found).put_if_absent(str(INLINE.key), a_picture(), {})
    found.prepare()
    assert found.call()["outcome"] == "generated"
    assert sent(found)[0].media_type == "image/jpeg"


def test_the_order_of_several_sources_is_kept() -> None:
    other = "https://shop.test/other.png"
    found = sourced(FROM_URL, SourceRef(url=other))
    found.studio.web.put(other, Page(a_picture(48)))
    found.prepare()
    found.call()
    assert [source.width for source in sent(found)] == [32, 48]


def test_only_what_is_missing_is_prepared() -> None:
    found = sourced(an_asset_source(), FROM_URL)
    blobs(found).write(f"assets/{TENANT}/ast_1/image.png", a_picture(), "image/png")
    found.prepare()
    assert blobs(found).metadata(key(found, 0)) is None
    assert blobs(found).metadata(key(found, 1)) is not None
    assert found.call()["outcome"] == "generated"
    assert [source.media_type for source in sent(found)] == ["image/png", "image/jpeg"]


def test_strength_goes_to_the_provider_and_both_into_the_recipe() -> None:
    found = sourced(provider="builtin", vendor=FakeProvider(repeatable=True), strength="0.4")
    assert found.run().status == "succeeded"
    assert found.studio.provider.requests[0].strength == "0.4"
    recipe = found.studio.raw.assets.get(TENANT, found.item().asset_id).recipe
    assert (recipe["strength"], recipe["source_url"]) == ("0.4", "https://shop.test/lamp.png")


def test_every_attempt_of_every_run_sees_the_same_image() -> None:
    found = sourced(vendor=FakeProvider(), replies=())
    found.studio.web.put(URL, Page(a_picture()), Page(a_picture(48)))
    found.studio.provider.replies.append(Throttled("rate_limit", "slow", 5))
    found.prepare()
    assert found.call()["outcome"] == "throttled"
    found.prepare()
    found.later(minutes=5)
    found.call()
    first, second = found.studio.provider.requests
    assert first.sources == second.sources
    assert found.studio.web.fetched == [URL]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (TargetRefusedError("private-address", "refused"), "source-refused"),
        (TargetTooLargeError("too much"), "source-too-large"),
        (Page(b"<html>hello</html>"), "source-invalid"),
        (Page(a_picture()[:60]), "source-invalid"),
        (Page(b"", 404), "source-unreachable"),
        (Page(b"", 410), "source-unreachable"),
    ],
)
def test_a_source_that_cannot_be_used_fails_the_image_at_no_cost(
    answer: Page | Exception, code: str
) -> None:
    found = sourced()
    found.studio.web.put(URL, answer)
    assert found.prepare()["outcome"] == "failed"
    said = problem(found)
    assert found.item().error == ItemError(code, said[1], retryable=code == "source-unreachable")
    assert "secret" not in said[1] + found.item().log[-1].message
    assert found.item().cost is None
    assert settled(found.studio.raw.ledger.entries(TENANT, found.job_id)).known == ()
    assert found.job.status == "queued"
    assert found.job.counts.failed == 1


def test_of_several_sources_the_one_at_fault_is_named() -> None:
    found = sourced(FROM_URL, SourceRef(url="https://shop.test/gone.png"))
    found.studio.web.put("https://shop.test/gone.png", Page(b"", 404))
    found.prepare()
    assert problem(found)[1] == "Source 2: the address answered with status 404."


PASSING = pytest.mark.parametrize("answer", [TargetUnreachableError("timeout"), Page(b"", 503)])


@PASSING
def test_a_fault_that_passes_is_over_at_the_second_try(answer: Page | Exception) -> None:
    found = sourced()
    found.studio.web.put(URL, answer, Page(a_picture()))
    assert found.prepare()["outcome"] == "prepared"
    assert found.studio.web.fetched == [URL] * 2


@PASSING
def test_an_address_that_never_answers_fails_the_image(answer: Page | Exception) -> None:
    found = sourced()
    found.studio.web.put(URL, answer)
    assert found.run().status == "failed"
    code, message = problem(found)
    assert code == "source-unreachable"
    assert "secret" not in message
    assert found.studio.web.fetched == [URL] * 2
    assert found.item().cost is None
    assert found.item().error == ItemError(code, message, retryable=True)


def test_a_redrive_fetches_again() -> None:
    found = sourced()
    found.studio.web.put(URL, Page(b"", 404), Page(a_picture()))
    assert found.run().status == "failed"
    found.studio.redrive(TENANT, found.job_id, KeyUse("POST redrive", unique("key"), "hash"))
    assert found.run().status == "succeeded"
    assert found.studio.web.fetched == [URL, URL]
    assert found.studio.provider.paid == {"a lamp": 1}


def test_an_image_that_ended_or_runs_again_is_left_alone() -> None:
    found = sourced()
    found.studio.web.put(URL, Page(b"", 404))
    late = found.task()
    found.run()
    assert found.prepare()["outcome"] == "skipped"
    found.studio.redrive(TENANT, found.job_id, KeyUse("POST redrive", unique("key"), "hash"))
    assert found.studio.prepare_source.run(late)["outcome"] == "skipped"
    assert found.item().status == "queued"
    assert found.studio.web.fetched == [URL]


def test_a_lost_call_stays_booked_when_its_source_is_gone_for_the_next() -> None:
    found = sourced(INLINE, replies=(OutcomeUnknown("no answer"),))
    blobs(found).put_if_absent(str(INLINE.key), a_picture(), {})
    assert found.run().counts.unknown == 1
    blobs(found).blobs.clear()
    key = KeyUse("POST redrive", unique("key"), "hash")
    found.studio.redrive(TENANT, found.job_id, key, Selection(statuses={"unknown"}))
    found.run()
    assert problem(found)[0] == "source-gone"
    assert settled(found.studio.raw.ledger.entries(TENANT, found.job_id)).unknown == 1


def a_lost_call() -> Harness:
    """A call whose answer was lost, and whose source has expired meanwhile."""
    vendor = FakeProvider(askable=True, cost=Cost(1_000, "reported"))
    found = bench("a lamp", provider="runware", vendor=vendor, sources=(FROM_URL,))
    found.studio.web.put(URL, Page(a_picture()))
    found.prepare()
    vendor.replies.append(OutcomeUnknown("no answer"))
    assert found.call()["outcome"] == "pending"
    blobs(found).blobs.clear()
    found.later(minutes=30)
    return found


def test_a_lost_call_is_looked_for_without_its_sources_and_repeated_with_them() -> None:
    found = a_lost_call()
    assert found.call()["outcome"] == "needs_source"
    assert found.item().status == "running"
    found.prepare()
    assert found.call()["outcome"] == "generated"
    assert sent(found)
    assert found.studio.provider.paid == {"a lamp": 1}


def test_a_lost_call_is_not_called_free_because_its_source_is_gone() -> None:
    found = a_lost_call()
    found.studio.web.put(URL, Page(b"", 404))
    assert found.prepare()["outcome"] == "failed"
    assert found.item().status == "unknown"
    assert settled(found.studio.raw.ledger.entries(TENANT, found.job_id)).unknown == 1


def rendering(source: SourceRef, page: bytes) -> Harness:
    """A job of ``render`` with a source that is no asset."""
    studio = memory_studio()
    studio.web.put(URL, Page(page))
    order = an_order(None, provider="builtin", sources=(source,), operation="render")
    return Harness(studio, studio.create(TENANT, order, a_key(unique("key"))).job_id)


@pytest.mark.parametrize("pillow_format", ["PNG", "WEBP"])
def test_a_fetched_original_that_is_passed_on_keeps_its_size_and_pixels(
    pillow_format: str,
) -> None:
    banner = Image.linear_gradient("L").resize((5_000, 40)).convert("RGB")
    banner.paste((200, 30, 30), (0, 10, 5_000, 11))
    data = picture_file(banner, pillow_format, lossless=True)
    found = rendering(FROM_URL, data)

    assert found.prepare()["outcome"] == "prepared"

    kept, metadata = blobs(found).read(key(found))
    assert (metadata["width"], metadata["height"]) == ("5000", "40")
    assert Image.open(BytesIO(kept)).convert("RGB").tobytes() == banner.tobytes()


def picture_file(picture: Image.Image, pillow_format: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, pillow_format, **options)
    return file.getvalue()
