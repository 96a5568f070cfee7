"""Pixels stored turned or mirrored, with the EXIF orientation that says so."""

from PIL import Image

from tests.support.imaging.samples import pixel

# EXIF 2.32, tag 0x0112: where row 0 and column 0 of the stored image are seen.
ORIENTATIONS = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}


def stored_for(orientation: int, seen: Image.Image) -> Image.Image:
    """Return the pixels that a camera stores so that the flag turns them into ``seen``."""
    row_zero, column_zero = ORIENTATIONS[orientation]
    width, height = seen.size
    sideways = row_zero in {"left", "right"}
    stored = Image.new("RGB", (height, width) if sideways else (width, height))
    for row in range(stored.height):
        for column in range(stored.width):
            across, down = (row, column) if sideways else (column, row)
            horizontal, vertical = (row_zero, column_zero) if sideways else (column_zero, row_zero)
            x = across if horizontal == "left" else width - 1 - across
            y = down if vertical == "top" else height - 1 - down
            stored.putpixel((column, row), pixel(seen, x, y))
    return stored


def exif_with(orientation: int) -> Image.Exif:
    """Return an EXIF block with nothing but an orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif
