"""Roles of users: what the groups of a token are worth, and which roles a role includes."""

import json
from typing import Literal, get_args

from studio.errors import ForbiddenError

UserRole = Literal["viewer", "creator", "reviewer", "manager", "admin"]

ROLES: tuple[UserRole, ...] = get_args(UserRole)
"""All roles. Each one may do what those before it may."""
WITHOUT_GROUP: UserRole = "creator"
"""The role of a user who is in none of these groups."""


def known_groups(claim: object) -> tuple[UserRole, ...]:
    """Return the groups of a claim ``cognito:groups`` that are roles, the lowest first.

    The gateway sends the claim as ``[a b]``; a JSON list is read, too.
    """
    names = _names(claim)
    return tuple(role for role in ROLES if role in names)


def role_of(groups: tuple[UserRole, ...]) -> UserRole:
    """Return the highest of the groups, or the role of a user without any."""
    return max(groups, key=ROLES.index, default=WITHOUT_GROUP)


def require_role(role: UserRole, needed: UserRole, what: str = "this request") -> None:
    """Check that a role includes another.

    Raises:
        ForbiddenError: it does not; the message names the role that ``what`` needs.
    """
    if ROLES.index(role) < ROLES.index(needed):
        raise ForbiddenError(f"{what} needs the role {needed}; your role is {role}")


def _names(claim: object) -> list[object]:
    """Return the members of a claim that is a list, or the text of one."""
    if isinstance(claim, list):
        return claim
    if not isinstance(claim, str):
        return []
    try:
        return _names(json.loads(claim)) if claim.startswith("[") else [claim]
    except ValueError:
        return [*claim.removeprefix("[").removesuffix("]").split()]
