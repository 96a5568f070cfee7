"""Who makes an image on the deployed stack: a substitute takes over from who has no account."""

from tests.support.local_aws.caller import Caller
from tests.support.local_aws.ledger import check_ledger


def test_a_substitute_makes_what_a_provider_without_an_account_cannot(other: Caller) -> None:
    created = other.create(
        prompt="a lighthouse at dusk",
        size="512x512",
        provider={"id": "runware", "fallback": [{"id": "openai"}]},
    )
    assert created["provider"]["chosen"]["id"] == "runware"
    job = other.finish(created["id"], 90)
    assert job["status"] == "succeeded"
    (item,) = other.items(job["id"])
    assert item["provider"]["id"] == "openai"
    assert item["provider"]["asked"] == {"id": "runware", "model": "runware:101@1"}
    assert item["provider"]["why"] == "no key of it is stored"
    assert item["cost"]["basis"] == "priced"
    check_ledger(other, job)
