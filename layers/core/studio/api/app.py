"""The application: dispatches each request to its route.

Every request takes one way. The dispatcher reads the event, finds the route, checks caller and
parameters, and runs the route. It turns an error into a problem, stamps the response and writes
one log line.
"""

import re
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TypedDict

from aws_lambda_powertools import Logger

from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import (
    Event,
    Request,
    Response,
    Route,
    parse_request,
    refuse_unknown_parameters,
)
from studio.api.http.preconditions import answer_etag, named_tags
from studio.api.http.problems import kind_of, problem_response
from studio.api.routes import find_route
from studio.errors import StudioError, TenantMissingError
from studio.roles import require_role

NO_CACHE = "private, no-cache"
"""An answer may be kept by the caller only, who asks each time whether it is still current."""
NO_STORE = "no-store"
"""An answer with a secret is kept nowhere."""

_JOB = re.compile(r"/(job_[0-9A-Za-z]+)")
_REQUEST_ID = re.compile(r"[\x20-\x7e]{1,128}")


class GatewayResponse(TypedDict):
    """A response in the gateway's payload format 2.0."""

    statusCode: int
    headers: dict[str, str]
    body: str
    isBase64Encoded: bool


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Runs the route of a request and turns its errors into problem documents."""

    deps: Dependencies
    logger: Logger

    def respond(self, event: Event) -> GatewayResponse:
        """Answer a request; an error becomes a problem document."""
        started = perf_counter()
        request = parse_request(event)
        route: Route | None = None
        request_id = _request_id(request)
        self.logger.set_correlation_id(request_id)
        try:
            route, params = find_route(_method(request), request.path)
            response = self._run(route, replace(request, params=params))
        except Exception as error:
            if kind_of(error).status >= 500:
                self.logger.exception("request failed")
            response = problem_response(error, request, request_id)
        self.logger.info(
            "request",
            extra={
                "method": request.method,
                "route": route.path if route else None,
                "status": response.status,
                "ms": round((perf_counter() - started) * 1000, 1),
                "gateway_request_id": request.event["requestContext"]["requestId"],
                **_caller_facts(request),
                "job_id": _job_id(request, response),
            },
        )
        return _gateway_response(request, response, request_id)

    def _run(self, route: Route, request: Request) -> Response:
        if not route.public:
            self._admit(route, request)
        return self.answer(route, request)

    def answer(self, route: Route, request: Request) -> Response:
        """Return a route's response to a request of a caller who may use it; see ``Route``."""
        refuse_unknown_parameters(request, route.query)
        if "cursor" in route.query:
            # Only lists need it.
            from studio.api.http.pagination import fitting_page

            return _revalidated(request, fitting_page(route.endpoint, request, self.deps), route)
        return _revalidated(request, route.endpoint(request, self.deps), route)

    def _admit(self, route: Route, request: Request) -> None:
        """Refuse a request whose caller may not use the API or this route of it.

        Raises:
            UnauthenticatedError: the request carries no ID token.
            ForbiddenError: the token names no tenant that the stack takes, or the caller has not
                the role that the route or a member of the body needs.
        """
        caller = request.caller()
        if caller.personal and not self.deps.settings.personal_tenants:
            raise TenantMissingError("your user has no tenant; ask an administrator to set one")
        require_role(caller.role, route.needed_role)
        if route.member_roles:
            # Only few routes look into the body here.
            from studio.api.http.request_body import read_body

            for name in route.member_roles.keys() & read_body(request).document.keys():
                require_role(caller.role, route.member_roles[name], f"a change of {name}")


def _request_id(request: Request) -> str:
    """The caller's own id of the request if it is fit to be echoed, else the gateway's."""
    own = request.headers.get("x-request-id", "")
    gateway: str = request.event["requestContext"]["requestId"]
    return own if _REQUEST_ID.fullmatch(own) else gateway


def _caller_facts(request: Request) -> dict[str, str]:
    """Return the tenant and the user of a request, nothing where its token names none."""
    try:
        caller = request.caller()
    except StudioError:
        return {}
    return {"tenant": caller.tenant, "user": caller.subject}


def _job_id(request: Request, response: Response) -> str | None:
    """Return the job of a request: the one of its path, or the one that it created."""
    places = (request.path, response.headers.get("Location", ""))
    return next((found[1] for place in places if (found := _JOB.search(place))), None)


def _method(request: Request) -> str:
    """Return the method whose route answers: a HEAD is a GET whose body is left out."""
    return "GET" if request.method == "HEAD" else request.method


def _gateway_response(request: Request, response: Response, request_id: str) -> GatewayResponse:
    headers = {"Cache-Control": NO_CACHE, **response.headers, "X-Request-Id": request_id}
    if response.body is not None:
        headers["Content-Type"] = response.media_type
    return {
        "statusCode": response.status,
        "headers": headers,
        # The local gateway takes no missing body, and an empty one says the same.
        "body": "" if request.method == "HEAD" else response.body or "",
        "isBase64Encoded": False,
    }


def _revalidated(request: Request, response: Response, route: Route) -> Response:
    """Tag what a GET answered, and leave the body out where the caller has it already."""
    if route.secret:
        return replace(response, headers={**response.headers, "Cache-Control": NO_STORE})
    if route.method != "GET" or response.status != 200 or response.body is None:
        return response
    tag = response.headers.get("ETag") or answer_etag(response.body)
    held = named_tags(request.headers.get("if-none-match", ""))
    headers = {**response.headers, "ETag": tag}
    if route.max_age is not None:
        # A shared cache must not keep the answer to a token.
        scope = "public" if route.public else "private"
        headers["Cache-Control"] = f"{scope}, max-age={route.max_age}"
    if tag.removeprefix("W/") in held or held == ["*"]:
        return Response(304, headers=headers)
    return replace(response, headers=headers)
