"""Runware's error codes, told apart by pattern and status."""

import pytest

from studio.providers.runware.errors import classify


@pytest.mark.parametrize(
    ("code", "parameter", "status", "kind"),
    [
        ("insufficientCredits", None, 402, "credits"),
        ("monthlyQuotaReached", None, 200, "credits"),
        ("lowBalance", None, 400, "credits"),
        ("paymentRequired", None, 402, "credits"),
        ("concurrencyRateLimit", None, 200, "rate_limit"),
        ("providerContentPolicyViolation", None, 400, "moderation"),
        ("invalidProviderContent", None, 400, "moderation"),
        ("promptBlocked", None, 200, "moderation"),
        ("nsfwContentDetected", None, 400, "moderation"),
        ("invalidApiKey", None, 401, "auth"),
        ("invalidApiKey", None, 403, "auth"),
        ("unauthorized", None, 403, "permission"),
        ("forbidden", None, 403, "permission"),
        ("accountSuspended", None, 403, "permission"),
        ("timeoutProvider", None, 200, "transient"),
        ("providerTimeout", None, 200, "transient"),
        ("taskFailedOrNotFound", None, 400, "not_found"),
        ("resultExpired", None, 404, "not_found"),
        ("modelNotFound", None, 404, "model_gone"),
        ("unknownModel", None, 400, "model_gone"),
        ("invalidModel", "model", 400, "model_gone"),
        ("somethingNew", "model", 404, "model_gone"),
        ("unknownError", None, 200, "transient"),
        ("providerFailed", None, 200, "transient"),
        ("modelNotReady", "model", 503, "transient"),
        ("missingWidth", "width", 200, "validation"),
        ("maxResultsReached", None, 400, "validation"),
        ("somethingNew", None, 401, "auth"),
        ("somethingNew", None, 402, "credits"),
        ("somethingNew", None, 403, "permission"),
        ("somethingNew", None, 408, "transient"),
        ("somethingNew", None, 409, "validation"),
        ("somethingNew", None, 429, "rate_limit"),
        ("somethingNew", None, 503, "transient"),
        ("somethingNew", None, 200, "bad_answer"),
        ("", None, 400, "validation"),
    ],
)
def test_errors_are_told_apart_by_pattern_then_by_status(
    code: str, parameter: str | None, status: int, kind: str
) -> None:
    assert classify(code, parameter, status) == kind
