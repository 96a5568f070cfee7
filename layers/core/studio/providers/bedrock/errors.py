"""Meaning of Amazon Bedrock's errors.

A header holds the type of an error, sometimes followed by a URL. Source:
botocore 1.44.5, service model of bedrock-runtime (read 2026-11-20).
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

from studio.domain.provider_calls.model import ErrorKind

ErrorClass = ErrorKind | Literal["lost"]
"""``lost``: a gateway sent the response, so the model may still work on the request."""

SENTENCES: Final[Mapping[ErrorClass, str]] = {
    "auth": "AWS does not accept the signature of the function's role.",
    "permission": "The AWS account or the function's role may not use this model",
    "validation": "Amazon Bedrock does not accept the request",
    "moderation": "Amazon Bedrock's filter refused the image",
    "credits": "The AWS account has no credit left",
    "rate_limit": "Amazon Bedrock asks to slow down.",
    "transient": "Amazon Bedrock failed for now",
    "model_gone": "Amazon Bedrock does not offer this model, or not in this region.",
    "no_image": "Amazon Bedrock answered without an image",
    "bad_answer": "Amazon Bedrock's answer could not be read.",
    "lost": "Amazon Bedrock may be at work, but its answer was lost on the way.",
}

_TYPES: Final[Mapping[str, ErrorKind]] = {
    "ValidationException": "validation",
    "ServiceQuotaExceededException": "permission",
    "AccessDeniedException": "permission",
    "UnrecognizedClientException": "auth",
    "InvalidSignatureException": "auth",
    "IncompleteSignatureException": "auth",
    "MissingAuthenticationTokenException": "auth",
    # The role renews its keys, so the next call has fresh ones.
    "ExpiredTokenException": "transient",
    "ResourceNotFoundException": "model_gone",
    "ModelTimeoutException": "transient",
    "ModelErrorException": "transient",
    "ThrottlingException": "rate_limit",
    "ModelNotReadyException": "transient",
    "InternalServerException": "transient",
    "ServiceUnavailableException": "transient",
}
_STATUSES: Final[Mapping[int, ErrorKind]] = {
    401: "auth",
    402: "credits",
    403: "permission",
    404: "model_gone",
    408: "transient",
    424: "transient",
    429: "rate_limit",
    500: "transient",
    503: "transient",
}
# This type has three meanings, which only the text of the message distinguishes.
_VALIDATIONS: Final[tuple[tuple[ErrorKind, str], ...]] = (
    ("model_gone", r"model identifier|end of (its )?life|marked .*legacy"),
    ("moderation", r"content (filter|policy|moderation)"),
)


def error_type(header: str | None) -> str:
    """Return the type of an error without the URL, empty if there is none."""
    return (header or "").partition(":")[0]


def classify(name: str, status: int, message: object) -> ErrorClass:
    """Return the class of an error, by its type if that is known, else by its status."""
    kind = _TYPES.get(name)
    if kind == "validation":
        text = message if isinstance(message, str) else ""
        found = (of for of, pattern in _VALIDATIONS if re.search(pattern, text, re.IGNORECASE))
        return next(found, kind)
    if kind is None and status not in _STATUSES:
        return "lost" if status >= 500 else "validation"
    return kind or _STATUSES[status]
