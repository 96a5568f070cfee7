"""The cheapest free call of each vendor, which shows whether it takes a key.

None of these calls makes an image or costs money. Sources: the vendors' references of models
(OpenAI, Gemini), of the balance (Stability, WaveSpeed), of the account (Runware task
``accountManagement``) and of the token (Hugging Face ``whoami-v2``), read 2026-11-30.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from studio.domain.catalogue.catalogue import ProviderCard, provider_card
from studio.domain.integrations.model import KeyTest
from studio.domain.provider_calls.model import Credentials, Refused

if TYPE_CHECKING:
    from studio.providers.shared.http import HttpResponse

SECONDS: Final = 15
_BAD_KEY = b"API_KEY_INVALID"


@dataclass(frozen=True, slots=True)
class _FreeCall:
    """A call below the account's base URL.

    Attributes:
        base_url: Where the call is if not at the provider's own address.
        header: The header that carries the key, None for a bearer key.
        task: The Runware task to send; None for a GET.
    """

    path: str
    base_url: str | None = None
    header: str | None = None
    task: Mapping[str, str] | None = None


_CALLS: Final[Mapping[str, _FreeCall]] = {
    "gemini": _FreeCall("/v1beta/models?pageSize=1", header="x-goog-api-key"),
    "huggingface": _FreeCall("/api/whoami-v2", base_url="https://huggingface.co"),
    "openai": _FreeCall("/models"),
    "runware": _FreeCall("", task={"taskType": "accountManagement", "operation": "getDetails"}),
    "stability": _FreeCall("/v1/user/balance"),
    "wavespeed": _FreeCall("/api/v3/balance"),
}


def check_key(provider: str, account: Credentials) -> KeyTest:
    """Return whether a provider takes the key of an account; the words never hold the key.

    Raises:
        UnknownProviderError: the catalogue has no such provider.
    """
    # Imported late, because most events of the function call no provider.
    from studio.providers.shared.http import HttpResponse, bearer, send, shared_client

    card, call = provider_card(provider), _CALLS.get(provider)
    if call is None:
        return KeyTest("untested", f"{card.title} has no free call to test a key with.")
    base = account.base_url or call.base_url or str(card.base_url)
    key = account.api_key
    answer = send(
        shared_client(),
        "GET" if call.task is None else "POST",
        f"{base.rstrip('/')}{call.path}",
        {call.header: key, "Accept": "application/json"} if call.header else bearer(key),
        secret=key,
        read_timeout=SECONDS,
        content=None if call.task is None else {"json": [{**call.task, "taskUUID": str(uuid4())}]},
        needs_body=False,
    )
    if isinstance(answer, HttpResponse):
        return _meaning(card, answer, own_address=account.base_url is not None)
    if isinstance(answer, Refused):
        return KeyTest("refused", answer.message)
    return KeyTest("unreachable", f"{card.title} did not answer.")


def _meaning(card: ProviderCard, answer: "HttpResponse", *, own_address: bool) -> KeyTest:
    """Return what an answer says of the key."""
    status = answer.status
    refused = status in (401, 403) or (status == 400 and _BAD_KEY in answer.body)
    if refused:
        return KeyTest("refused", f"{card.title} does not accept the key (HTTP {status}).")
    if answer.ok:
        return KeyTest("ok", f"{card.title} accepts the key.")
    if own_address and status in (404, 405, 501):
        return KeyTest("untested", f"The gateway has no free call of {card.title} (HTTP {status}).")
    return KeyTest("unreachable", f"{card.title} could not say (HTTP {status}).")
