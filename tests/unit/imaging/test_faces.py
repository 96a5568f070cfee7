from array import array

import pytest
from PIL import Image, ImageOps

from studio_imaging.faces import Face, find_faces
from studio_imaging.salience import SIDE, salience, shrunk
from tests.support.imaging.photographs import photograph, photograph_bytes

SCIKIT = "skimage/data"
FEATURES = 25


def faces_of(picture: Image.Image) -> list[Face]:
    small = shrunk(picture, SIDE)
    return find_faces(small, salience(small))


def crops() -> list[Image.Image]:
    """A hundred faces of 25 x 25 pixels, and a hundred pieces of what was around them."""
    data = photograph_bytes("scikit_image", f"{SCIKIT}/lfw_subset.npy")
    start = 10 + int.from_bytes(data[8:10], "little")
    values = [round(255 * value) for value in array("d", data[start:])]
    size = FEATURES * FEATURES
    return [
        Image.frombytes("L", (FEATURES, FEATURES), bytes(values[at : at + size]))
        for at in range(0, len(values), size)
    ]


def planted(crop: Image.Image) -> Image.Image:
    picture = Image.new("RGB", (160, 120), (128, 128, 128))
    picture.paste(crop.resize((75, 75), Image.Resampling.BICUBIC).convert("RGB"), (60, 25))
    return picture


@pytest.mark.photos
def test_of_a_hundred_faces_nearly_all_are_found_where_they_are() -> None:
    found = [find_faces(planted(crop), Image.new("L", (40, 30), 255)) for crop in crops()[:100]]

    right = [faces for faces in found if faces and abs(faces[0].x - 97 / 160) < 0.1]
    assert len(right) >= 97


@pytest.mark.photos
def test_of_a_hundred_other_things_nearly_none_is_a_face() -> None:
    # One of them is half of a face.
    found = [find_faces(planted(crop), Image.new("L", (40, 30), 255)) for crop in crops()[100:]]

    assert sum(map(bool, found)) <= 2


@pytest.mark.photos
@pytest.mark.parametrize(
    "path",
    ["brick", "cell", "chelsea", "clock_motion", "coffee", "coins", "color", "grass", "gravel",
     "horse", "ihc", "moon", "motorcycle_left", "page", "text"],
)  # fmt: skip
def test_photographs_of_other_things_have_no_face(path: str) -> None:
    assert faces_of(photograph("scikit_image", f"{SCIKIT}/{path}.png").convert("RGB")) == []


@pytest.mark.photos
def test_a_face_in_a_photograph_is_found_in_colour_in_grey_and_mirrored() -> None:
    picture = photograph("scikit_image", f"{SCIKIT}/astronaut.png")

    for version, x in (
        (picture, 0.44),
        (picture.convert("L").convert("RGB"), 0.44),
        (ImageOps.mirror(picture), 0.56),
    ):
        (face,) = faces_of(version)
        assert abs(face.x - x) < 0.05
        assert abs(face.y - 0.22) < 0.05
        assert 0.15 < face.width < 0.35


@pytest.mark.photos
def test_two_faces_are_two() -> None:
    portrait = photograph("scikit_image", f"{SCIKIT}/astronaut.png").crop((130, 0, 330, 200))
    picture = Image.new("RGB", (400, 200))
    picture.paste(portrait, (0, 0))
    picture.paste(ImageOps.mirror(portrait), (200, 0))

    faces = faces_of(picture)

    assert len(faces) == 2
    assert sorted(face.x < 0.5 for face in faces) == [False, True]


def test_an_image_smaller_than_any_face_has_none() -> None:
    assert faces_of(Image.new("RGB", (20, 400), (200, 150, 120))) == []
