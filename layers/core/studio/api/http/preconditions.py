"""Changes that are based on what the caller read: ETag out, If-Match in (RFC 9110)."""

import re
from collections.abc import Mapping
from hashlib import sha256

from studio.api.http.messages import Request, json_text
from studio.errors import PreconditionFailedError, PreconditionMissingError

# What two signatures of the same file at the same time differ in: the keys of the function.
_SIGNED = re.compile(r"X-Amz-(?:Credential|Security-Token|Signature)=[^&\"]*")
_MOVING = re.compile(r"\.[0-9a-f]{8}\"$")


def etag(text: str) -> str:
    """Return the entity tag of an answer's body."""
    return f'"{sha256(text.encode()).hexdigest()[:32]}"'


def answer_etag(text: str) -> str:
    """Return the entity tag of a GET's answer.

    Signed URLs in it count without the keys of the function that signed them, so the tag is a weak
    one: another function answers the same with other signatures.
    """
    if "X-Amz-Signature=" not in text:
        return etag(text)
    return f"W/{etag(_SIGNED.sub('', text))}"


def document_etag(document: Mapping[str, object]) -> str:
    """Return the entity tag of an answer whose body is the document."""
    return etag(json_text(document))


def moving_etag(document: Mapping[str, object], moving: Mapping[str, object]) -> str:
    """Return the entity tag of an answer that shows a document with parts that move with time.

    The tag begins as that of the document. If-Match looks at this beginning only, so a part that
    has moved refuses no change.
    """
    return f'{document_etag(document)[:-1]}.{document_etag(moving)[1:9]}"'


def named_tags(header: str) -> list[str]:
    """Read the tags that an If-Match or If-None-Match names."""
    return [entry.strip().removeprefix("W/") for entry in header.split(",")]


def require_match(request: Request, current: Mapping[str, object] | None) -> None:
    """Refuse a change that is not based on the object as it is now.

    Args:
        request: The request.
        current: The document whose tag GET answers at this path, None where there is nothing
            yet: a name that is free needs no If-Match.

    Raises:
        PreconditionMissingError: the object exists and the request names no ETag.
        PreconditionFailedError: the request names another one.
    """
    wanted = request.headers.get("if-match")
    if current is None:
        if wanted is not None:
            raise PreconditionFailedError("there is nothing here yet, so nothing can match")
        return
    if request.headers.get("if-none-match", "").strip() == "*":
        raise PreconditionFailedError("there is something here already")
    if wanted is None:
        raise PreconditionMissingError("read it first, and send its ETag as If-Match")
    tags = [_MOVING.sub('"', tag) for tag in named_tags(wanted)]
    if "*" not in tags and document_etag(current) not in tags:
        raise PreconditionFailedError("it changed since you read it; read it again")
