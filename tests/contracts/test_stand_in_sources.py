"""The stand-ins and pictures to start from: what they refuse, read, keep and bill."""

from collections.abc import Iterator
from io import BytesIO
from random import Random

import pytest
from PIL import Image

from tests.support.stand_ins.forms import read_form
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.stand_ins.pictures import huge_png, png
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.stand_ins.runware_fields import seed_image
from tests.support.vendors.stand_in_requests import (
    EDIT,
    PHOTO,
    SEEDED,
    TASK,
    Edit,
    data_uri,
    file,
    send,
)


def _clear() -> bytes:
    buffer = BytesIO()
    Image.new("RGBA", (40, 30)).save(buffer, "PNG")
    return buffer.getvalue()


CLEAR = _clear()


@pytest.fixture
def openai() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn() as server:
        yield server


@pytest.fixture
def runware() -> Iterator[RunwareStandIn]:
    with RunwareStandIn() as server:
        yield server


def written(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("edit", "param"),
    [
        (EDIT.with_files(), "image"),
        (EDIT.with_files(("image[]", file())), "image"),
        (EDIT.with_files(("image", file()), ("image", file())), "image[]"),
        (EDIT.with_files(("picture", file())), "picture"),
        (EDIT.with_files(*[("image[]", file())] * 17), "image"),
        (EDIT.with_files(("image", file()), ("mask", file())), "mask"),
        (EDIT.with_files(("image", file()), *[("mask", file(CLEAR))] * 2), "mask"),
        (EDIT.with_files(("image", file()), ("mask", file(CLEAR, name=None))), "mask"),
        (EDIT.with_files(("image", file()), ("mask", file(CLEAR, kind="image/webp"))), "mask"),
        (EDIT.with_files(("image", file()), ("mask", file(CLEAR[: len(CLEAR) // 2]))), "mask"),
        (EDIT.with_files(("image", file()), ("mask", file(CLEAR + bytes(4_000_000)))), "mask"),
        (EDIT.with_files(("image", file(png(30, 40, "x"))), ("mask", file(CLEAR))), "mask"),
        (EDIT.with_files(("image", file(name=None))), "image"),
        (EDIT.with_files(("image", file(kind="application/octet-stream"))), "image"),
        (EDIT.with_files(("image", file(written("GIF"), "a.gif", "image/gif"))), "image"),
        (EDIT.with_files(("image", file(written("JPEG")))), "image"),
        (EDIT.with_files(("image", file(PHOTO[: len(PHOTO) // 2]))), "image"),
        (EDIT.with_files(("image", file(b"<svg/>"))), "image"),
        (EDIT.with_files(("image", file(huge_png()))), "image"),
        (EDIT.with_files(("image", file(PHOTO + bytes(50_000_000 - len(PHOTO))))), "image"),
        (Edit({"model": "gpt-image-2"}, EDIT.files), "prompt"),
        (Edit({"prompt": "a house"}, EDIT.files), "model"),
        (EDIT.with_fields(moderation="low"), "moderation"),
        (EDIT.with_fields(input_fidelity="high"), "input_fidelity"),
        (EDIT.with_fields(response_format="b64_json"), "response_format"),
        (EDIT.with_fields(strength="0.5"), "strength"),
        (EDIT.with_fields(size="1000x1024"), "size"),
        (EDIT.with_fields(quality="hd"), "quality"),
        (EDIT.with_fields(n="11"), "n"),
        (EDIT.with_fields(n="two"), "n"),
    ],
)
def test_openai_names_the_wrong_part(openai: OpenAIStandIn, edit: Edit, param: str) -> None:
    if not edit.files:
        # Without a file httpx would not write a form.
        edit = edit.with_files(("user", (None, b"someone", "text/plain")))
    answer = send(openai, "/images/edits", edit)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
    assert openai.paid == []


def test_openai_takes_a_mask_over_the_first_image(openai: OpenAIStandIn) -> None:
    second = ("image[]", file(png(30, 40, "x")))
    edit = EDIT.with_files(("image[]", file()), second, ("mask", file(CLEAR)))
    assert send(openai, "/images/edits", edit).status_code == 200


def test_openai_wants_a_form_for_edits_and_a_document_for_the_rest(openai: OpenAIStandIn) -> None:
    assert send(openai, "/images/edits", EDIT.fields).status_code == 415
    assert send(openai, "/images/generations", EDIT).status_code == 415


def test_openai_takes_up_to_sixteen_images_of_each_type(openai: OpenAIStandIn) -> None:
    files = [
        ("image[]", file(written("JPEG"), "a.jpg", "image/jpeg")),
        ("image[]", file(written("WEBP"), "b.webp", "image/webp")),
        *[("image[]", file())] * 14,
    ]
    edit = EDIT.with_files(*files).with_fields(n="1", output_format="png")
    assert send(openai, "/images/edits", edit).status_code == 200


def test_openai_does_not_know_retired_models(openai: OpenAIStandIn) -> None:
    answer = send(openai, "/images/edits", EDIT.with_fields(model="dall-e-2"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_not_found")


def test_openai_plays_the_scenarios_for_edits(openai: OpenAIStandIn) -> None:
    openai.script(["server-error"])
    assert send(openai, "/images/edits", EDIT).status_code == 500
    marked = EDIT.with_fields(prompt="a house [[moderated]]")
    assert send(openai, "/images/edits", marked).status_code == 400
    assert openai.paid == []


@pytest.mark.parametrize(
    ("sizes", "tokens"),
    [
        ([(1024, 1024)], 65 + 129 + 4160),
        ([(1024, 1536)], 65 + 2 * 129 + 6240),
        ([(300, 200)], 65 + 129 + 6240),
        ([(8000, 2000)], 65 + 4 * 129 + 6240),
        ([(8000, 3)], 65 + 4 * 129 + 6240),
        ([(512, 512), (300, 200)], 2 * 65 + 2 * 129 + 4160 + 6240),
    ],
)
def test_openai_bills_the_images_that_it_is_shown(
    openai: OpenAIStandIn, sizes: list[tuple[int, int]], tokens: int
) -> None:
    name = "image" if len(sizes) == 1 else "image[]"
    edit = EDIT.with_files(*[(name, file(written("PNG", size))) for size in sizes])
    usage = send(openai, "/images/edits", edit).json()["usage"]
    details = usage["input_tokens_details"]
    assert details["image_tokens"] == tokens
    assert usage["input_tokens"] == tokens + details["text_tokens"]


def test_a_form_is_kept_as_it_came(openai: OpenAIStandIn) -> None:
    noise = Random(7).randbytes(200_000) + b"\r\n--x\r\n\r"  # noqa: S311 - no secret
    send(openai, "/images/edits", EDIT.with_files(("image", file(noise))))
    *_, picture = openai.requests[0].form()
    assert picture.data == noise
    assert (picture.name, picture.filename, picture.media_type) == ("image", "a.png", "image/png")


@pytest.mark.parametrize(
    "body", [b"", b"a house", b"--b\r\ncontent-disposition: form-data; name=a\r\n\r\nx\r\n"]
)
def test_a_form_that_is_cut_off_is_no_form(body: bytes) -> None:
    assert read_form("multipart/form-data; boundary=b", body) is None


@pytest.mark.parametrize(
    ("task", "parameter"),
    [
        (TASK | {"strength": 0.5}, "strength"),
        (SEEDED | {"strength": 1.1}, "strength"),
        (SEEDED | {"strength": -0.1}, "strength"),
        (SEEDED | {"strength": "0.5"}, "strength"),
        (SEEDED | {"strength": True}, "strength"),
        (SEEDED | {"inputs": {}}, "inputs"),
        (SEEDED | {"inputs": "house"}, "inputs"),
        (SEEDED | {"inputs": {"seedImage": data_uri(), "image": data_uri()}}, "inputs.image"),
        (SEEDED | {"inputs": {"seedImage": "house"}}, "inputs.seedImage"),
        (SEEDED | {"inputs": {"seedImage": 7}}, "inputs.seedImage"),
        (
            SEEDED | {"inputs": {"seedImage": data_uri(PHOTO[: len(PHOTO) // 2])}},
            "inputs.seedImage",
        ),
        (SEEDED | {"inputs": {"seedImage": data_uri(b"")}}, "inputs.seedImage"),
        (SEEDED | {"inputs": {"seedImage": data_uri(kind="image/jpeg")}}, "inputs.seedImage"),
        (SEEDED | {"inputs": {"seedImage": data_uri()[:-1]}}, "inputs.seedImage"),
        (SEEDED | {"inputs": {"seedImage": data_uri().removeprefix("data:")}}, "inputs.seedImage"),
        (TASK | {"seedImage": data_uri()}, "seedImage"),
    ],
)
def test_runware_names_the_wrong_input(
    runware: RunwareStandIn, task: dict[str, object], parameter: str
) -> None:
    answer = send(runware, "", [task])
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, parameter)
    assert runware.paid == []


def test_runware_keeps_the_image_that_it_starts_from(runware: RunwareStandIn) -> None:
    photo = png(64, 64, "another lamp")
    send(runware, "", [SEEDED | {"inputs": {"seedImage": data_uri(photo)}}])
    (task,) = runware.requests[0].json()
    assert seed_image(task) == photo
