"""How large a picture is asked for, with and without a size of the caller's."""

from dataclasses import replace

from studio.domain.catalogue.catalogue import ModelCard
from studio.domain.catalogue.orderable import resolve_model
from studio.domain.catalogue.sizes import FixedSizes, FreeSizes
from studio.domain.orders.sizing import request_size
from tests.support.builders import TODAY, a_spec

MODEL: ModelCard = replace(
    resolve_model("builtin", None, day=TODAY)[0],
    sizes=FreeSizes(64, 128, 2048, 16_384, 4_194_304, 16),
)


def test_a_size_that_was_ordered_is_asked_for() -> None:
    assert request_size(a_spec(width=640, height=384), MODEL, (3000, 100)) == (640, 384)


def test_without_one_the_source_says_how_large() -> None:
    spec = a_spec(width=None, height=None, operation="edit.inpaint")
    assert request_size(spec, MODEL, (640, 384)) == (640, 384)


def test_a_wider_image_is_asked_for_where_sides_are_added() -> None:
    options = {"left": 64, "right": 128, "up": 32, "down": 32}
    spec = a_spec(width=None, height=None, operation="edit.outpaint", options=options)
    assert request_size(spec, MODEL, (640, 384)) == (832, 448)


def test_of_an_unseen_image_the_largest_is_the_bound() -> None:
    spec = a_spec(width=None, height=None)
    assert request_size(spec, MODEL, None) == (2048, 2048)
    fixed = replace(MODEL, sizes=FixedSizes(((512, 512), (1536, 1024), (1024, 1024)), 3))
    assert request_size(spec, fixed, None) == (1536, 1024)
