"""The task that Runware gets for each edit."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from PIL import Image

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.operations.table import operation_of
from studio.domain.provider_calls.model import Credentials, Generated, ProviderRequest
from studio.money import Cost
from studio.providers.runware.adapter import RunwareProvider
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.vendors.runware_requests import EDITS, IDS, KEY, OUTPAINT, REMOVE_BACKGROUND

CARD = provider_card("runware")
PRICE = Cost(1_300, "reported")


@pytest.fixture
def stand_in() -> Iterator[RunwareStandIn]:
    with RunwareStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: RunwareStandIn, client: httpx.Client) -> RunwareProvider:
    return RunwareProvider(Credentials(KEY, stand_in.base_url), CARD, client, GuardedClient)


@pytest.mark.parametrize(("wanted", "task", "size"), EDITS, ids=IDS)
def test_each_operation_has_its_task(
    stand_in: RunwareStandIn,
    provider: RunwareProvider,
    wanted: ProviderRequest,
    task: dict[str, object],
    size: tuple[int, int],
) -> None:
    outcome = provider.submit(wanted)
    assert isinstance(outcome, Generated)
    with Image.open(BytesIO(outcome.data)) as image:
        assert (image.format, image.size) == ("PNG", size)
        assert ("A" in image.mode) == (wanted == REMOVE_BACKGROUND)
    assert outcome.cost == PRICE
    assert [request.json() for request in stand_in.requests] == [[task]]
    assert len(stand_in.paid) == 1


def test_every_model_that_changes_images_is_tried_with_its_inputs() -> None:
    edits = {
        (name, operation)
        for name, card in CARD.models.items()
        for operation in card.operations
        if operation != "generate"
    }
    assert {(wanted.model, wanted.operation) for wanted, _, _ in EDITS} == edits
    for wanted, _, _ in EDITS:
        card = CARD.models[wanted.model]
        taken = set(card.options) & set(operation_of(wanted.operation).options)
        assert set(wanted.options) == taken
        assert {source.role for source in wanted.sources} <= set(card.sources.roles)


@pytest.mark.parametrize(
    ("side", "field", "size"),
    [
        ("left", "left", (192, 192)),
        ("right", "right", (192, 192)),
        ("up", "top", (128, 256)),
        ("down", "bottom", (128, 256)),
    ],
)
def test_a_side_grows_by_whole_steps_and_the_others_not_at_all(
    stand_in: RunwareStandIn,
    provider: RunwareProvider,
    side: str,
    field: str,
    size: tuple[int, int],
) -> None:
    assert isinstance(provider.submit(replace(OUTPAINT, options={side: 33})), Generated)
    (task,) = stand_in.requests[0].json()
    assert task["outpaint"] == {"top": 0, "right": 0, "bottom": 0, "left": 0} | {field: 64}
    assert (task["width"], task["height"]) == size


def test_an_image_is_widened_without_words(
    stand_in: RunwareStandIn, provider: RunwareProvider
) -> None:
    assert isinstance(provider.submit(replace(OUTPAINT, prompt="")), Generated)
    (task,) = stand_in.requests[0].json()
    assert len(task["positivePrompt"]) >= 2
