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
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoRouteError

from studio.api.http.dependencies import Backend
from studio.api.http.errors import MethodNotAllowedError
from studio.api.http.messages import Call, Event, Reply, Route, call_of, refuse_unknown_parameters
from studio.api.http.preconditions import etag, named_tags
from studio.api.http.problems import kind_of, problem_reply
from studio.api.routes import ROUTES
from studio.errors import NotFoundError

_REQUEST_ID = re.compile(r"[\x20-\x7e]{1,128}")
_VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """What all routes have in common."""

    backend: Backend
    logger: Logger

    def respond(
        self, event: Event, route: Route | None, params: Mapping[str, str]
    ) -> Response[str]:
        """Answer a request; ``route`` is None where no route has its path and method."""
        started = perf_counter()
        call = call_of(event, params)
        request_id = _request_id(call)
        self.logger.set_correlation_id(request_id)
        try:
            reply = self._answer(call, route)
        except Exception as error:
            if kind_of(error).status >= 500:
                self.logger.exception("request failed")
            reply = problem_reply(error, call, request_id)
        self.logger.info(
            "request",
            extra={
                "method": call.method,
                "route": route.path if route else None,
                "status": reply.status,
                "ms": round((perf_counter() - started) * 1000, 1),
            },
        )
        headers = {**reply.headers, "X-Request-Id": request_id}
        media_type = None if reply.body is None else reply.media_type
        # The local gateway takes no missing body, and an empty one says the same.
        return Response(reply.status, media_type, reply.body or "", headers=headers)

    def _answer(self, call: Call, route: Route | None) -> Reply:
        if route is None:
            _refuse_path(call)
        if not route.public:
            call.caller()
        refuse_unknown_parameters(call, route.query)
        return _revalidated(call, route.endpoint(call, self.backend), route.max_age)


def build_app(backend: Backend, logger: Logger) -> APIGatewayHttpResolver:
    """Make the resolver that answers every route of the table."""
    app = APIGatewayHttpResolver()
    door = FrontDoor(backend, logger)

    def run(route: Route) -> Callable[..., Response[str]]:
        return lambda **params: door.respond(app.current_event.raw_event, route, params)

    for route in ROUTES:
        app.route(_VARIABLE.sub(r"<\1>", route.path), method=route.method)(run(route))

    @app.not_found
    def no_route(_: NoRouteError) -> Response[str]:
        return door.respond(app.current_event.raw_event, None, {})

    return app


def _request_id(call: Call) -> str:
    """The caller's own id of the request if it is fit to be echoed, else the gateway's."""
    own = call.headers.get("x-request-id", "")
    gateway: str = call.event["requestContext"]["requestId"]
    return own if _REQUEST_ID.fullmatch(own) else gateway


def _refuse_path(call: Call) -> NoReturn:
    """Refuse a path that is not there, or a method that it does not have."""
    allowed = [route.method for route in ROUTES if route.matches(call.path)]
    if allowed and call.method not in allowed:
        raise MethodNotAllowedError(allowed)
    raise NotFoundError("there is nothing at this path")


def _revalidated(call: Call, reply: Reply, max_age: int | None) -> Reply:
    """Tag what a GET answered, and leave the body out where the caller has it already."""
    if call.method != "GET" or reply.status != 200 or reply.body is None:
        return reply
    tag = etag(reply.body)
    held = named_tags(call.headers.get("if-none-match", ""))
    headers = {**reply.headers, "ETag": tag}
    if max_age is not None:
        # Every answer is to a token, so what lies between is no place to keep it.
        headers["Cache-Control"] = f"private, max-age={max_age}"
    if tag in held or held == ["*"]:
        return Reply(304, headers=headers)
    return replace(reply, headers=headers)
