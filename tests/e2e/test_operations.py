"""Every operation by every provider that the catalogue says offers it, on the deployed stack."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.operations.model import Operation
from studio.domain.operations.table import operation_of
from studio.domain.operations.values import Role
from tests.support.imaging.media import a_wav
from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import Stack

PAIRS = [
    (operation, provider)
    for provider in provider_ids()
    for operation in sorted(
        {name for model in provider_card(provider).models.values() for name in model.operations}
    )
]
KINDS = {"image": "image/", "video": "video/mp4", "model": "model/gltf-binary"}
_SIDES = 704
# More at once only wait for each other.
_AHEAD = 3
# The provider answers these after some polls, so they are ordered before all others.
_LATE = [
    ("edit.replace_background_relight", "stability"),
    ("upscale.creative", "stability"),
]
_FIRST_CHOICES: dict[str, Any] = {
    "left": 64,
    "search_prompt": "the red ball",
    "keep_background": True,
}


def _png(picture: Image.Image) -> str:
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return b64encode(buffer.getvalue()).decode()


def _photo() -> str:
    """A red ball on a plain backdrop."""
    picture = Image.new("RGB", (_SIDES, _SIDES), (236, 238, 240))
    ImageDraw.Draw(picture).ellipse((200, 220, 500, 520), fill=(200, 30, 40))
    return _png(picture)


def _mask() -> str:
    mask = Image.new("L", (_SIDES, _SIDES), 0)
    mask.paste(255, (300, 300, 400, 400))
    return _png(mask)


def _file(role: Role) -> dict[str, str]:
    match role:
        case "mask":
            return {"base64": _mask()}
        case "audio":
            return {"base64": b64encode(a_wav(3)).decode()}
        case _:
            return {"base64": _photo()}


def _body(operation: Operation, provider: str) -> dict[str, Any]:
    """The least that an order of this operation has to say."""
    needed = {role for role, need in operation.files.items() if need == "required"}
    names = {name for name, option in operation.options.items() if option.required}
    names |= set(operation.one_of[:1]) & operation.options.keys()
    body: dict[str, Any] = {
        "operation": operation.id,
        "provider": {"id": provider},
        "input": {name: _FIRST_CHOICES[name] for name in names},
        **{role: _file(role) for role in needed - {"image"}},
    }
    if operation.id == "social.optimize":
        body["output"] = {"formats": ["ig_post_square"]}
    if "image" in needed:
        body["sources"] = [_file("image")]
    if operation.prompt:
        body["prompt"] = _PROMPTS.get(operation.id, "a blue hat")
    return body


_PROMPTS = {
    "edit.search_recolor": "blue",
    "edit.replace_background_relight": "a sunny beach",
    # The built-in edits know a few words and refuse the rest.
    "edit.general": "brighter and warmer",
}


@dataclass
class Orders:
    """A job for each pair, a few ahead of the one that is waited for."""

    caller: Caller
    paid_before: dict[str, int]
    jobs: dict[tuple[str, str], str] = field(default_factory=dict)

    def job(self, pair: tuple[str, str]) -> str:
        place = PAIRS.index(pair)
        for near in (*_LATE, *PAIRS[place : place + _AHEAD]):
            if near not in self.jobs:
                body = _body(operation_of(near[0]), near[1])
                self.jobs[near] = self.caller.create(**body)["id"]
        return self.jobs[pair]


@pytest.fixture(scope="module")
def orders(stack: Stack, acme: Caller) -> Iterator[Orders]:
    before = {name: len(stand_in.paid) for name, stand_in in stack.stand_ins.items()}
    with _without_a_limit(stack):
        yield Orders(acme, before)


@contextmanager
def _without_a_limit(stack: Stack) -> Iterator[None]:
    """Lift the month's limit: under one, nothing whose price is not published can be ordered."""
    functions = stack.client("lambda")
    name = stack.functions["ApiFunction"]
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    lifted = {**variables, "TENANT_MONTHLY_LIMIT_USD": ""}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": lifted})
    try:
        yield
    finally:
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables}
        )


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def test_what_the_catalogue_claims_is_done(
    orders: Orders, acme: Caller, pair: tuple[str, str]
) -> None:
    job = acme.finish(orders.job(pair), 110)
    (item,) = acme.items(job["id"])
    assert job["status"] == "succeeded", item["problem"]
    asset = acme.get(f"/v1/assets/{item['asset_id']}").json()
    operation = operation_of(pair[0])
    assert (asset["operation"], asset["kind"]) == (operation.id, operation.produces)
    assert asset["media_type"].startswith(KINDS[operation.produces])
    assert asset["recipe"]["provider"] == pair[1]
    content = acme.get(f"/v1/assets/{item['asset_id']}/content", follow_redirects=True).content
    assert len(content) == asset["bytes"]
    totals = acme.ledger(job["id"])["totals"]
    assert Decimal(totals["held"]) == 0
    if item["cost"]["amount"] is None:
        assert totals["unknown_entries"] == 1
    else:
        assert Decimal(totals["settled"]) == Decimal(item["cost"]["amount"])


def test_each_of_them_was_paid_once(orders: Orders, stack: Stack, acme: Caller) -> None:
    for pair in PAIRS:
        acme.finish(orders.job(pair), 110)
    paid = {
        name: len(stand_in.paid) - orders.paid_before[name]
        for name, stand_in in stack.stand_ins.items()
    }
    assert paid == {name: sum(by == name for _, by in PAIRS) for name in stack.stand_ins}
