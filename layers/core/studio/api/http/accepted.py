"""Answers of requests that start work: 202, and the first answer again for a repeat."""

import json
from collections.abc import Callable

from studio.api.http.messages import Headers, Request, Response
from studio.ports.jobs import Replayed
from studio.services.jobs.key_use import KeyUse


def key_use(request: Request, key: str, body_hash: str) -> KeyUse:
    """Return the use of a caller's key on this route."""
    return KeyUse(f"{request.method} {request.path} {request.caller().subject}", key, body_hash)


def accepted(path: str, text: str) -> Response:
    """Return a 202 with the document of what goes on; ``path`` is where it is read again."""
    return Response(202, text, _headers(path))


def replayed(first: Replayed, collection: str, resume: Callable[[str], object]) -> Response:
    """Return the first answer again, after what the first request left is finished.

    Args:
        first: The recorded answer.
        collection: Path of the collection that the object is in.
        resume: Starts the execution of a queued object, by its id.
    """
    object_id = json.loads(first.answer)["id"]
    resume(object_id)
    headers = {**_headers(f"{collection}/{object_id}"), "Idempotency-Replayed": "true"}
    return Response(202, first.answer, headers)


def _headers(path: str) -> Headers:
    return {"Location": path, "Retry-After": "1"}
