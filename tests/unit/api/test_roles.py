"""Roles: what a claim of groups is worth, and that each private route and change names its role."""

from dataclasses import replace

import pytest

from studio.api.http.messages import Caller, Route
from studio.api.openapi import contract
from studio.api.routes import all_routes, find_route
from studio.errors import ForbiddenError
from studio.roles import ROLES, known_groups, require_role, role_of

CONTRACT = contract()
each_route = pytest.mark.parametrize("route", all_routes(), ids=lambda one: one.endpoint.__name__)


@pytest.mark.parametrize(
    ("claim", "groups", "role"),
    [
        (None, [], "creator"),
        ("", [], "creator"),
        ("[]", [], "creator"),
        ("[viewer]", ["viewer"], "viewer"),
        ("[viewer marketing]", ["viewer"], "viewer"),
        ("[admin]", ["admin"], "admin"),
        ("[admin viewer]", ["viewer", "admin"], "admin"),
        ("[manager reviewer manager]", ["reviewer", "manager"], "manager"),
        ("[marketing]", [], "creator"),
        ("[Admin ADMIN administrators]", [], "creator"),
        ("[admin] [viewer]", [], "creator"),
        ("[[admin]]", [], "creator"),
        ('["reviewer", "viewer"]', ["viewer", "reviewer"], "reviewer"),
        ('["admin viewer"]', [], "creator"),
        ('[["admin"]]', [], "creator"),
        ("admin", ["admin"], "admin"),
        ("admin viewer", [], "creator"),
        (["viewer", "creator"], ["viewer", "creator"], "creator"),
        (["viewer", None, 7, ["admin"]], ["viewer"], "viewer"),
        ({"admin": True}, [], "creator"),
        (True, [], "creator"),
    ],
)
def test_the_highest_known_group_is_the_role(claim: object, groups: list[str], role: str) -> None:
    found = known_groups(claim)

    assert list(found) == groups
    assert role_of(found) == Caller("acme", "ann", groups=found).role == role


def test_each_role_includes_those_below_it_and_no_other() -> None:
    allowed = set()
    for role in ROLES:
        for needed in ROLES:
            try:
                require_role(role, needed)
            except ForbiddenError as error:
                text = f"this request needs the role {needed}; your role is {role}"
                assert str(error) == text
            else:
                allowed.add((role, needed))

    assert allowed == {(a, b) for n, a in enumerate(ROLES) for b in ROLES[: n + 1]}


@each_route
def test_every_private_route_names_its_role_and_the_contract_says_it(route: Route) -> None:
    operation = CONTRACT["paths"][route.path][route.method.lower()]

    assert (route.role in ROLES) != route.public
    assert operation.get("x-required-role") == route.role
    assert ("403" in operation["responses"]) == (route.role is not None)


def test_a_private_route_without_a_role_is_for_the_highest_only() -> None:
    forgotten = replace(find_route("GET", "/v1/me")[0], role=None)

    assert forgotten.needed_role == "admin"


@each_route
def test_a_member_with_a_role_of_its_own_is_in_the_body_and_needs_more(route: Route) -> None:
    operation = CONTRACT["paths"][route.path][route.method.lower()]
    members = CONTRACT["components"]["schemas"].get(route.body, {}).get("properties", {})

    assert operation.get("x-required-role-of-members", {}) == route.member_roles
    for name, role in route.member_roles.items():
        assert name in members
        assert route.role
        assert ROLES.index(role) > ROLES.index(route.role)
