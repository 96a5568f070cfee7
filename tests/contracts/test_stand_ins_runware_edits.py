"""The Runware stand-in refuses wrong tasks that change pictures, and names what is wrong."""

import pytest

from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.vendors.runware_requests import EDITS, IDS
from tests.support.vendors.stand_in_requests import data_uri, send

INPAINT, OUTPAINT, CUTOUT, UPSCALE, KONTEXT, PRO = (task for _, task, _ in EDITS)
SEED = data_uri(png(100, 130, "lamp"))
OTHER = data_uri(png(130, 100, "mask"))


@pytest.mark.parametrize("task", [task for _, task, _ in EDITS], ids=IDS)
def test_a_right_task_is_answered_and_billed(task: dict[str, object]) -> None:
    with RunwareStandIn() as server:
        assert send(server, "", [task]).status_code == 200
        assert len(server.paid) == 1


@pytest.mark.parametrize(
    ("task", "change", "parameter"),
    [
        (INPAINT, {"inputs": {"maskImage": SEED}}, "inputs.seedImage"),
        (INPAINT, {"inputs": {"seedImage": SEED}}, "inputs.maskImage"),
        (INPAINT, {"inputs": {"seedImage": SEED, "maskImage": OTHER}}, "inputs.maskImage"),
        (INPAINT, {"inputs": {"seedImage": SEED, "maskImage": "white"}}, "inputs.maskImage"),
        (INPAINT, {"inputs": {"seedImage": SEED, "mask": SEED}}, "inputs.mask"),
        (INPAINT, {"maskImage": SEED}, "maskImage"),
        (INPAINT, {"outpaint": {"top": 64}}, "inputs.maskImage"),
        (OUTPAINT, {"outpaint": {"top": 63}}, "outpaint"),
        (OUTPAINT, {"outpaint": {"up": 64}}, "outpaint"),
        (OUTPAINT, {"outpaint": {"top": 0}}, "outpaint"),
        (OUTPAINT, {"outpaint": {"top": 64.0}}, "outpaint"),
        (OUTPAINT, {"outpaint": {"top": 64}}, "width"),
        (OUTPAINT, {"width": 192}, "width"),
        (OUTPAINT, {"width": 250}, "width"),
        (OUTPAINT, {"model": "runware:101@1"}, "outpaint"),
        (CUTOUT, {"model": "runware:101@1"}, "model"),
        (CUTOUT, {"positivePrompt": "a house"}, "positivePrompt"),
        (CUTOUT, {"numberResults": 1}, "numberResults"),
        (CUTOUT, {"inputs": {"seedImage": SEED}}, "inputs.seedImage"),
        (CUTOUT, {"inputs": {}}, "inputs"),
        (CUTOUT, {"inputImage": SEED}, "inputImage"),
        (UPSCALE, {"upscaleFactor": 3}, "upscaleFactor"),
        (UPSCALE, {"upscaleFactor": "4"}, "upscaleFactor"),
        (UPSCALE, {"model": "runware:109@1"}, "model"),
        (UPSCALE, {"settings": {}}, "settings"),
        (UPSCALE, {"width": 1024}, "width"),
        (KONTEXT, {"inputs": {"seedImage": SEED}}, "inputs.seedImage"),
        (KONTEXT, {"inputs": {"referenceImages": SEED}}, "inputs.referenceImages"),
        (KONTEXT, {"inputs": {"referenceImages": []}}, "inputs.referenceImages"),
        (KONTEXT, {"strength": 0.5}, "strength"),
        (PRO, {"steps": 30}, "steps"),
        (PRO, {"width": 1088}, "width"),
    ],
)
def test_the_wrong_field_is_named(
    task: dict[str, object], change: dict[str, object], parameter: str
) -> None:
    with RunwareStandIn() as server:
        answer = send(server, "", [task | change])
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, parameter)
        assert server.paid == []


@pytest.mark.parametrize("task", [INPAINT, OUTPAINT, CUTOUT, UPSCALE])
def test_a_task_on_an_image_wants_one(task: dict[str, object]) -> None:
    without = {name: value for name, value in task.items() if name != "inputs"}
    with RunwareStandIn() as server:
        assert send(server, "", [without]).json()["errors"][0]["parameter"] == "inputs"
