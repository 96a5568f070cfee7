"""Images that are made from pictures, on the deployed stack: where these come from and go to."""

import gzip
import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from PIL import ExifTags, Image

from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import Stack
from tests.support.local_aws.ledger import check_ledger
from tests.support.stand_ins.pictures import huge_png, png
from tests.support.stand_ins.runware_fields import seed_image
from tests.support.stand_ins.server import FORM, PaidCall
from tests.support.stand_ins.web_server import Received, ScriptedResponse, WebServer, web_server

SQUARE = "1024x1024"
PLACE = b"Secret street 1"


def photograph() -> bytes:
    """Return a JPEG that lies on its side and knows where it was taken; its left is red."""
    upright = Image.new("RGB", (60, 90), "white")
    upright.paste("red", (0, 0, 30, 90))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = PLACE
    buffer = BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(buffer, "JPEG", exif=exif, quality=95)
    assert PLACE in buffer.getvalue()
    return buffer.getvalue()


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A stranger's server: every path is a picture until a test says otherwise."""
    with web_server(lambda _: ScriptedResponse(body=png(40, 30, "lamp"))) as server:
        yield server


def made_from(caller: Caller, *sources: dict[str, str], **body: Any) -> tuple[str, Any]:
    """Make a picture for each source; return the job's id and its images."""
    items = [{"prompt": "a lamp on a shelf", "sources": [source]} for source in sources]
    wanted = {"size": "256x256", "provider": {"id": "builtin"}, **body}
    job = caller.finish(caller.create(items=items, **wanted)["id"], 120)
    return job["id"], caller.items(job["id"])


def prepared(stack: Stack, job_id: str, number: int = 1) -> bytes | None:
    """Return what PrepareSource staged for an image of acme's, None if it had nothing to do."""
    key = f"staging/acme/{job_id}/{number:04d}/source-0"
    s3, bucket = stack.client("s3"), stack.outputs["BucketName"]
    if not s3.list_objects_v2(Bucket=bucket, Prefix=key).get("Contents"):
        return None
    data: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return data


def check_upright_and_clean(data: bytes | None) -> None:
    """Check that a received ``photograph()`` is upright and names no place."""
    assert data is not None
    assert PLACE not in data
    with Image.open(BytesIO(data)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((60, 90), {})
        green = picture.getchannel("G").tobytes()
    rows = [green[start : start + 60] for start in range(0, len(green), 60)]
    assert all(max(row[:22]) < 60 and min(row[38:]) > 200 for row in rows), "red left, white right"


def a_lamp(caller: Caller, stack: Stack) -> tuple[str, bytes]:
    """Make a picture; return the asset's id and its bytes."""
    (item,) = caller.items(
        caller.finish(caller.create(prompt="a lamp", size="256x256")["id"])["id"]
    )
    key = f"assets/acme/{item['asset_id']}/image.webp"
    body = stack.client("s3").get_object(Bucket=stack.outputs["BucketName"], Key=key)["Body"]
    return item["asset_id"], body.read()


def billed(calls: Iterable[PaidCall], *prompts: str) -> Decimal:
    """Return the dollars that a provider's own ledger says the prompts cost, each called once."""
    found = [call for call in calls if call.prompt in prompts]
    assert len(found) == len(prompts)
    return Decimal(sum(call.micros for call in found)) / 1_000_000


def recipe(caller: Caller, item: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = caller.get(f"/v1/assets/{item['asset_id']}").json()["recipe"]
    return found


def test_an_image_is_made_from_another_one_of_the_tenant(stack: Stack, acme: Caller) -> None:
    first = acme.finish(acme.create(prompt="a lamp", size="256x256")["id"])
    (item,) = acme.items(first["id"])

    job_id, (made,) = made_from(acme, {"asset_id": item["asset_id"]})

    assert made["status"] == "succeeded"
    assert made["sources"] == [{"role": "image", "asset_id": item["asset_id"], "url": None}]
    assert recipe(acme, made)["source_asset_id"] == item["asset_id"]
    assert prepared(stack, job_id) is None, "the asset could be read where it lies"


def test_a_photograph_from_an_address_loses_its_place_and_stands_upright(
    stack: Stack, acme: Caller, web: WebServer
) -> None:
    web.script = lambda _: ScriptedResponse(body=photograph())

    job_id, (made,) = made_from(acme, {"url": web.url("/lamp.jpg?signature=secret")})

    assert made["status"] == "succeeded"
    assert [got.path for got in web.received] == ["/lamp.jpg?signature=secret"]
    assert recipe(acme, made)["source_url"] == web.url("/lamp.jpg")
    check_upright_and_clean(prepared(stack, job_id))


def test_bytes_that_come_with_the_order_are_prepared_like_any_others(
    stack: Stack, acme: Caller
) -> None:
    job_id, (made,) = made_from(acme, {"base64": b64encode(photograph()).decode()})

    assert made["status"] == "succeeded"
    assert PLACE not in (prepared(stack, job_id) or PLACE)
    assert len(recipe(acme, made)["source_sha256"]) == 64


def test_sources_that_cannot_be_used_fail_alone_and_cost_nothing(
    acme: Caller, web: WebServer
) -> None:
    packed = {"content-encoding": "gzip"}
    answers = {
        "/page": ScriptedResponse(
            body=b"<html>a lamp</html>", headers={"content-type": "image/png"}
        ),
        "/bomb": ScriptedResponse(body=huge_png()),
        "/gone": ScriptedResponse(404),
        "/inwards": ScriptedResponse(302, headers={"location": "http://127.0.0.1/latest?secret"}),
        "/metadata": ScriptedResponse(
            302, headers={"location": "https://169.254.169.254/latest?secret"}
        ),
        "/heavy": ScriptedResponse(body=bytes(25 * 1024**2 + 1)),
        "/packed-bomb": ScriptedResponse(
            body=gzip.compress(bytes(25 * 1024**2 + 1)), headers=packed
        ),
        "/packed": ScriptedResponse(body=gzip.compress(png(40, 30, "lamp")), headers=packed),
        "/fine": ScriptedResponse(body=png(40, 30, "lamp")),
    }
    web.script = lambda got: answers[got.path]
    expected = {
        web.url("/", host="127.0.0.1"): "source-refused",
        "https://10.0.0.1/lamp.png?secret": "source-refused",
        "https://169.254.169.254/latest/meta-data?secret": "source-refused",
        web.url("/inwards"): "source-refused",
        web.url("/metadata"): "source-refused",
        web.url("/page"): "source-invalid",
        web.url("/bomb"): "source-too-large",
        web.url("/heavy"): "source-too-large",
        web.url("/packed-bomb"): "source-too-large",
        web.url("/gone"): "source-unreachable",
        web.url("/packed"): None,
        web.url("/fine"): None,
    }

    job_id, items = made_from(acme, *({"url": url} for url in expected))

    problems = [item["problem"] for item in items]
    assert [problem and problem["code"] for problem in problems] == list(expected.values())
    assert not [problem for problem in problems if problem and "secret" in problem["detail"]]
    entries = acme.ledger(job_id)["data"]
    usable = [number for number, code in enumerate(expected.values(), 1) if code is None]
    assert [entry["item"] for entry in entries if entry["type"] == "settle"] == usable


def test_a_slow_address_is_asked_again(acme: Caller, web: WebServer) -> None:
    asleep = threading.Event()
    slow_once = iter([asleep])

    def script(_: Received) -> ScriptedResponse:
        return ScriptedResponse(body=png(40, 30, "lamp"), hold=next(slow_once, None))

    web.script = script
    _, (made,) = made_from(acme, {"url": web.url("/slow.png")})
    asleep.set()

    assert made["status"] == "succeeded"
    assert len(web.received) == 2


def test_a_redrive_fetches_again(acme: Caller, web: WebServer) -> None:
    web.script = lambda _: ScriptedResponse(404)
    job_id, (failed,) = made_from(acme, {"url": web.url("/late.png")})
    assert failed["problem"]["code"] == "source-unreachable"

    web.script = lambda _: ScriptedResponse(body=png(40, 30, "lamp"))
    assert acme.post(f"/v1/jobs/{job_id}/redrive", {}).status_code == 202

    assert acme.finish(job_id)["status"] == "succeeded"


def test_openai_is_sent_the_images_and_the_bill_is_booked(stack: Stack, acme: Caller) -> None:
    asset_id, lamp = a_lamp(acme, stack)
    prompt = "two lamps on one shelf"
    photo = b64encode(photograph()).decode()

    created = acme.create(
        items=[{"prompt": prompt, "sources": [{"asset_id": asset_id}, {"base64": photo}]}],
        size=SQUARE,
        quality="draft",
        provider={"id": "openai"},
    )
    job = acme.finish(created["id"], 120)

    (made,) = acme.items(job["id"])
    assert made["status"] == "succeeded", made
    forms = [sent.form() for sent in stack.openai.requests if sent.media_type == FORM]
    (form,) = [
        form for form in forms if prompt in {part.text for part in form if not part.filename}
    ]
    first, second = [part for part in form if part.filename]
    assert (first.media_type, first.data) == ("image/webp", lamp)
    check_upright_and_clean(second.data)
    cost = billed(stack.openai.paid, prompt)
    assert Decimal(made["cost"]["amount"]) == cost <= Decimal(made["estimate"]["amount"])
    check_ledger(acme, job)


def test_runware_is_sent_the_image_and_the_bill_is_booked(stack: Stack, acme: Caller) -> None:
    asset_id, lamp = a_lamp(acme, stack)
    photo = b64encode(photograph()).decode()
    prompts = "a lamp from an asset", "a lamp from a photograph"
    sources = {"asset_id": asset_id}, {"base64": photo}

    created = acme.create(
        items=[
            {"prompt": prompt, "sources": [source]}
            for prompt, source in zip(prompts, sources, strict=True)
        ],
        size=SQUARE,
        strength=0.4,
        provider={"id": "runware"},
    )
    job = acme.finish(created["id"], 120)

    assert job["status"] == "succeeded", acme.items(job["id"])
    tasks = [task for sent in stack.runware.requests for task in sent.json()]
    asked = {task.get("positivePrompt"): task for task in tasks if "inputs" in task}
    assert [asked[prompt]["strength"] for prompt in prompts] == [0.4, 0.4]
    assert seed_image(asked[prompts[0]]) == lamp
    check_upright_and_clean(seed_image(asked[prompts[1]]))
    assert Decimal(job["cost"]["amount"]) == billed(stack.runware.paid, *prompts)
    check_ledger(acme, job)


def test_another_tenants_image_is_no_source(acme: Caller, other: Caller) -> None:
    (item,) = acme.items(acme.finish(acme.create(prompt="a lamp", size="256x256")["id"])["id"])
    source = {"asset_id": item["asset_id"]}
    bodies: dict[str, dict[str, Any]] = {
        "/sources/0/asset_id": {"prompt": "mine", "sources": [source]},
        "/items/1/sources/0/asset_id": {
            "items": [{"prompt": "a"}, {"prompt": "b", "sources": [source]}]
        },
    }
    for pointer, body in bodies.items():
        answer = other.post("/v1/jobs", {"operation": "generate", **body})
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
        assert answer.json()["errors"][0]["code"] == "asset-unknown"
