"""Files of an image on the command line: requests, downloads and the table."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from studio.api.renditions import responses, serializers
from studio.domain.assets.model import StoredImage
from studio.domain.renditions.model import OutputPlan, Rendition, RenditionSpec, Rule
from studio_cli.errors import CliError
from studio_cli.wanted_files import output
from tests.support.cli import samples
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn

DATA = b"the bytes of the story"


def a_file(name: str = "ig_story", *rules: Rule) -> responses.Rendition:
    sha256 = hashlib.sha256(DATA).hexdigest()
    file = StoredImage("k", "image/jpeg", len(DATA), 1080, 1920, sha256)
    spec = RenditionSpec(name, 1080, 1920, export="ig_story")
    return serializers.rendition("ast_1", Rendition("export", spec, file, 85, rules=rules))


def with_files(api: StandIn, *made: responses.Rendition) -> None:
    api.on("GET", "/v1/assets/ast_1/renditions", ScriptedResponse({"data": list(made)}))
    api.on(
        "GET",
        "/v1/assets/ast_1/content",
        ScriptedResponse(status=302, headers={"Location": "/file"}),
    )
    api.on("GET", "/file", ScriptedResponse(body=DATA, media_type="image/jpeg"))


def test_sizes_and_formats_are_said_in_short() -> None:
    assert output() is None
    assert output("jpg") == {"format": "jpg"}
    wanted = output(
        None, "essentials, ig_story", ["mobile=640x960", "1600x", "high=x900"], "0.5,0.25"
    )
    assert wanted == {
        "formats": ["essentials", "ig_story"],
        "renditions": [
            {"name": "mobile", "width": 640, "height": 960},
            {"width": 1600},
            {"name": "high", "height": 900},
        ],
        "focal_point": {"x": 0.5, "y": 0.25},
    }


@pytest.mark.parametrize(
    "text", ["", "x", "mobile", "640", "axb", "mobile=", "Mobile=1x1", "1x1x1"]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(CliError, match="not a size"):
        output(renditions=[text])


@pytest.mark.parametrize("text", ["middle", "0.5", "1,2,3", "a,b"])
def test_what_is_no_point_is_refused(text: str) -> None:
    with pytest.raises(CliError, match="not a point"):
        output(focus=text)


def test_one_image_is_made_to_fit_and_its_files_downloaded(signed_in: Path, api: StandIn) -> None:
    made = samples.item_model()
    made = replace(made, spec=replace(made.spec, label="Boat at sea"))
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(made), status=202))
    api.on("GET", "/v1/jobs/job_1/progress", ScriptedResponse(samples.progress(made)))
    api.on("GET", "/v1/jobs/job_1/items", ScriptedResponse(samples.page(*samples.items(made))))
    with_files(api, a_file("ig_story", Rule("bytes", True, "22 of 8388608")))
    words = ("social", "ast_1", "--formats", "essentials,ig_story", "--focus", "0.2,0.8")
    framed = ("--fit", "pad", "--background", "#102030")
    result = studio(*words, *framed, "--safe-zones", "--out", str(signed_in))
    assert result.exit_code == 0, result.output
    (asked,) = api.of("POST", "/v1/jobs")
    assert asked.document == {
        "operation": "social.optimize",
        "items": [{"sources": [{"asset_id": "ast_1"}], "label": "ast_1"}],
        "output": {
            "formats": ["essentials", "ig_story"],
            "focal_point": {"x": 0.2, "y": 0.8},
            "fit": "pad",
            "background": "#102030",
            "safe_zones": True,
            "contact_sheet": True,
        },
    }
    assert (signed_in / "boat-at-sea" / "ig_story.jpg").read_bytes() == DATA
    assert "all 1 kept" in result.output
    assert result.stderr.startswith("cost: 1 image by openai gpt-image-2, free")


def test_files_that_came_with_an_image_are_downloaded_with_it(
    signed_in: Path, api: StandIn
) -> None:
    plan = OutputPlan(renditions=(RenditionSpec("ig_story", export="ig_story"),))
    made = samples.item_model()
    made = replace(made, spec=replace(made.spec, output=plan))
    content = b"the picture"
    asset = samples.asset(1, hashlib.sha256(content).hexdigest(), len(content))
    api.on("GET", "/v1/jobs/job_1/progress", ScriptedResponse(samples.progress(made)))
    api.on("GET", "/v1/jobs/job_1/items", ScriptedResponse(samples.page(*samples.items(made))))
    api.on("GET", "/v1/assets/ast_1", ScriptedResponse(asset))
    api.on(
        "GET",
        "/v1/assets/ast_1/content",
        ScriptedResponse(status=302, headers={"Location": "/file"}),
    )
    api.on(
        "GET",
        "/file",
        ScriptedResponse(body=content),
        ScriptedResponse(body=DATA, media_type="image/jpeg"),
    )
    api.on("GET", "/v1/assets/ast_1/renditions", ScriptedResponse({"data": [a_file()]}))
    result = studio("jobs", "watch", "job_1", "--out", str(signed_in))
    assert result.exit_code == 0, result.output
    assert (signed_in / "boat" / "ig_story.jpg").read_bytes() == DATA


def test_a_file_that_differs_from_its_record_is_not_kept(signed_in: Path, api: StandIn) -> None:
    wrong = a_file()
    assert wrong["file"]
    wrong["file"]["sha256"] = "00" * 32
    with_files(api, wrong)
    with pytest.raises(CliError, match="differs"):
        studio("assets", "files", "ast_1", "--out", str(signed_in))
    assert not list(signed_in.rglob("*.jpg"))


def test_broken_rules_and_problems_are_shown(signed_in: Path, api: StandIn) -> None:
    lost = RenditionSpec("yt_thumbnail", export="yt_thumbnail")
    with_files(
        api,
        a_file("ig_story", Rule("not_enlarged", False, "enlarged to 2.00 times its pixels")),
        serializers.rendition("ast_1", Rendition("export", lost, None, problem="byte-limit")),
    )
    output = " ".join(studio("assets", "files", "ast_1").output.split())
    assert "not_enlarged" in output
    assert "not made: byte-limit" in output


def test_a_file_is_made_of_an_image_at_once(signed_in: Path, api: StandIn) -> None:
    made = ScriptedResponse(a_file(), status=201)
    api.on("POST", "/v1/assets/ast_1/renditions", made)
    with_files(api)
    words = ("--export", "ig_story", "--focus", "0.5,0.1", "--quality", "70")
    result = studio("assets", "render", "ast_1", *words, "--out", str(signed_in))
    assert result.exit_code == 0, result.output
    (asked,) = api.of("POST", "/v1/assets/ast_1/renditions")
    assert asked.document == {
        "export": "ig_story", "focal_point": {"x": 0.5, "y": 0.1}, "quality": 70,
    }  # fmt: skip
    assert (signed_in / "ig_story.jpg").read_bytes() == DATA
