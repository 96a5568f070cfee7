"""A user pool in memory that speaks the protocol of Cognito, a few users a page."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.support.cli.stand_in import Request, ScriptedResponse

PAGE = 2


@dataclass
class PoolStandIn:
    """Users by name, in the form in which Cognito lists them, and the members of the groups.

    Attributes:
        asked: The operations with their parameters, in their order.
        refuses: Whether sign-ins are refused.
    """

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refuses: bool = False

    def has(
        self, name: str, tenant: str | None, *groups: str, enabled: bool = True, sub: str = "s"
    ) -> None:
        """Let the pool have a confirmed user."""
        values = {"sub": sub, "email": name} | ({"custom:tenant": tenant} if tenant else {})
        self.users[name] = {
            "Username": name,
            "Attributes": [{"Name": key, "Value": value} for key, value in values.items()],
            "UserStatus": "CONFIRMED",
            "Enabled": enabled,
        }
        for group in groups:
            self.groups.setdefault(group, []).append(name)

    def groups_of(self, name: str) -> list[str]:
        return sorted(group for group, members in self.groups.items() if name in members)

    def changes(self) -> list[str]:
        """Return the names of the operations that were asked for and that read nothing."""
        return [name for name, _ in self.asked if name.startswith("Admin")]

    def answer(self, request: Request) -> ScriptedResponse:
        """Answer a request of the Cognito client."""
        operation = request.headers["x-amz-target"].rpartition(".")[2]
        sent = json.loads(request.body)
        assert sent.pop("UserPoolId", "pool") == "pool"
        self.asked.append((operation, sent))
        act = {
            "ListUsers": self._list,
            "ListUsersInGroup": self._list_group,
            "AdminCreateUser": self._create,
            "AdminAddUserToGroup": self._enter,
            "AdminRemoveUserFromGroup": self._leave,
            "AdminSetUserPassword": self._set_password,
            "AdminDeleteUser": self._delete,
            "InitiateAuth": self._sign_in,
        }[operation]
        return act(sent)

    def _list(self, sent: dict[str, Any]) -> ScriptedResponse:
        return _page(list(self.users.values()), sent.get("PaginationToken"), "PaginationToken")

    def _list_group(self, sent: dict[str, Any]) -> ScriptedResponse:
        members = [self.users[name] for name in self.groups.get(sent["GroupName"], [])]
        return _page(members, sent.get("NextToken"), "NextToken")

    def _create(self, sent: dict[str, Any]) -> ScriptedResponse:
        name = sent["Username"]
        if name in self.users:
            return ScriptedResponse({"__type": "UsernameExistsException"}, status=400)
        self.users[name] = {
            "Username": name,
            "Attributes": [{"Name": "sub", "Value": "s"}, *sent["UserAttributes"]],
            "UserStatus": "FORCE_CHANGE_PASSWORD",
            "Enabled": True,
        }
        return ScriptedResponse({"User": self.users[name]})

    def _enter(self, sent: dict[str, Any]) -> ScriptedResponse:
        members = self.groups.setdefault(sent["GroupName"], [])
        assert sent["Username"] in self.users
        if sent["Username"] not in members:
            members.append(sent["Username"])
        return ScriptedResponse({})

    def _set_password(self, sent: dict[str, Any]) -> ScriptedResponse:
        self.passwords[sent["Username"]] = sent["Password"]
        return ScriptedResponse({})

    def _delete(self, sent: dict[str, Any]) -> ScriptedResponse:
        del self.users[sent["Username"]]
        for members in self.groups.values():
            members[:] = [name for name in members if name != sent["Username"]]
        return ScriptedResponse({})

    def _sign_in(self, sent: dict[str, Any]) -> ScriptedResponse:
        if self.refuses:
            return ScriptedResponse({"__type": "NotAuthorizedException"}, status=400)
        words = sent["AuthParameters"]
        assert self.passwords[words["USERNAME"]] == words["PASSWORD"]
        token = f"{words['USERNAME']} in {self.groups_of(words['USERNAME'])}"
        tokens = {"IdToken": token, "RefreshToken": "r", "ExpiresIn": 3600}
        return ScriptedResponse({"AuthenticationResult": tokens})

    def _leave(self, sent: dict[str, Any]) -> ScriptedResponse:
        self.groups[sent["GroupName"]].remove(sent["Username"])
        return ScriptedResponse({})


def _page(users: list[dict[str, Any]], token: str | None, name: str) -> ScriptedResponse:
    start = int(token or 0)
    more = {name: str(start + PAGE)} if start + PAGE < len(users) else {}
    return ScriptedResponse({"Users": users[start : start + PAGE], **more})
