"""Our requests to Amazon Bedrock compared with those of AWS's own SDK for the same request."""

import json
from dataclasses import replace

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import Credentials, Generated, ProviderRequest
from studio.providers.bedrock.adapter import BedrockProvider
from tests.support.stand_ins.bedrock import ACCESS_KEY, REGION, BedrockStandIn
from tests.support.stand_ins.server import Recorded
from tests.support.vendors.bedrock_requests import KEYS, REQUESTS, SECRET, TOKEN, WORDS

# Headers that differ, and why.
DIFFERENCES = {
    # The second of the call, and the signature over it.
    "authorization",
    "x-amz-date",
    # The SDK counts its own tries; we never try twice.
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    # Who is asking, and what the HTTP library can unpack.
    "user-agent",
    "accept-encoding",
    "connection",
}


def ask_officially(
    server: BedrockStandIn, model: str, body: bytes, keys: ReadOnlyCredentials
) -> dict[str, object]:
    client = boto3.client(
        "bedrock-runtime",
        region_name=REGION,
        endpoint_url=server.base_url,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token,
        config=Config(retries={"max_attempts": 0}),
    )
    try:
        answer = client.invoke_model(
            modelId=model, body=body, accept="application/json", contentType="application/json"
        )
        document: dict[str, object] = json.loads(answer["body"].read())
        return document
    finally:
        client.close()


def signed_names(request: Recorded) -> str:
    """Return what of the authorization does not depend on the second."""
    return request.headers["authorization"].partition(", Signature=")[0]


@pytest.mark.parametrize("token", [TOKEN, None], ids=["session", "user"])
@pytest.mark.parametrize(
    "wanted", [wanted for wanted, _ in REQUESTS], ids=[wanted.model for wanted, _ in REQUESTS]
)
def test_bedrock_the_same_request(wanted: ProviderRequest, token: str | None) -> None:
    keys = ReadOnlyCredentials(ACCESS_KEY, SECRET, token)
    with BedrockStandIn(SECRET, token=token) as server, httpx.Client(trust_env=False) as client:
        provider = BedrockProvider(
            Credentials("", server.base_url),
            provider_card("bedrock"),
            client,
            GuardedClient,
            REGION,
            lambda: keys,
        )
        mine = provider.submit(wanted)
        theirs = ask_officially(server, wanted.model, server.requests[0].body, keys)
        ours, official = server.requests

    assert (ours.method, ours.path) == (official.method, official.path)
    assert ours.body == official.body
    names = (ours.headers.keys() | official.headers.keys()) - DIFFERENCES
    assert {name: ours.headers.get(name) for name in names} == {
        name: official.headers.get(name) for name in names
    }
    assert {"accept", "content-type", "host", "content-length"} <= names
    assert signed_names(ours) == signed_names(official)
    assert isinstance(mine, Generated)
    assert len(theirs["images"]) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "scenario",
    ["bad-request", "permission", "gone", "timeout", "model-error", "rate-limit", "not-ready",
     "server-error", "unavailable", "service-quota"],
)  # fmt: skip
def test_the_sdk_reads_the_same_type_of_error(scenario: str) -> None:
    with BedrockStandIn(SECRET, token=TOKEN) as server, httpx.Client(trust_env=False) as client:
        server.script([scenario, scenario])
        provider = BedrockProvider(
            Credentials("", server.base_url),
            provider_card("bedrock"),
            client,
            GuardedClient,
            REGION,
            lambda: KEYS,
        )
        mine = provider.submit(replace(WORDS, prompt="a house"))
        with pytest.raises(ClientError) as caught:
            ask_officially(server, WORDS.model, server.requests[0].body, KEYS)
    code = caught.value.response["Error"]["Code"]
    assert f"({code})" in repr(mine)
