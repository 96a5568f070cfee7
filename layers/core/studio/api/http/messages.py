"""Messages of the routes: the request, its caller, the response, and the route itself."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

from studio.api.http.dependencies import Dependencies
from studio.errors import (
    ForbiddenError,
    IdTokenRequiredError,
    MalformedRequestError,
    UnauthenticatedError,
)
from studio.ids import is_tenant
from studio.roles import ROLES, UserRole, known_groups, role_of

JSON = "application/json"
CSV = "text/csv; charset=utf-8"
HOUR = 3600

Event = Mapping[str, Any]
Headers = Mapping[str, str]

# A variable part of a path, as re.escape leaves it.
_VARIABLE = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller, from the token that the gateway verified.

    Attributes:
        subject: The user.
        personal: Whether the token names no tenant, so that the user is one.
        groups: The user's groups that are roles, the lowest first.
    """

    tenant: str
    subject: str
    email: str | None = None
    personal: bool = False
    groups: tuple[UserRole, ...] = ()

    @property
    def role(self) -> UserRole:
        """What the user may do."""
        return role_of(self.groups)


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        params: Parts of the path by name.
        query: Values of each query parameter in their order.
        headers: By lower-case name.
        event: The gateway's event, for what is read by few routes.
    """

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, list[str]]
    headers: Headers
    event: Event

    def caller(self) -> Caller:
        """Return the caller.

        Raises:
            UnauthenticatedError: the request carries no verified token.
            IdTokenRequiredError: the token is another one than an ID token.
            ForbiddenError: the token names no usable tenant.
        """
        authorizer = self.event["requestContext"].get("authorizer") or {}
        claims = (authorizer.get("jwt") or {}).get("claims")
        if not claims:
            raise UnauthenticatedError("sign in and send the token as 'Authorization: Bearer ...'")
        if claims.get("token_use") != "id":
            raise IdTokenRequiredError("send the ID token of the sign-in, not another token of it")
        subject = str(claims.get("sub", ""))
        tenant = str(claims.get("custom:tenant", subject))
        if not subject or not is_tenant(tenant):
            raise ForbiddenError("the token names no usable account")
        groups = known_groups(claims.get("cognito:groups"))
        return Caller(tenant, subject, claims.get("email"), "custom:tenant" not in claims, groups)

    def query_param(self, name: str) -> str | None:
        """Return a query parameter that may be given once.

        Raises:
            MalformedRequestError: it is given twice.
        """
        values = self.query.get(name, [])
        if len(values) > 1:
            raise MalformedRequestError(f"query parameter {name} is given more than once")
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; ``body`` is text, None for none."""

    status: int
    body: str | None = None
    headers: Headers = field(default_factory=dict)
    media_type: str = JSON


def json_response(
    document: Mapping[str, object], *, status: int = 200, headers: Headers | None = None
) -> Response:
    """Return a response whose body is the document as JSON."""
    return Response(status, json_text(document), headers or {})


def json_text(document: Mapping[str, object]) -> str:
    """Return a document as JSON in UTF-8, which takes less than half the bytes of escapes."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair has no UTF-8, only an escape.
        return json.dumps(document, separators=(",", ":"))
    return text


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path, and what its contract needs to say.

    Attributes:
        path: With ``{name}`` for its variable parts.
        summary: One line for the contract.
        answer: Name of the schema of the successful answer, None where it has none of ours.
        query: The parameters it knows; any other is refused.
        body: Name of the schema of the request body, None where it takes none.
        body_required: Whether an empty body is refused.
        status: Of the usual success.
        public: Whether it answers without a token.
        spends: Whether it needs an Idempotency-Key and honours ``Prefer: wait``.
        keyed: Whether it needs an Idempotency-Key; there is no waiting for what it starts.
        media_type: Of the successful answer.
        also: Another status of success.
        guarded: Whether what exists is changed only with the ETag of what the caller read.
        max_age: Seconds for which a caller may keep the answer without asking whether it is
            still current. None is for an answer that is asked for each time.
        secret: Whether the answer holds a secret, so that it is kept nowhere.
        required: The query parameters that a request needs.
        role: The lowest role that may use it, None for a public route. A private route without
            one is for the highest role only.
        member_roles: The role that a change needs by the member of the body that it names, where
            that role is a higher one.
        pattern: Matches the whole path, with a named group for each variable part.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    endpoint: Callable[[Request, Dependencies], Response]
    summary: str
    answer: str | None
    query: frozenset[str] = frozenset()
    body: str | None = None
    body_required: bool = True
    status: int = 200
    public: bool = False
    spends: bool = False
    guarded: bool = False
    also: int | None = None
    keyed: bool = False
    media_type: str = JSON
    max_age: int | None = None
    secret: bool = False
    required: frozenset[str] = frozenset()
    role: UserRole | None = None
    member_roles: Mapping[str, UserRole] = field(default_factory=dict)

    pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Everything but the variable parts is taken literally.
        text = _VARIABLE.sub(r"(?P<\1>[^/]+)", re.escape(self.path))
        object.__setattr__(self, "pattern", re.compile(text))

    @property
    def needed_role(self) -> UserRole:
        """The lowest role that may use a private route."""
        return self.role or ROLES[-1]

    def params_of(self, path: str) -> Mapping[str, str] | None:
        """Return the variable parts of a path by name, None where the path is another one."""
        match = self.pattern.fullmatch(path)
        return match.groupdict() if match else None


def parse_request(event: Event) -> Request:
    """Read a payload 2.0 event; the parts of the path are named once its route is known.

    The raw query string is read and not the gateway's map of it, which joins repeated
    parameters with commas.
    """
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(event.get("rawQueryString", ""), keep_blank_values=True):
        query.setdefault(name, []).append(value)
    http = event["requestContext"]["http"]
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    return Request(http["method"], event["rawPath"], {}, query, headers, event)


def refuse_unknown_parameters(request: Request, known: frozenset[str]) -> None:
    """Refuse a request with a query parameter that its route does not know.

    Raises:
        KeyInQueryError: one of them is a parameter for keys.
        MalformedRequestError: names the first of them.
    """
    for name in request.query:
        if name not in known:
            # Only a refused request needs it.
            from studio.domain.callers.query_keys import refuse_keys

            refuse_keys(request.query.keys() - known)
            raise MalformedRequestError(f"unknown query parameter {name}")
