"""Errors inside a response with the status 200, for the adapters of all vendors."""

from collections.abc import Mapping

import httpx
import pytest

from studio.domain.provider_calls.model import Credentials, ProviderOutcome, Refused, Throttled
from tests.support.stand_ins.server import json_reply
from tests.support.vendors.model import Row, Vendor
from tests.support.vendors.suite import VENDORS, Case, each, fetcher

_OPENAI = "The server had an error while processing your request."
# A document and the kind that it states; None where it does not say.
ERRORS: Mapping[str, tuple[object, str | None]] = {
    "code-429": ({"error": {"message": "Rate limit reached.", "code": 429}}, "rate_limit"),
    "code-503": ({"error": {"message": "Overloaded.", "code": 503}}, "transient"),
    "code-504": ({"error": {"message": "It took too long.", "code": 504}}, "transient"),
    "code-402": ({"error": {"message": "Add credits.", "code": 402}}, "credits"),
    "server-error": ({"error": {"message": _OPENAI, "type": "server_error"}}, "transient"),
    "rate-limit-exceeded": (
        {"error": {"message": "Slow.", "type": "requests", "code": "rate_limit_exceeded"}},
        "rate_limit",
    ),
    "resource-exhausted": (
        {"error": {"code": 429, "message": "Quota.", "status": "RESOURCE_EXHAUSTED"}},
        "rate_limit",
    ),
    "quota": (
        {"error": {"message": "You exceeded your current quota.", "type": "insufficient_quota"}},
        "credits",
    ),
    "key": ({"error": {"message": "Incorrect key.", "code": "invalid_api_key"}}, "auth"),
    "moderated": (
        {"error": {"message": "Rejected.", "code": "moderation_blocked", "param": None}},
        "moderation",
    ),
    "moderated-detail": (
        {"detail": [{"loc": ["body", "prompt"], "msg": "No.", "type": "content_policy_violation"}]},
        "moderation",
    ),
    "moderated-text": ({"detail": "Content flagged as NSFW."}, "moderation"),
    "moderated-list": (
        {"errors": [{"code": "contentPolicyViolation", "message": "No."}]}, "moderation",
    ),
    "validation": (
        {"error": {"message": "Bad.", "type": "invalid_request_error", "code": "invalid_value"}},
        "validation",
    ),
    "validation-detail": (
        {"detail": [{"loc": ["body", "seed"], "msg": "Not an integer.", "type": "int_parsing"}]},
        "validation",
    ),
    "text": ({"error": "Rate limit exceeded, slow down."}, "rate_limit"),
    "texts": ({"error": ["Service temporarily unavailable."]}, "transient"),
    "list": ([{"error": {"code": 503, "message": "Busy.", "status": "UNAVAILABLE"}}], "transient"),
    "envelope": ({"success": False, "message": "Too many requests"}, "rate_limit"),
    "gateway": ({"message": "API rate limit exceeded"}, "rate_limit"),
    "problem": ({"title": "Busy", "status": 503, "detail": "Come back later."}, "transient"),
    "aws": (
        {"__type": "com.amazon.coral#ThrottlingException", "message": "Wait."}, "rate_limit",
    ),
    "true": ({"error": True, "message": "Slow down."}, "rate_limit"),
    "number": ({"error": 503, "message": "Come back."}, "transient"),
    "code-only": ({"code": "rate_limit_exceeded", "message": "Please wait."}, "rate_limit"),
    "lambda": ({"errorMessage": "It timed out.", "errorType": "Timeout"}, "transient"),
    "not-a-success": ({"success": "false", "msg": "No."}, None),
    "warming-up": ({"message": "The model is warming up."}, "transient"),
    "wrapped": ({"data": {"error": {"message": "Slow.", "code": 429}}}, "rate_limit"),
    "other-case": ({"Error": {"Code": "Throttling", "Message": "Wait."}}, "rate_limit"),
    "other-case-text": ({"Message": "User is not authorized to do this."}, "permission"),
    "error-msg": ({"error_msg": "Too many requests", "error_code": 18}, "rate_limit"),
    "err-msg": ({"err_msg": "It did not work."}, None),
    "failure": ({"failure": {"message": "Overloaded."}}, "transient"),
    "payload": ({"payload": {"error": {"code": 429}}}, "rate_limit"),
    "wrapped-twice": ({"data": {"data": {"error": {"code": 503}}}}, "transient"),
    "type-only": ({"errorType": "Whatever", "trace": []}, None),
    "state": ({"state": "failed", "message": "It did not work."}, None),
    "entries": ({"data": [{"error": "Rate limit exceeded."}]}, "rate_limit"),
    "sentence": ("Rate limit exceeded, slow down.", "rate_limit"),
    "obscure": ({"error": {"message": "E-1234", "code": "E1234"}}, None),
    "obscure-text": ({"error": "Something went wrong."}, None),
    "obscure-detail": ({"detail": "It did not work."}, None),
}  # fmt: skip
each_error = pytest.mark.parametrize(("document", "kind"), ERRORS.values(), ids=ERRORS)


def outcome_of(vendor: Vendor, name: str, document: object) -> ProviderOutcome:
    """Return the outcome of a call that is answered with a document."""
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=document))
    with httpx.Client(transport=transport) as scripted:
        account = Credentials(vendor.key, "http://vendor.test")
        provider = vendor.adapter(account, vendor.card, scripted, fetcher)
        return provider.submit(vendor.examples[name].request)


def check_free(outcome: ProviderOutcome, kind: str | None) -> None:
    """Check that an outcome is the refusal that the response states, and costs nothing."""
    assert isinstance(outcome, Refused | Throttled)
    assert kind in (None, outcome.kind)
    assert isinstance(outcome, Throttled) or outcome.cost is None


@each_error
@each(lambda vendor: [Row("success")])
def test_an_error_inside_a_success_is_the_refusal_that_it_says(
    case: Case[Row], document: object, kind: str | None
) -> None:
    name = next(name for name, one in case.vendor.examples.items() if one is case.example)
    check_free(outcome_of(case.vendor, name, document), kind)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: str(vendor.card.id))
def test_an_empty_error_is_none(vendor: Vendor, client: httpx.Client) -> None:
    name, example = next(iter(vendor.examples.items()))
    nothing: dict[str, object] = {"error": None, "errors": [], "detail": ""}
    assert not isinstance(outcome_of(vendor, name, nothing), Throttled)
    with vendor.stand_in(vendor.key) as server:
        server.deliver = lambda reply: json_reply({"error": {"code": 429}})
        account = Credentials(vendor.key, server.base_url)
        outcome = vendor.adapter(account, vendor.card, client, fetcher).submit(example.request)
    check_free(outcome, "rate_limit")
