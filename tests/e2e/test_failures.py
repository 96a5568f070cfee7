"""Bad days of providers on the deployed stack: one failure stops nothing, nothing is paid twice."""

import pytest

from tests.support.local_aws.caller import Caller, sign_in
from tests.support.local_aws.deployment import Stack
from tests.support.local_aws.ledger import check_ledger
from tests.support.local_aws.openai_jobs import SQUARE, openai_job, paid
from tests.support.stand_ins.deliveries import with_pictures
from tests.support.stand_ins.server import html_reply


def test_answers_that_are_no_image_fail_alone_and_the_rest_go_on(
    stack: Stack, acme: Caller
) -> None:
    markers = {
        "garbage": "provider-bad-answer",
        "html": "provider-bad-answer",
        "truncated-image": "image-truncated",
        "huge-image": "image-too-large",
        "moderated": "provider-moderation",
    }
    prompts = ["before", *(f"bad day [[{marker}]]" for marker in markers), "after"]
    job = openai_job(acme, prompts)
    assert job["status"] == "partially_succeeded"
    assert (job["counts"]["succeeded"], job["counts"]["failed"]) == (2, 5)
    items = acme.items(job["id"])
    assert [item["status"] for item in items] == ["succeeded", *["failed"] * 5, "succeeded"]
    codes = [item["problem"]["code"] for item in items if item["problem"]]
    assert codes == list(markers.values())
    for prompt in prompts:
        assert paid(stack.openai.paid, prompt) == (0 if "moderated" in prompt else 1)
    # What was charged for pictures that could not be used is booked all the same.
    assert items[3]["cost"]["basis"] == "priced"
    assert items[4]["cost"]["basis"] == "priced"
    assert items[5]["cost"] is None
    check_ledger(acme, job)
    levels = {line["level"] for line in acme.get(f"/v1/jobs/{job['id']}/logs").json()["data"]}
    assert levels == {"info", "error"}


def test_a_redrive_runs_and_pays_only_what_failed(stack: Stack, acme: Caller) -> None:
    prompts = ["fine at once", "better later [[moderated-once]]"]
    job = openai_job(acme, prompts)
    assert job["status"] == "partially_succeeded"
    answer = acme.post(f"/v1/jobs/{job['id']}/redrive", {})
    assert answer.status_code == 202
    assert answer.json()["run"] == 2
    again = acme.finish(job["id"])
    assert again["status"] == "succeeded"
    assert [paid(stack.openai.paid, prompt) for prompt in prompts] == [1, 1]
    check_ledger(acme, again)
    refused = acme.post(f"/v1/jobs/{job['id']}/redrive", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "state-conflict")


def test_retry_after_is_waited_for(stack: Stack, acme: Caller) -> None:
    prompt = "patience [[rate-limit-once]]"
    job = openai_job(acme, [prompt])
    assert job["status"] == "succeeded"
    (item,) = acme.items(job["id"])
    assert item["attempts"] == 2
    assert paid(stack.openai.paid, prompt) == 1
    check_ledger(acme, job)


def test_an_unknown_outcome_is_not_paid_again_without_the_callers_word(
    stack: Stack, acme: Caller
) -> None:
    prompt = "cut off [[cut-once]]"
    job = openai_job(acme, [prompt])
    assert job["status"] == "failed"
    (item,) = acme.items(job["id"])
    assert item["status"] == "unknown"
    assert (item["cost"]["amount"], item["cost"]["basis"]) == (None, "unknown")
    assert job["cost"]["basis"] == "unknown"
    assert acme.ledger(job["id"])["totals"]["unknown_entries"] == 1
    refused = acme.post(f"/v1/jobs/{job['id']}/redrive", {})
    assert refused.status_code == 409
    assert paid(stack.openai.paid, prompt) == 1
    acme.post(f"/v1/jobs/{job['id']}/redrive", {"only": "unknown"})
    assert acme.finish(job["id"])["status"] == "succeeded"
    assert paid(stack.openai.paid, prompt) == 2


def test_a_provider_that_can_be_asked_is_asked(stack: Stack, acme: Caller) -> None:
    prompt = "cut off but known [[cut-once]]"
    created = acme.create(prompt=prompt, size=SQUARE, provider={"id": "runware"})
    job = acme.finish(created["id"], 90)
    assert job["status"] == "succeeded"
    assert paid(stack.runware.paid, prompt) == 1
    check_ledger(acme, job)


def test_an_asynchronous_answer_is_waited_for(stack: Stack, acme: Caller) -> None:
    prompt = "later [[acknowledged]]"
    created = acme.create(prompt=prompt, size=SQUARE, provider={"id": "runware"})
    assert acme.finish(created["id"], 90)["status"] == "succeeded"
    assert paid(stack.runware.paid, prompt) == 1


def test_a_paid_image_at_a_url_is_fetched_when_its_host_is_back(
    stack: Stack, acme: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = "a picture somewhere else"
    at_url = with_pictures(stack.openai, stack.openai.keep, "url")
    monkeypatch.setattr(stack.openai, "deliver", at_url)
    stack.openai.downloads.extend(map(html_reply, (404, 425)))
    job = openai_job(acme, [prompt])
    assert job["status"] == "succeeded"
    assert not stack.openai.downloads
    assert paid(stack.openai.paid, prompt) == 1
    check_ledger(acme, job)


def test_a_tenant_without_a_key_is_told_so_and_nothing_is_charged(other: Caller) -> None:
    order = {"operation": "generate", "prompt": "a lamp", "provider": {"id": "runware"}}
    answer = other.post("/v1/jobs", order)
    assert (answer.status_code, answer.json()["code"]) == (409, "provider-not-configured")
    warnings = other.post("/v1/estimates", {"jobs": [order]}).json()["warnings"]
    assert warnings == ["job 1: no key is stored for provider runware"]


def test_a_refused_key_is_an_error_of_the_account(stack: Stack, other: Caller) -> None:
    # A tenant of its own: the account of one that has called is known for five minutes.
    locked = Caller(other.http, sign_in(stack, "eve", "locked"))
    wrong = {"api_key": "sk-planted-wrong-key", "base_url": stack.openai.base_url}
    stack.put_key("openai", "tenants/locked", wrong)
    job = openai_job(locked, ["a locked gate"])
    (item,) = locked.items(job["id"])
    assert item["problem"]["code"] == "provider-auth"
    assert item["cost"] is None
