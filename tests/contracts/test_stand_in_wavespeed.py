"""The WaveSpeed stand-in refuses what the service would refuse, and bills what it would bill."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.stand_ins.wavespeed import WaveSpeedStandIn
from tests.support.vendors.stand_in_requests import PHOTO, send
from tests.support.vendors.wavespeed_requests import LAMP, MASK, VOICE

FLUX = "/api/v3/wavespeed-ai/flux-dev"
IDEOGRAM = "/api/v3/ideogram-ai/ideogram-v3-turbo"
WAN = "/api/v3/alibaba/wan-2.5/image-to-video"
FAST = "/api/v3/alibaba/wan-2.5/image-to-video-fast"
AVATAR = "/api/v3/wavespeed-ai/hunyuan-avatar"
QWEN = "/api/v3/wavespeed-ai/qwen-image/text-to-image"
LIST = "/api/v3/predictions"
TICKETS = "/api/v3/media/uploads"
HOUSE = {"prompt": "a house"}
PAGE = {"page": 1, "page_size": 100}
TICKET = {"filename": "lamp.png", "size": len(LAMP.data), "content_type": "image/png"}


@pytest.fixture
def server() -> Iterator[WaveSpeedStandIn]:
    with WaveSpeedStandIn() as server:
        yield server


def put(url: str, data: bytes, **headers: str) -> int:
    with httpx.Client(timeout=30, trust_env=False) as client:
        return client.put(url, content=data, headers=headers).status_code


def uploaded(server: WaveSpeedStandIn, data: bytes, media_type: str = "image/png") -> str:
    """Upload a file and return its address."""
    asked = {"filename": "file.bin", "size": len(data), "content_type": media_type}
    ticket = send(server, TICKETS, asked).json()["data"]
    assert put(ticket["upload"]["url"], data, **ticket["upload"]["headers"]) == 200
    return str(ticket["download_url"])


def get(server: WaveSpeedStandIn, url: str, key: str | None = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    with httpx.Client(timeout=30, trust_env=False) as client:
        return client.get(url, headers=headers)


def test_a_right_call_is_answered_billed_and_done(server: WaveSpeedStandIn) -> None:
    document = send(server, FLUX, HOUSE | {"size": "512*256", "seed": 7}).json()
    assert (document["code"], document["message"]) == (200, "success")
    begun = document["data"]
    assert (begun["status"], begun["outputs"], begun["error"]) == ("created", [], "")
    assert begun["input"]["strength"] == 0.8
    assert [(call.prompt, call.micros) for call in server.paid] == [("a house", 12_000)]
    done = get(server, begun["urls"]["get"], server.api_key).json()["data"]
    assert (done["status"], done["has_nsfw_contents"]) == ("completed", [False])
    (address,) = done["outputs"]
    assert get(server, address).content.startswith(b"\x89PNG")
    assert get(server, address, server.api_key).status_code == 400


@pytest.mark.parametrize(
    ("path", "change", "status"),
    [
        (FLUX, {"headers": {"authorization": "Bearer other"}}, 401),
        (FLUX, {"headers": {"authorization": "ws-stand-in"}}, 401),
        (FLUX, {"headers": {"content-type": "text/plain"}}, 415),
        (FLUX, {"method": "PUT"}, 405),
        ("/api/v3/wavespeed-ai%2Fflux-dev", {}, 404),
        ("/api/v3/wavespeed-ai/flux-pro", {}, 404),
        ("/api/v2/wavespeed-ai/flux-dev", {}, 404),
        (TICKETS, {"headers": {"authorization": "Bearer other"}}, 401),
        (LIST, {"method": "GET"}, 405),
        (f"{LIST}/0/result", {"method": "GET"}, 404),
        (f"{LIST}/0/result", {"method": "POST"}, 405),
    ],
)
def test_a_wrong_request_is_refused_in_the_service_s_envelope(
    server: WaveSpeedStandIn, path: str, change: dict[str, Any], status: int
) -> None:
    answer = send(server, path, HOUSE, **change)
    assert (answer.status_code, answer.json()["code"]) == (status, status)
    assert server.paid == []


@pytest.mark.parametrize(
    ("path", "change", "field"),
    [
        (FLUX, {"prompt": ""}, "prompt"),
        (FLUX, {"prompt": "x" * 3001}, "prompt"),
        (FLUX, {"size": "512x512"}, "size"),
        (FLUX, {"size": "128*512"}, "size"),
        (FLUX, {"size": "512*2048"}, "size"),
        (FLUX, {"seed": -2}, "seed"),
        (FLUX, {"seed": 2**31}, "seed"),
        (FLUX, {"seed": "7"}, "seed"),
        (FLUX, {"num_inference_steps": 51}, "num_inference_steps"),
        (FLUX, {"guidance_scale": 0.5}, "guidance_scale"),
        (FLUX, {"guidance_scale": "3.5"}, "guidance_scale"),
        (FLUX, {"strength": 1.1}, "strength"),
        (FLUX, {"output_format": "bmp"}, "output_format"),
        (FLUX, {"negative_prompt": "rain"}, "negative_prompt"),
        (FLUX, {"aspect_ratio": "1:1"}, "aspect_ratio"),
        (FLUX, {"image": "https://elsewhere.example/a.png"}, "image"),
        (FLUX, {"mask_image": "https://elsewhere.example/a.png"}, "image"),
        (QWEN, {"image": "https://elsewhere.example/a.png"}, "image"),
        (QWEN, {"num_inference_steps": 28}, "num_inference_steps"),
        (IDEOGRAM, {"seed": 7}, "seed"),
        (IDEOGRAM, {"size": "1024*1024"}, "size"),
        (IDEOGRAM, {"aspect_ratio": "21:9"}, "aspect_ratio"),
        (IDEOGRAM, {"output_format": "png"}, "output_format"),
        (WAN, {}, "image"),
        (WAN, {"duration": 7}, "duration"),
        (WAN, {"duration": "5"}, "duration"),
        (WAN, {"resolution": "4k"}, "resolution"),
        (WAN, {"size": "1280*720"}, "size"),
        (WAN, {"motion_preset": "orbit"}, "motion_preset"),
        (FAST, {"duration": 2}, "duration"),
        (AVATAR, {}, "image"),
        (AVATAR, {"resolution": "1080p"}, "resolution"),
        (AVATAR, {"duration": 5}, "duration"),
    ],
)
def test_the_wrong_input_is_named(
    server: WaveSpeedStandIn, path: str, change: dict[str, object], field: str
) -> None:
    answer = send(server, path, HOUSE | change)
    assert answer.status_code == 400
    assert f"'{field}'" in answer.json()["message"]
    assert server.paid == []


def test_files_are_taken_by_their_addresses_only_once_they_came(server: WaveSpeedStandIn) -> None:
    image, masked, other = (uploaded(server, data) for data in (LAMP.data, MASK.data, PHOTO))
    voice = uploaded(server, VOICE.data, "audio/wav")
    announced = send(server, TICKETS, TICKET).json()["data"]["download_url"]
    wrong = [
        (FLUX, {"image": announced}, "image"),
        (FLUX, {"image": voice}, "image"),
        (FLUX, {"image": image, "mask_image": other}, "mask_image"),
        (AVATAR, {"image": image, "audio": image}, "audio"),
        (AVATAR, {"image": image}, "audio"),
    ]
    for path, files, field in wrong:
        answer = send(server, path, HOUSE | files)
        assert answer.status_code == 400
        assert f"'{field}'" in answer.json()["message"]
    assert send(server, FLUX, HOUSE | {"image": image, "mask_image": masked}).status_code == 200
    assert send(server, AVATAR, {"image": image, "audio": voice}).status_code == 200
    assert send(server, FAST, HOUSE | {"image": image, "duration": 3}).status_code == 200
    # 7 seconds at 480p, and 3 seconds at 720p that count as 5.
    assert [call.micros for call in server.paid] == [12_000, 210_000, 500_000]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"filename": None}, "filename"),
        ({"size": 0}, "size"),
        ({"size": "7"}, "size"),
        ({"content_type": "text/html"}, "content_type"),
        ({"name": "lamp"}, "name"),
    ],
)
def test_a_wrong_ticket_is_not_given(
    server: WaveSpeedStandIn, change: dict[str, object], field: str
) -> None:
    answer = send(server, TICKETS, TICKET | change)
    assert answer.status_code == 400
    assert f"'{field}'" in answer.json()["message"]


def test_bytes_are_stored_only_as_they_were_announced(server: WaveSpeedStandIn) -> None:
    upload = send(server, TICKETS, TICKET).json()["data"]["upload"]
    url, right = upload["url"], {"content-type": "image/png"}
    assert upload["method"] == "PUT"
    assert put(url, LAMP.data, **right, authorization=f"Bearer {server.api_key}") == 403
    assert put(url.partition("?")[0], LAMP.data, **right) == 403
    assert put(url, LAMP.data + b"x", **right) == 400
    assert put(url, LAMP.data, **{"content-type": "image/jpeg"}) == 400
    assert put(f"{server.files_url}/storage/9?signature=planted", LAMP.data, **right) == 404
    assert put(url, LAMP.data, **right) == 200


def test_past_calls_are_listed_newest_first_by_model(server: WaveSpeedStandIn) -> None:
    for path, seed in ((FLUX, 1), (QWEN, 2), (FLUX, 3)):
        send(server, path, HOUSE | {"seed": seed})
    asked = PAGE | {"model": "wavespeed-ai/flux-dev", "include_inputs": True}
    listed = send(server, LIST, asked).json()["data"]
    assert (listed["page"], listed["total"]) == (1, 2)
    assert [item["input"]["seed"] for item in listed["items"]] == [3, 1]
    (last,) = send(server, LIST, asked | {"page": 2, "page_size": 1}).json()["data"]["items"]
    assert last["input"]["seed"] == 1
    assert all("input" not in item for item in send(server, LIST, PAGE).json()["data"]["items"])


@pytest.mark.parametrize(
    "change", [{"page": 0}, {"page": "1"}, {"page_size": 101}, {"limit": 5}, {"page": None}]
)
def test_a_wrong_question_for_past_calls_is_refused(
    server: WaveSpeedStandIn, change: dict[str, object]
) -> None:
    assert send(server, LIST, PAGE | change).status_code == 400


def test_a_body_that_is_no_object_is_refused(server: WaveSpeedStandIn) -> None:
    assert [send(server, path, [7]).status_code for path in (FLUX, TICKETS, LIST)] == [400] * 3


def test_markers_and_scripts_choose_the_answer(server: WaveSpeedStandIn) -> None:
    def status(marker: str) -> int:
        return send(server, FLUX, {"prompt": f"a house [[{marker}]]"}).status_code

    assert [status("unavailable-once"), status("unavailable-once")] == [503, 200]
    assert status("sucess") == 501
    server.script(["upload-unavailable", "payment"])
    assert send(server, TICKETS, TICKET).status_code == 503
    assert status("success") == 402
    with pytest.raises(ValueError, match="sucess"):
        server.script(["sucess"])
