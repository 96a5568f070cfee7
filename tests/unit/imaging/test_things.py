from PIL import Image, ImageDraw

from studio_imaging.attention import Attention
from studio_imaging.things import find_things, kept_whole
from studio_imaging.windows import Window

WHOLE = Window(0.4, 0.0, 0.4)


def salient(*discs: tuple[int, int, int, int]) -> Image.Image:
    found = Image.new("L", (96, 64))
    for disc in discs:
        ImageDraw.Draw(found).ellipse(disc, fill=230)
    return found


def test_a_disc_is_a_thing_and_a_bar_a_speck_and_texture_are_none() -> None:
    (box,) = find_things(salient((40, 6, 52, 18)))
    assert box == (38 / 96, 4 / 64, 55 / 96, 21 / 64)
    assert find_things(salient((10, 50, 80, 56))) == []
    assert find_things(salient((40, 6, 41, 7))) == []
    many = [(x, y, x + 6, y + 6) for x in range(0, 90, 12) for y in range(0, 60, 20)]
    assert find_things(salient(*many)) == []


def test_a_window_moves_a_little_to_show_a_thing_whole() -> None:
    assert kept_whole(0.15, WHOLE, 0.3, [(0.1, 0.25)]) == 0.1
    assert abs(kept_whole(0.1, WHOLE, 0.3, [(0.4, 0.55)]) - 0.15) < 1e-9
    for at, spans in ((0.15, [(0.2, 0.3)]), (0.4, [(0.1, 0.45)]), (0.1, [(0.05, 0.55)])):
        assert kept_whole(at, WHOLE, 0.45, spans) == at


def test_a_window_does_not_leave_its_point_for_a_thing() -> None:
    assert kept_whole(0.15, WHOLE, 0.54, [(0.1, 0.25)]) == 0.15


def test_a_moon_above_a_wide_city_is_not_cut() -> None:
    scene = Image.new("RGB", (900, 600), (20, 30, 70))
    draw = ImageDraw.Draw(scene)
    for left in range(0, 900, 60):
        draw.rectangle((left, 260 + left * 7 % 90, left + 44, 600), fill=(60, 90, 160))
    draw.ellipse((400, 70, 480, 150), fill=(250, 225, 240))

    _, top = Attention(scene).place(1.0, 0.5)

    assert top * 600 <= 70
