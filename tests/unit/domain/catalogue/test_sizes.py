"""The size that is asked for to get an exact one by cropping."""

from itertools import product

import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.catalogue.orderable import resolve_model
from studio.domain.catalogue.sizes import FreeSizes, Size, nearest_size, serves
from studio.errors import InvalidRequestError
from tests.support.builders import TODAY

FREE = ("openai", "gpt-image-2")
LIST = ("openai", "gpt-image-1.5")
FLUX = ("runware", None)
BUILTIN = ("builtin", None)


def ask(name: tuple[str, str | None], wanted: Size) -> Size:
    return resolve_model(*name, day=TODAY)[0].request_size(*wanted)


@pytest.mark.parametrize(
    ("name", "wanted", "asked"),
    [
        (FREE, (1024, 1024), (1024, 1024)),
        (FREE, (3840, 2160), (3840, 2160)),
        (FREE, (1200, 630), (1200, 640)),
        (FREE, (1080, 1920), (1088, 1920)),
        (FREE, (3000, 1000), (3008, 1008)),
        (FREE, (512, 512), (816, 816)),  # the smallest square of 655,360 pixels or more
        (FLUX, (1000, 600), (1024, 640)),
        (FLUX, (1, 1), (128, 128)),
        (FLUX, (1200, 100), (1216, 128)),
        (BUILTIN, (17, 4001), (17, 4001)),
        (BUILTIN, (1, 1), (16, 16)),
        (LIST, (1024, 1024), (1024, 1024)),
        (LIST, (500, 500), (1024, 1024)),
        (LIST, (1200, 630), (1536, 1024)),
        (LIST, (600, 900), (1024, 1536)),
    ],
)
def test_the_smallest_size_that_covers_with_little_waste(
    name: tuple[str, str | None], wanted: Size, asked: Size
) -> None:
    assert ask(name, wanted) == asked


@pytest.mark.parametrize(
    ("name", "wanted", "asked"),
    [
        (FREE, (4000, 4000), (2880, 2880)),
        (FREE, (5000, 2000), (3840, 1536)),
        (FREE, (2000, 5000), (1536, 3840)),
        (FLUX, (4000, 3000), (2048, 1536)),
        (LIST, (2000, 1000), (1536, 1024)),
        (LIST, (3000, 3000), (1024, 1024)),
        (BUILTIN, (8192, 8192), (4096, 4096)),
    ],
)
def test_where_nothing_covers_the_one_that_leaves_most_pixels(
    name: tuple[str, str | None], wanted: Size, asked: Size
) -> None:
    assert ask(name, wanted) == asked


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (FREE, (3001, 1000)),
        (FREE, (1000, 3001)),
        (LIST, (3001, 1000)),
        (FLUX, (1700, 100)),
        (BUILTIN, (4112, 16)),
    ],
)
def test_a_format_longer_than_the_model_makes_is_refused(
    name: tuple[str, str | None], wanted: Size
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        ask(name, wanted)
    assert [field.pointer for field in caught.value.fields] == ["/size"]


def test_every_ordinary_size_gives_an_offered_one_with_at_most_one_step_of_waste() -> None:
    sizes = resolve_model(*FREE, day=TODAY)[0].sizes
    assert isinstance(sizes, FreeSizes)
    for wanted in product(range(700, 2100, 173), range(700, 2100, 131)):
        asked = ask(FREE, wanted)
        assert sizes.offers(asked)
        # Both sides cover, and one of them is the next multiple of 16.
        assert all(got >= want for got, want in zip(asked, wanted, strict=True))
        assert any(got - want < 16 for got, want in zip(asked, wanted, strict=True)) or (
            wanted[0] * wanted[1] < sizes.min_pixels
        )


@pytest.mark.parametrize(
    ("size", "offered"),
    [
        ((1024, 640), True),  # 655,360 pixels, the least
        ((1008, 640), False),
        ((2880, 2880), True),
        ((2896, 2880), False),
        ((1024, 1000), False),
        ((3856, 2000), False),
        ((1440, 464), False),  # longer than 3:1
        ((1440, 480), True),
    ],
)
def test_the_limits_of_a_free_size(size: Size, offered: bool) -> None:
    assert resolve_model(*FREE, day=TODAY)[0].sizes.offers(size) is offered


@pytest.mark.parametrize("provider", provider_ids())
def test_each_size_has_a_nearest_one_that_the_model_makes(provider: str) -> None:
    sides = (64, 65, 300, 511, 1000, 1536, 2999, 4096)
    for model in provider_card(provider).models.values():
        for wanted in product(sides, sides):
            near = nearest_size(model.sizes, *wanted)
            assert serves(model.sizes, *near), (model.id, wanted)
            assert max(near) == max(wanted)
            assert (near == wanted) == serves(model.sizes, *wanted)


def test_the_nearest_size_is_the_least_change() -> None:
    assert nearest_size(resolve_model(*FREE, day=TODAY)[0].sizes, 4000, 500) == (4000, 1334)
    assert nearest_size(resolve_model(*FREE, day=TODAY)[0].sizes, 100, 500) == (167, 500)
