"""Errors inside successes, and the HTTP status that each stands for."""

import pytest

from studio.providers.shared.stated_errors import StatedError, stated_error


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ({"error": {"code": 429}}, 429),
        ({"error": {"code": "429"}}, 429),
        ({"error": {"status": 401}}, 401),
        ({"error": {"code": 502}}, 503),
        ({"error": {"code": 504}}, 503),
        ({"error": {"code": 500}}, 500),
        ({"code": 402, "message": "No."}, 402),
        ({"statusCode": 403, "message": "No."}, 403),
        ({"error": {"code": 7}, "status": 404}, 404),
        ({"error": {"code": "insufficient_quota"}}, 402),
        ({"error": "Your credit balance is too low."}, 402),
        ({"error": "Quota exceeded for requests per minute."}, 429),
        ({"error": "Throttled."}, 429),
        ({"error": "Invalid API key."}, 401),
        ({"detail": "Not authenticated: unauthorized"}, 401),
        ({"error": {"status": "PERMISSION_DENIED"}}, 403),
        ({"error": "The model does not exist."}, 404),
        ({"error": "The server is overloaded, try again."}, 503),
        ({"error": "CUDA out of memory"}, 503),
        ({"errors": ["Timed out"]}, 503),
        ({"detail": [{"type": "missing", "msg": "Field required"}]}, 400),
        ({"error": {"type": "invalid_request_error", "code": "model_not_found"}}, 404),
        # The code counts before the words of the message.
        ({"error": {"code": "invalid_value", "message": "Unknown quota."}}, 400),
        ({"error": "E-17"}, 400),
        ({"success": False}, 400),
        ({"ok": False}, 400),
        ({"status": "FAILED"}, 400),
        ({"success": "false", "msg": "No."}, 400),
        ({"message": "Too many requests"}, 429),
        ({"message": "Please wait.", "code": "rate_limit_exceeded"}, 429),
        ({"message": "The model is warming up."}, 503),
        ({"error": True, "message": "It did not work."}, 400),
        ({"error": 429, "message": "It did not work."}, 429),
        ({"error": 1, "error_message": "Throttled."}, 429),
        ({"errorMessage": "It timed out.", "errorType": "Sandbox.Timedout"}, 503),
        ({"data": {"error": {"code": 429}}}, 429),
        ({"data": [{"error": "Not at the top."}]}, 400),
        ({"data": {"data": {"error": {"code": 429}}}}, 429),
        ({"Payload": {"Errors": [{"StatusCode": 429}]}}, 429),
        ({"Message": "You are not authorized."}, 403),
        ({"error": None, "Error": "Overloaded"}, 503),
        ({"errorType": "Whatever"}, 400),
        ({"state": "Failed", "message": "E-17"}, 400),
        ({"result": {"errors": ["Overloaded"]}}, 503),
    ],
)
def test_an_error_stands_for_a_status(document: dict[str, object], status: int) -> None:
    assert stated_error(document) == StatedError(status, moderated=False)


@pytest.mark.parametrize(
    "document",
    [
        {"error": {"code": "moderation_blocked"}},
        {"error": {"code": 403, "message": "Blocked by our content policy."}},
        {"error": {"code": 422, "type": "content_policy_violation"}},
        {"detail": "NSFW content detected"},
        {"errors": [{"code": "unsafeContentDetected"}]},
        {"name": "content_moderation", "errors": ["Flagged."]},
    ],
)
def test_content_can_be_the_reason(document: dict[str, object]) -> None:
    stated = stated_error(document)
    assert stated is not None
    assert stated.moderated


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"error": None, "errors": [], "detail": "", "status": "succeeded"},
        {"error": {}, "errors": [None, 0]},
        {"message": "success"},
        {"message": "Too many requests", "data": []},
        {"code": 200, "message": "ok"},
        {"code": 0},
        {"error": False, "message": "done"},
        {"error": 0},
        {"result": {"detail": "high", "error": None}},
        {"status": "processing"},
        {"data": [{"error": "One of two."}, {"url": "https://files.test/a.png"}]},
        {"data": []},
        {"errorType": "", "errorMsg": None, "failure": False},
        {"data": {"data": {"data": {"data": {"error": "Too deep."}}}}},
    ],
)
def test_other_documents_state_none(document: dict[str, object]) -> None:
    assert stated_error(document) is None
