"""Which files of an asset belong into an archive."""

from dataclasses import replace

import pytest

from studio.domain.downloads.model import Files, files_of
from studio.domain.renditions.model import Rendition, RenditionSpec
from tests.support.builders import a_job, an_asset, an_item

ASSET = an_asset(an_item(a_job(), 1))
PLAIN = Rendition("rendition", RenditionSpec("mobile"), replace(ASSET.image, key="m.jpg"))
STORY = Rendition("export", RenditionSpec("tale", export="ig_story"), ASSET.thumbnail)
GONE = Rendition("export", RenditionSpec("old", export="orkut_scrap"), ASSET.thumbnail)
FAILED = Rendition("export", RenditionSpec("x", export="x_post"), None, problem="byte-limit")
MADE = (PLAIN, FAILED, GONE, STORY)


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ("image", [(None, None)]),
        ("renditions", [("mobile", None), ("old", None), ("tale", "instagram")]),
        ("all", [(None, None), ("mobile", None), ("old", None), ("tale", "instagram")]),
    ],
)
def test_files_come_with_names_and_platforms_and_never_without_bytes(
    files: Files, wanted: list[tuple[str | None, str | None]]
) -> None:
    found = files_of(ASSET, files, MADE)
    assert [(file.rendition, file.platform) for file in found] == wanted
    kept = {None: ASSET.image, "mobile": PLAIN.file, "old": GONE.file, "tale": STORY.file}
    assert [file.stored for file in found] == [kept[file.rendition] for file in found]
    assert all(file.asset == ASSET for file in found)
    assert found[-1].extension == found[-1].stored.key.rpartition(".")[2]


def test_of_an_image_alone_there_is_no_other_file() -> None:
    assert files_of(ASSET, "renditions", ()) == ()
    assert [file.stored for file in files_of(ASSET, "all", ())] == [ASSET.image]
