from PIL import Image, ImageDraw

from studio_imaging.attention import Attention, FocalPoint


def test_a_flat_picture_has_its_point_in_the_centre_and_no_score() -> None:
    found = Attention(Image.new("RGB", (300, 200), (40, 90, 160)))

    assert found.focal_point == FocalPoint(0.5, 0.5, 0.0, "centre")
    assert found.place(0.5, 1) == (0.25, 0)


def test_a_window_follows_the_one_thing_there_is() -> None:
    picture = Image.new("RGB", (400, 200), (90, 120, 90))
    ImageDraw.Draw(picture).ellipse((330, 60, 380, 110), fill=(220, 60, 40))

    left, top = Attention(picture).place(0.5, 1)

    assert left <= 330 / 400 < 380 / 400 <= left + 0.5
    assert top == 0
