"""The application: the Powertools resolver over the route table.

Every request takes one way: read the event, check caller and parameters, run the route, turn an
error into a problem, stamp the answer, write one log line.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import NoReturn

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler import Response as GatewayResponse
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoRouteError

from studio.api.http.dependencies import Dependencies
from studio.api.http.errors import MethodNotAllowedError
from studio.api.http.messages import (
    Event,
    Request,
    Response,
    Route,
    parse_request,
    refuse_unknown_parameters,
)
from studio.api.http.preconditions import etag, named_tags
from studio.api.http.problems import kind_of, problem_response
from studio.api.routes import ROUTES
from studio.errors import NotFoundError

_REQUEST_ID = re.compile(r"[\x20-\x7e]{1,128}")
_VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """What all routes have in common."""

    deps: Dependencies
    logger: Logger

    def respond(
        self, event: Event, route: Route | None, params: Mapping[str, str]
    ) -> GatewayResponse[str]:
        """Answer a request; ``route`` is None where no route has its path and method."""
        started = perf_counter()
        request = parse_request(event, params)
        request_id = _request_id(request)
        self.logger.set_correlation_id(request_id)
        try:
            response = self._answer(request, route)
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
            },
        )
        headers = {**response.headers, "X-Request-Id": request_id}
        media_type = None if response.body is None else response.media_type
        # The local gateway takes no missing body, and an empty one says the same.
        return GatewayResponse(response.status, media_type, response.body or "", headers=headers)

    def _answer(self, request: Request, route: Route | None) -> Response:
        if route is None:
            _refuse_path(request)
        if not route.public:
            request.caller()
        refuse_unknown_parameters(request, route.query)
        return _revalidated(request, route.endpoint(request, self.deps), route.max_age)


def build_app(deps: Dependencies, logger: Logger) -> APIGatewayHttpResolver:
    """Make the resolver that answers every route of the table."""
    app = APIGatewayHttpResolver()
    door = Dispatcher(deps, logger)

    def run(route: Route) -> Callable[..., GatewayResponse[str]]:
        return lambda **params: door.respond(app.current_event.raw_event, route, params)

    for route in ROUTES:
        app.route(_VARIABLE.sub(r"<\1>", route.path), method=route.method)(run(route))

    @app.not_found
    def no_route(_: NoRouteError) -> GatewayResponse[str]:
        return door.respond(app.current_event.raw_event, None, {})

    return app


def _request_id(request: Request) -> str:
    """The caller's own id of the request if it is fit to be echoed, else the gateway's."""
    own = request.headers.get("x-request-id", "")
    gateway: str = request.event["requestContext"]["requestId"]
    return own if _REQUEST_ID.fullmatch(own) else gateway


def _refuse_path(request: Request) -> NoReturn:
    """Refuse a path that is not there, or a method that it does not have."""
    allowed = [route.method for route in ROUTES if route.matches(request.path)]
    if allowed and request.method not in allowed:
        raise MethodNotAllowedError(allowed)
    raise NotFoundError("there is nothing at this path")


def _revalidated(request: Request, response: Response, max_age: int | None) -> Response:
    """Tag what a GET answered, and leave the body out where the caller has it already."""
    if request.method != "GET" or response.status != 200 or response.body is None:
        return response
    tag = etag(response.body)
    held = named_tags(request.headers.get("if-none-match", ""))
    headers = {**response.headers, "ETag": tag}
    if max_age is not None:
        # Every answer is to a token, so what lies between is no place to keep it.
        headers["Cache-Control"] = f"private, max-age={max_age}"
    if tag in held or held == ["*"]:
        return Response(304, headers=headers)
    return replace(response, headers=headers)
