"""The users of a stack: their tenants and their roles, in its Cognito user pool."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AdminCreateUserRequestTypeDef, UserTypeTypeDef

ROLES = ("viewer", "creator", "reviewer", "manager", "admin")
"""The groups of the user pool that are roles. Each one may do what those before it may."""
ADMIN, WITHOUT_GROUP = "admin", "creator"


@dataclass(frozen=True, slots=True)
class User:
    """A user of the pool.

    Attributes:
        tenant: The claim ``custom:tenant``; the user's own id without one.
        personal: Whether the user has no ``custom:tenant``.
        groups: The groups of the user that are roles.
        status: What Cognito says, such as ``CONFIRMED``.
        enabled: Whether the user may sign in.
    """

    username: str
    email: str
    tenant: str
    personal: bool
    status: str
    enabled: bool
    groups: frozenset[str] = frozenset()

    @property
    def role(self) -> str:
        """The highest of the groups, or the role of a user without any."""
        return max(self.groups, key=ROLES.index, default=WITHOUT_GROUP)

    @property
    def is_admin(self) -> bool:
        """Whether the user can sign in as an administrator."""
        return self.enabled and ADMIN in self.groups


class UserPool:
    """Reads and changes the users of one stack.

    Args:
        cognito: With credentials of the account of the stack.
        pool_id: The user pool.
    """

    def __init__(self, cognito: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._cognito = cognito
        self._pool = pool_id

    def users(self) -> list[User]:
        """Return all users by tenant and name; Cognito cannot filter by tenant."""
        groups: dict[str, set[str]] = {}
        for role in ROLES:
            pages = self._cognito.get_paginator("list_users_in_group")
            for page in pages.paginate(UserPoolId=self._pool, GroupName=role):
                for member in page["Users"]:
                    groups.setdefault(member["Username"], set()).add(role)
        listed = self._cognito.get_paginator("list_users").paginate(UserPoolId=self._pool)
        found = [_user(one) for page in listed for one in page["Users"]]
        users = [replace(one, groups=frozenset(groups.get(one.username, ()))) for one in found]
        return sorted(users, key=lambda user: (user.tenant, user.username))

    def add(self, email: str, tenant: str, role: str, password: str | None) -> None:
        """Create a user with a verified address, in the group of a role.

        Args:
            email: Address and name of the user.
            tenant: The tenant of the user.
            role: One of ``ROLES``.
            password: The temporary password; None lets Cognito make one and mail it.
        """
        request: AdminCreateUserRequestTypeDef = {
            "UserPoolId": self._pool,
            "Username": email,
            "UserAttributes": [
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "custom:tenant", "Value": tenant},
            ],
        }
        if password is None:
            request["DesiredDeliveryMediums"] = ["EMAIL"]
        else:
            request["MessageAction"] = "SUPPRESS"
            request["TemporaryPassword"] = password
        self._cognito.admin_create_user(**request)
        self._enter(email, role)

    def change(self, user: User, role: str) -> None:
        """Put a user into the group of a role, and take the user out of those of other roles."""
        if role not in user.groups:
            self._enter(user.username, role)
        for other in sorted(user.groups - {role}):
            self._cognito.admin_remove_user_from_group(
                UserPoolId=self._pool, Username=user.username, GroupName=other
            )

    def confirm(self, username: str, password: str) -> None:
        """Give a user a password that needs no change."""
        self._cognito.admin_set_user_password(
            UserPoolId=self._pool, Username=username, Password=password, Permanent=True
        )

    def remove(self, username: str) -> None:
        """Delete a user."""
        self._cognito.admin_delete_user(UserPoolId=self._pool, Username=username)

    def _enter(self, username: str, role: str) -> None:
        self._cognito.admin_add_user_to_group(
            UserPoolId=self._pool, Username=username, GroupName=role
        )


def without_admin(users: "Iterable[User]") -> list[str]:
    """Return the tenants that have users, and none who can sign in as an administrator."""
    shared = [user for user in users if not user.personal]
    with_admin = {user.tenant for user in shared if user.is_admin}
    return sorted({user.tenant for user in shared} - with_admin)


def named(users: "Sequence[User]", name: str) -> User | None:
    """Return the user of a name or an address; capitals do not count."""
    wanted = name.casefold()
    for user in users:
        if wanted in {user.username.casefold(), user.email.casefold()}:
            return user
    return None


def _user(found: "UserTypeTypeDef") -> User:
    values = {one["Name"]: one.get("Value", "") for one in found.get("Attributes", [])}
    tenant = values.get("custom:tenant", "")
    return User(
        username=found["Username"],
        email=values.get("email", ""),
        tenant=tenant or values.get("sub", found["Username"]),
        personal=not tenant,
        status=found.get("UserStatus", ""),
        enabled=found.get("Enabled", True),
    )
