"""The address and the signature of requests to Amazon Bedrock."""

from collections.abc import Iterator

import httpx
import pytest
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import MetadataRetrievalError

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import Credentials, Generated, Refused, Throttled
from studio.providers.bedrock.adapter import BedrockProvider
from studio.providers.bedrock.signing import role, role_keys
from tests.support.stand_ins.bedrock import ACCESS_KEY, REGION, BedrockStandIn
from tests.support.vendors.bedrock_requests import KEYS, SECRET, TOKEN, WORDS

CARD = provider_card("bedrock")


@pytest.fixture
def stand_in() -> Iterator[BedrockStandIn]:
    with BedrockStandIn(SECRET, token=TOKEN) as server:
        yield server


def adapter(base_url: str, client: httpx.Client) -> BedrockProvider:
    return BedrockProvider(
        Credentials("", base_url), CARD, client, GuardedClient, REGION, lambda: KEYS
    )


@pytest.mark.parametrize("base_url", ["here", "http://here:port", "http://[::1", "ftp://here"])
def test_an_address_that_is_none_is_refused(client: httpx.Client, base_url: str) -> None:
    answer = adapter(base_url, client).submit(WORDS)
    assert isinstance(answer, Refused)
    assert answer.kind == "validation"


def test_without_an_address_of_its_own_the_region_says_where() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(503)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        BedrockProvider(
            Credentials(""), CARD, client, GuardedClient, "eu-west-1", lambda: KEYS
        ).submit(WORDS)
    assert str(seen[0].url) == (
        "https://bedrock-runtime.eu-west-1.amazonaws.com"
        "/model/stability.stable-image-core-v1%3A1/invoke"
    )
    assert "/eu-west-1/bedrock/aws4_request" in seen[0].headers["authorization"]


@pytest.mark.parametrize(
    ("keys", "token"),
    [
        (ReadOnlyCredentials("AKIDOTHER", SECRET, TOKEN), TOKEN),
        (ReadOnlyCredentials(ACCESS_KEY, "another", TOKEN), TOKEN),
        (ReadOnlyCredentials(ACCESS_KEY, SECRET, "another"), TOKEN),
        (ReadOnlyCredentials(ACCESS_KEY, SECRET, None), TOKEN),
    ],
)
def test_keys_of_another_account_are_refused(
    client: httpx.Client, keys: ReadOnlyCredentials, token: str
) -> None:
    with BedrockStandIn(SECRET, token=token) as server:
        credentials = Credentials("", server.base_url)
        answer = BedrockProvider(
            credentials, CARD, client, GuardedClient, REGION, lambda: keys
        ).submit(WORDS)
    assert isinstance(answer, Refused)
    assert answer.kind == "auth"


def test_keys_without_a_session_are_signed_without_a_token(client: httpx.Client) -> None:
    keys = ReadOnlyCredentials(ACCESS_KEY, SECRET, None)
    with BedrockStandIn(SECRET) as server:
        credentials = Credentials("", server.base_url)
        answer = BedrockProvider(
            credentials, CARD, client, GuardedClient, REGION, lambda: keys
        ).submit(WORDS)
    assert isinstance(answer, Generated)


def test_a_process_without_a_role_is_told_so(
    stand_in: BedrockStandIn, client: httpx.Client
) -> None:
    credentials = Credentials("", stand_in.base_url)
    answer = BedrockProvider(credentials, CARD, client, GuardedClient, REGION, lambda: None).submit(
        WORDS
    )
    assert isinstance(answer, Refused)
    assert answer.kind == "auth"
    assert not stand_in.requests


def test_keys_that_cannot_be_read_now_may_be_later(
    stand_in: BedrockStandIn, client: httpx.Client
) -> None:
    def fails() -> ReadOnlyCredentials | None:
        raise MetadataRetrievalError(error_msg="no answer")

    credentials = Credentials("", stand_in.base_url)
    answer = BedrockProvider(credentials, CARD, client, GuardedClient, REGION, fails).submit(WORDS)
    assert isinstance(answer, Throttled)
    assert answer.kind == "transient"
    assert not stand_in.requests


@pytest.fixture
def fresh_role() -> Iterator[None]:
    """The process has not looked for its role yet, and forgets the one of the test."""
    role.cache_clear()
    yield
    role.cache_clear()


@pytest.mark.usefixtures("fresh_role")
def test_the_role_of_the_process_signs(
    stand_in: BedrockStandIn, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ACCESS_KEY_ID", ACCESS_KEY), ("SECRET_ACCESS_KEY", SECRET)):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
    assert role_keys() == KEYS
    credentials = Credentials("", stand_in.base_url)
    assert isinstance(
        BedrockProvider(credentials, CARD, client, GuardedClient, REGION).submit(WORDS), Generated
    )


def test_a_token_that_cannot_be_sent_is_not(stand_in: BedrockStandIn, client: httpx.Client) -> None:
    keys = ReadOnlyCredentials(ACCESS_KEY, SECRET, "line\nbreak")
    credentials = Credentials("", stand_in.base_url)
    answer = BedrockProvider(credentials, CARD, client, GuardedClient, REGION, lambda: keys).submit(
        WORDS
    )
    assert isinstance(answer, Refused)
    assert answer.kind == "auth"
    assert not stand_in.requests
