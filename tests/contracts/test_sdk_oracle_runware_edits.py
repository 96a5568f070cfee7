"""The tasks that change pictures, compared with those of the vendor's SDK for the same request."""

import asyncio
import base64
from typing import Any, get_args, get_type_hints

import httpx
import pytest
import runware
from runware.types import task_map

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import Credentials, Generated, ProviderRequest
from studio.providers.runware.adapter import RunwareProvider
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.vendors.runware_requests import EDITS, IDS

KEY = "rw-planted-0123456789"
COMPARED_HEADERS = ("authorization", "accept", "content-type")
# The SDK accepts anything; we say that we read JSON only.
AGREED = {"accept": ("application/json", "*/*")}


async def _ask_officially(base_url: str, task: dict[str, object]) -> list[dict[str, Any]]:
    """Send a task; that it names its kind and its id keeps the SDK off the net."""
    client = runware.Runware(api_key=KEY, transport="rest", http_base_url=base_url, max_retries=0)
    async with client:
        return await client.run(task)


def _known_fields(model: object) -> set[str]:
    """Return the fields that the SDK's types have for the task of a model."""
    for name, kind in vars(task_map).items():
        hints = get_type_hints(kind) if name.endswith("Params") else {}
        if model in get_args(hints.get("model")):
            return set(hints)
    raise LookupError(f"the SDK has no model {model}")


@pytest.mark.parametrize(("wanted", "task", "size"), EDITS, ids=IDS)
def test_runware_the_same_task(
    wanted: ProviderRequest, task: dict[str, object], size: tuple[int, int]
) -> None:
    with RunwareStandIn(KEY) as server, httpx.Client(trust_env=False) as client:
        credentials = Credentials(KEY, server.base_url)
        mine = RunwareProvider(credentials, provider_card("runware"), client, GuardedClient).submit(
            wanted
        )
        (ours,) = server.requests
    with RunwareStandIn(KEY) as server:
        (theirs,) = asyncio.run(_ask_officially(server.base_url, task))
        (official,) = server.requests

    assert (ours.method, ours.path) == (official.method, official.path)
    pairs = {name: (ours.headers[name], official.headers[name]) for name in COMPARED_HEADERS}
    assert {name: pair for name, pair in pairs.items() if pair[0] != pair[1]} == AGREED
    assert ours.json() == official.json()
    assert isinstance(mine, Generated)
    assert base64.b64decode(theirs["imageBase64Data"]) == mine.data


@pytest.mark.parametrize(("wanted", "task", "size"), EDITS, ids=IDS)
def test_the_sdk_s_types_know_every_field(
    wanted: ProviderRequest, task: dict[str, object], size: tuple[int, int]
) -> None:
    assert set(task) <= _known_fields(wanted.model)
