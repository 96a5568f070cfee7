"""``studio platforms``."""

from pathlib import Path

from typer.testing import CliRunner

from studio.api.platforms import serializers
from studio.domain.platforms.catalogue import catalogue, platform_of
from studio_cli.main import commands
from tests.support.cli.stand_in import ScriptedResponse, StandIn


def studio(*words: str) -> list[str]:
    result = CliRunner().invoke(commands, words, catch_exceptions=False, env={"COLUMNS": "160"})
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_platforms_are_listed_with_what_they_have(signed_in: Path, api: StandIn) -> None:
    known = [serializers.platform(one) for one in catalogue().platforms.values()]
    api.on("GET", "/v1/platforms", ScriptedResponse({"data": known}))
    header, first, *_ = studio("platforms")
    assert header.split() == ["platform", "name", "formats", "presets"]
    assert first.split()[:4] == ["instagram", "Instagram", "10", "instagram,"]


def test_a_platform_shows_its_formats_and_presets(signed_in: Path, api: StandIn) -> None:
    instagram = ScriptedResponse(serializers.whole_platform(platform_of("instagram")))
    tiktok = ScriptedResponse(serializers.whole_platform(platform_of("tiktok")))
    api.on("GET", "/v1/platforms/instagram", instagram)
    api.on("GET", "/v1/platforms/tiktok", tiktok)
    lines = studio("platforms", "instagram")
    (story,) = [line for line in lines if line.startswith("ig_story")]
    assert "top 269, bottom 384 (documented)" in story
    assert story.split()[1:6] == ["1080x1920", "9:16", "jpg,", "png", "8"]
    (round_one,) = [line for line in lines if line.startswith("ig_profile")]
    assert "unknown" in round_one
    assert "outside the circle" in round_one
    assert "essentials: ig_post_portrait, ig_story" in "\n".join(lines)
    assert any(line.startswith("tt_ad_landscape (ad)") for line in studio("platforms", "tiktok"))
    assert any("512 KB" in line for line in studio("platforms", "tiktok"))
