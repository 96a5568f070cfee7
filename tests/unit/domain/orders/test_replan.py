"""The plan of images that run again."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.catalogue.orderable import card_of_day
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import Item
from studio.domain.orders.plan import check_usable
from studio.domain.orders.replan import replan
from studio.errors import InvalidRequestError
from tests.support.builders import PRICE, TODAY, a_job, a_spec, an_item

PHOTO = SourceRef(asset_id="a", key="k", media_type="image/png", bytes=9)


def upscale(width: int, height: int, **changes: Any) -> Item:
    models = card_of_day("stability", TODAY).models.values()
    model = next(model.id for model in models if "upscale.fast" in model.operations)
    source = replace(PHOTO, width=width, height=height)
    spec = a_spec(provider="stability", model=model, operation="upscale.fast", sources=(source,))
    return an_item(a_job(), 2, spec=spec, status="failed", **changes)


@pytest.mark.parametrize(
    ("size", "code"), [((8, 800), "source-too-small"), ((4000, 4000), "source-too-large")]
)
def test_a_source_that_its_model_cannot_use_is_an_obstacle(
    size: tuple[int, int], code: str
) -> None:
    plan = replan([upscale(800, 600), upscale(*size)], TODAY, ())
    with pytest.raises(InvalidRequestError) as refused:
        check_usable(plan)
    (field,) = refused.value.fields
    assert (field.pointer, field.code) == ("/items", code)
    assert field.detail.startswith(f"image 2: It has {size[0]} x {size[1]} pixels; ")


def test_a_paid_result_is_not_made_again_so_its_source_may_be_anything() -> None:
    paid = upscale(8, 8, attempt=1, attempt_open=True, settled_attempt=1, cost=PRICE)
    check_usable(replan([paid], TODAY, {"stability"}))
