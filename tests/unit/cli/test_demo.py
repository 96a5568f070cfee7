import io
from pathlib import Path

import pytest
from PIL import Image

from studio_cli.amounts import dollars, with_basis
from studio_cli.content_files import read_contents
from studio_cli.demo import print_next_steps, provider_key
from studio_cli.demo_article import ARTICLE, Picture, write_contact_sheet
from studio_cli.downloads import SavedImage
from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL, load_profile
from studio_cli.terminal import PrintableConsole
from tests.support.cli import samples


def test_the_builtin_provider_needs_no_key() -> None:
    assert provider_key("builtin") is None


@pytest.mark.parametrize(
    ("provider", "variable"), [("openai", "OPENAI_API_KEY"), ("runware", "RUNWARE_API_KEY")]
)
def test_a_paid_provider_needs_its_key(
    provider: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(CliError) as caught:
        provider_key(provider)
    assert variable in str(caught.value.next_step)
    monkeypatch.setenv(variable, "key")
    assert provider_key(provider) == "key"


def test_an_unknown_provider_is_named() -> None:
    with pytest.raises(CliError, match="PROVIDER=dalle"):
        provider_key("dalle")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0.000000", "$0.00"),
        ("0.040000", "$0.04"),
        ("0.000125", "$0.000125"),
        ("12.500000", "$12.50"),
        (None, "unknown"),
    ],
)
def test_amounts_are_short_and_exact(amount: str | None, shown: str) -> None:
    assert dollars(amount) == shown


def test_a_cost_says_how_it_is_known() -> None:
    assert (
        with_basis({"amount": "0.04", "currency": "USD", "basis": "reported"}) == "$0.04 (reported)"
    )
    assert with_basis({"amount": None, "currency": "USD", "basis": "unknown"}) == "unknown"
    assert with_basis(None) == "-"


def test_the_end_names_what_a_request_by_hand_needs(signed_in: Path) -> None:
    said = io.StringIO()
    print_next_steps(load_profile(LOCAL), PrintableConsole(file=said), 1.0, with_console=True)
    lines = [line.split() for line in said.getvalue().splitlines()]
    assert ["client", "id", load_profile(LOCAL).user_pool_client_id] in lines


def test_the_contact_sheet_holds_every_image(project: Path) -> None:
    colours = [(200, 30, 30), (30, 30, 200)]
    pictures = []
    for number, colour in enumerate(colours, 1):
        file = io.BytesIO()
        Image.new("RGB", (64, 48), colour).save(file, "WEBP", lossless=True)
        [item] = samples.items(samples.item_model(number))
        asset = samples.asset(number, "00", 1)
        image = SavedImage(item, asset, project / f"{number}.webp", file.getvalue())
        pictures.append(Picture(image, "desktop", "64x48", file.getvalue()))
    path = write_contact_sheet(pictures, "Foxes", project)
    assert path == project / "contact-sheet.png"
    with Image.open(path) as sheet:
        assert sheet.format == "PNG"
        found = {pixel for _, pixel in sheet.getcolors(sheet.width * sheet.height) or []}
    assert set(colours) <= found


def test_the_sample_article_has_its_images_with_prompts() -> None:
    (draft,) = read_contents(ARTICLE)
    images = draft.body["images"]
    assert [(one["type"], one.get("position"), one.get("device")) for one in images] == [
        ("featured", None, None), ("in_article", 1, None), ("in_article", 2, "desktop"),
        ("in_article", 2, "mobile"),
    ]  # fmt: skip
    assert all(one["prompt"] and one["alt_text"] for one in images)
    assert draft.body["title"] == "A slow weekend between city and coast"
