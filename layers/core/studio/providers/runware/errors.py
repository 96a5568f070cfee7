"""Meaning of Runware's error codes.

The vendor renames its codes, so patterns classify them in the order of its own SDK (runware-sdk
1.8.0, ``errors.derive_code``). A code without a pattern is classified by the HTTP status.
"""

import re
from typing import Literal

from studio.domain.provider_calls.model import ErrorKind

ErrorClass = ErrorKind | Literal["not_found"]

SENTENCES: dict[ErrorClass, str] = {
    "auth": "Runware does not accept the stored key.",
    "permission": "The Runware account may not do this.",
    "validation": "Runware does not accept the request.",
    "moderation": "Runware's moderation refused the picture.",
    "credits": "The Runware account has no credit left.",
    "rate_limit": "Runware asks to slow down.",
    "transient": "Runware failed for now.",
    "model_gone": "Runware does not offer this model any more.",
    "no_image": "Runware answered without a picture.",
    "bad_answer": "Runware's answer could not be understood.",
    "not_found": "Runware does not know what the request refers to.",
}

# The first match counts: "providerContentPolicyViolation" is moderation, although "provider..."
# alone is a failure of the service.
_PATTERNS: tuple[tuple[ErrorClass, str], ...] = (
    ("credits", r"Credits|Quota|Balance|^quotaExceeded$|^paymentRequired$"),
    ("rate_limit", r"RateLimit|^rateLimitExceeded$"),
    (
        "moderation",
        r"ContentPolicy|^contentPolicy|^(sensitive|unsafe|nsfw)ContentDetected$|^nsfw"
        r"|^(prompt|image)Blocked$|^moderationFailed$|^invalidProviderContent$",
    ),
    ("auth", r"ApiKey|^unauthorized$|^auth|Authentication$|^invalidCredentials$|^token"),
    (
        "permission",
        r"^forbidden$|^permissionDenied$|^insufficientPermissions$"
        r"|^(account|organization|workspace)(Suspended|Disabled)$",
    ),
    ("transient", r"Timeout|^timeout"),
    ("not_found", r"(NotFound|Expired)$|^taskFailedOrNotFound$|^unknownModel$"),
    ("transient", r"^(internalServer|standard|unknown|undefined|default)Error$"),
    ("transient", r"^(service|server)Unavailable$"),
    ("transient", r"^(inferenceError|processingFailed|taskFailed|noAvailableServer)$"),
    ("transient", r"^model(Unavailable|NotReady)$|^provider"),
    ("validation", r"^(invalid|missing|conflict|duplicate|unsupported|value|array|max)"),
)

_STATUSES: dict[int, ErrorClass] = {
    401: "auth",
    402: "credits",
    403: "permission",
    408: "transient",
    429: "rate_limit",
}


def classify(code: str, parameter: str | None, status: int) -> ErrorClass:
    """Return the class of an error, by its code if a pattern matches, else by its status.

    A validation error about the model means that the model is gone.
    """
    kind = next((kind for kind, pattern in _PATTERNS if re.search(pattern, code)), None)
    if kind is None:
        kind = _by_status(status)
    about_model = parameter == "model" or code.lower().startswith(("model", "unknownmodel"))
    if about_model and kind in ("validation", "not_found"):
        return "model_gone"
    if kind == "auth" and status == 403 and "ApiKey" not in code:
        return "permission"
    return kind


def _by_status(status: int) -> ErrorClass:
    if status >= 500:
        return "transient"
    if status < 400:
        return "bad_answer"
    return _STATUSES.get(status, "validation")
