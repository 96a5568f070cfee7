"""Provider keys on the deployed stack, where the policies hold: written, used, and not shown."""

import json

from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import Stack

WAVESPEED = "/v1/integrations/wavespeed"
KEY = "planted-key-of-a-tenant-wxyz"


def test_a_tenant_stores_lists_and_deletes_a_key(stack: Stack, other: Caller) -> None:
    stored = other.put(WAVESPEED, {"api_key": KEY})
    assert (stored.status_code, stored.json()["last_four"]) == (200, "wxyz")
    name = f"{stack.outputs['ProviderKeysPath']}/wavespeed/tenants/other"
    ssm = stack.client("ssm")
    assert ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == KEY
    listed = {one["provider"]: one for one in other.get("/v1/integrations").json()["data"]}
    assert listed["wavespeed"] == stored.json()
    assert (listed["openai"]["configured"], listed["runware"]["configured"]) == ("stack", "none")
    assert "planted" not in stored.text + json.dumps(listed)
    assert other.delete(WAVESPEED).status_code == 204
    again = {one["provider"]: one for one in other.get("/v1/integrations").json()["data"]}
    assert again["wavespeed"]["configured"] == "stack"


def test_the_function_of_tests_reads_the_key_in_use(stack: Stack, acme: Caller) -> None:
    """The stand-in has no free call, which is an answer of an account behind a gateway."""
    tested = acme.post("/v1/integrations/openai/test")
    assert (tested.status_code, tested.json()["account"]) == (200, "stack")
    assert tested.json()["outcome"] in {"untested", "refused"}
    own = acme.post("/v1/integrations/runware/test").json()
    assert own["account"] == "own"
    assert "planted" not in tested.text + json.dumps(own)
    assert stack.invoke("TestIntegrationFunction", {})["shared"]


def test_a_provider_without_a_key_is_refused_at_the_door(other: Caller) -> None:
    body = {"operation": "generate", "prompt": "a boat", "provider": {"id": "runware"}}
    answer = other.post("/v1/jobs", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "provider-not-configured")
