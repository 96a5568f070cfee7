"""CallProvider: which provider takes over, and when none may."""

from dataclasses import replace
from typing import Any

import pytest

from studio.api.jobs import image_responses, serializers
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.provider_calls.model import (
    ErrorKind,
    NotFound,
    OutcomeUnknown,
    Pending,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.errors import CredentialsMissingError
from studio.money import Cost
from studio.ports.provider import Provider
from studio.services.jobs.redrive_job import Selection
from tests.support.builders import TENANT, a_key, a_picture, settled, unique
from tests.support.fakes.provider import FakeProvider
from tests.support.fakes.web import Page
from tests.support.workflows.job_in_memory import Harness, bench

NEXT = (("runware", None),)
URL = "https://shop.test/lamp.png"
BUSY = Throttled("transient", "try again")


def falling(*replies: ProviderOutcome, **options: Any) -> Harness:
    """A job whose image openai is to make, and runware where it does not."""
    return bench("a", replies=replies, **{"fallback": NEXT, **options})


def models(found: Harness) -> list[str]:
    return [request.model for request in found.studio.provider.requests]


@pytest.mark.parametrize("kind", ["auth", "permission", "credits", "model_gone"])
def test_a_substitute_makes_what_the_first_would_never_make(kind: ErrorKind) -> None:
    found = falling(Refused(kind, "not you"))
    answer = found.call()
    assert (answer["outcome"], answer["wait_seconds"]) == ("throttled", 1)
    item = found.item()
    assert (item.status, item.attempt_open, item.spec.provider) == ("queued", False, "runware")
    assert item.log[-1].message == item.spec.warnings[-1]
    assert found.run().status == "succeeded"
    assert models(found) == ["gpt-image-2", "runware:101@1"]
    first, second = found.studio.provider.requests
    assert first.request_id != second.request_id


def test_the_books_name_who_made_the_image() -> None:
    found = falling(Refused("credits", "no money"))
    found.run()
    (settle,) = [
        entry
        for entry in found.studio.raw.ledger.entries(TENANT, found.job_id)
        if entry.type == "settle"
    ]
    assert (settle.provider, settle.model, settle.attempt) == ("runware", "runware:101@1", 2)
    asset = found.studio.raw.assets.get(TENANT, found.item().asset_id)
    assert (asset.recipe["provider"], asset.recipe["model"]) == ("runware", "runware:101@1")


def test_without_a_substitute_all_is_as_ever() -> None:
    found = falling(Refused("auth", "not you"), fallback=())
    assert found.call()["outcome"] == "failed"


def test_when_the_last_substitute_fails_the_image_fails() -> None:
    found = falling(Refused("auth", "not you"), Refused("credits", "nor you"))
    assert found.run().status == "failed"
    error = found.item().error
    assert error is not None
    assert (error.code, found.item().switches) == ("provider-credits", 1)


@pytest.mark.parametrize(
    "answer",
    [
        Refused("moderation", "no"),
        Refused("validation", "no"),
        Refused("no_image", "no"),
        Refused("bad_answer", "no"),
        Refused("credits", "charged all the same", Cost(5, "reported")),
        OutcomeUnknown("no answer"),
    ],
)
def test_no_provider_takes_over_what_may_be_paid_or_what_none_would_make(
    answer: ProviderOutcome,
) -> None:
    found = falling(answer)
    assert found.run().counts.succeeded == 0
    assert models(found) == ["gpt-image-2"]
    assert found.item().switches == 0


class Polled(FakeProvider):
    """Takes a request, then knows the account no more."""

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        self.requests.append(request)
        return Pending("task-1", 1)

    def poll(self, handle: str) -> ProviderOutcome:
        return Refused("auth", "who are you")


class Lost(FakeProvider):
    """Loses its answer, then knows the account no more."""

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        self.requests.append(request)
        return OutcomeUnknown("cut")

    def look_up(self, request: ProviderRequest) -> ProviderOutcome | NotFound:
        return Refused("auth", "who are you")


@pytest.mark.parametrize("vendor", [Polled(), Lost()])
def test_no_provider_takes_over_a_call_that_was_accepted(vendor: Provider) -> None:
    found = falling(vendor=vendor)
    assert found.run().status == "failed"
    assert models(found) == ["gpt-image-2"]


def test_a_refusal_of_a_repeated_request_is_not_left_for_another() -> None:
    vendor = FakeProvider(askable=True)
    vendor.replies.extend([OutcomeUnknown("cut"), Refused("auth", "who are you")])
    found = falling(vendor=vendor)
    assert found.run().status == "failed"
    assert models(found) == ["gpt-image-2", "gpt-image-2"]


def test_a_substitute_comes_after_all_tries_and_has_its_own() -> None:
    found = falling(*[BUSY] * 11)
    assert found.run().status == "succeeded"
    assert models(found) == ["gpt-image-2"] * 6 + ["runware:101@1"] * 6
    assert found.studio.provider.paid == {"a": 1}


def test_the_tries_of_a_substitute_end() -> None:
    found = falling(*[BUSY] * 20)
    assert found.run().status == "failed"
    assert len(models(found)) == 12


@pytest.mark.parametrize(("seconds", "provider"), [(45, "openai"), (60, "openai"), (61, "runware")])
def test_a_long_wait_is_not_borne_while_another_provider_could(seconds: int, provider: str) -> None:
    found = falling(Throttled("rate_limit", "slow", seconds))
    found.call()
    assert found.item().spec.provider == provider
    other = bench("b", fallback=NEXT)
    share_buckets(other, found)
    other.call()
    held = "runware" if seconds > 45 else "openai"
    assert other.item().spec.provider == held, "the hold is of all jobs, and a call waits longer"


def share_buckets(other: Harness, found: Harness) -> None:
    """Let a job share the buckets of another studio."""
    other.studio.ports = replace(other.studio.ports, call_limits=found.studio.raw.call_limits)


def test_a_provider_without_a_key_is_passed_over() -> None:
    found = falling()
    made = found.studio.ports.providers

    def keyless(provider: str, tenant: str) -> Provider:
        if provider == "openai":
            raise CredentialsMissingError("no key")
        return made(provider, tenant)

    found.studio.ports = replace(found.studio.ports, providers=keyless)
    assert found.run().status == "succeeded"
    assert models(found) == ["runware:101@1"]
    assert found.item().attempt == 1


def test_a_lost_key_does_not_let_an_open_call_go() -> None:
    found = falling(vendor=Polled())
    found.call()

    def keyless(provider: str, tenant: str) -> Provider:
        raise CredentialsMissingError("no key")

    found.studio.ports = replace(found.studio.ports, providers=keyless)
    assert found.call(round=3)["outcome"] == "pending"
    found.later(minutes=31)
    assert found.call(round=3)["outcome"] == "unknown"
    assert found.item().switches == 0


def test_a_source_is_prepared_anew_for_who_takes_over_but_fetched_once() -> None:
    found = falling(Refused("auth", "not you"), sources=(SourceRef(url=URL),))
    found.studio.web.put(URL, Page(a_picture(3000)), Page(b"", 404))
    assert found.run().status == "succeeded"
    first, second = found.studio.provider.requests
    assert (first.sources[0].width, second.sources[0].width) == (3000, 2048)


def test_a_redrive_goes_on_with_who_took_over_and_holds_for_them_all() -> None:
    found = falling(Refused("auth", "not you"), Refused("validation", "no"))
    assert found.run().status == "failed"
    held = found.job.run_reserved
    again = found.studio.redrive(TENANT, found.job_id, a_key(unique("again")), Selection())
    assert 0 < again.run_reserved < held, "runware alone costs less than openai"
    assert found.run().status == "succeeded"
    entries = found.studio.raw.ledger.entries(TENANT, found.job_id)
    assert settled(entries).unknown == 0


def test_a_redrive_holds_for_the_dearest_that_is_left() -> None:
    found = falling(Refused("validation", "no"), provider="runware", fallback=(("openai", None),))
    assert found.run().status == "failed"
    held = found.job.run_reserved
    again = found.studio.redrive(TENANT, found.job_id, a_key(unique("again")), Selection())
    assert again.run_reserved == held


def test_an_image_tells_who_was_asked_and_why_another_made_it() -> None:
    found = falling(Refused("credits", "no money"))
    found.run()
    provider: image_responses.MadeBy = {
        "id": "runware",
        "model": "runware:101@1",
        "asked": {"id": "openai", "model": "gpt-image-2"},
        "why": "its account has no credit left",
        "fallback": [],
    }
    assert serializers.item(found.item(), str)["provider"] == provider
