"""Routes of problem codes: what the ``type`` of a problem document links to."""

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import HOUR, Request, Response, Route, json_response
from studio.errors import NotFoundError

if TYPE_CHECKING:
    from studio.api.problems import responses

_DOCUMENTATION = Path(__file__).parents[1] / "http" / "problem_docs.json"


def get_problem(request: Request, deps: Dependencies) -> Response:
    """Return the title, cause and cure of a problem code.

    Raises:
        NotFoundError: no problem has this code.
    """
    code = request.params["code"]
    entry = _documentation().get(code)
    if entry is None:
        raise NotFoundError("no problem has this code")
    document: responses.ProblemCode = {
        "code": code,
        "title": entry["title"],
        "cause": entry["cause"],
        "cure": entry["cure"],
    }
    return json_response(document)


@lru_cache
def _documentation() -> dict[str, dict[str, str]]:
    documentation: dict[str, dict[str, str]] = json.loads(_DOCUMENTATION.read_bytes())
    return documentation


ROUTES = (
    Route(
        "GET",
        "/problems/{code}",
        get_problem,
        "Return the title, cause and cure of a problem code",
        "ProblemCode",
        public=True,
        max_age=HOUR,
    ),
)
