"""Stand-in for the free calls of all vendors that show whether they take a key."""

import json
from typing import ClassVar

from tests.support.stand_ins.server import JSON, Recorded, Reply, StandIn, json_reply

FREE_CALLS = {
    "gemini": ("GET", "/v1beta/models?pageSize=1"),
    "huggingface": ("GET", "/api/whoami-v2"),
    "openai": ("GET", "/models"),
    "runware": ("POST", "/"),
    "stability": ("GET", "/v1/user/balance"),
    "wavespeed": ("GET", "/api/v3/balance"),
}
"""Method and path of each vendor's call."""

# How a vendor refuses a key, where it is not 401.
_REFUSED = {"gemini": (400, {"error": {"details": [{"reason": "API_KEY_INVALID"}]}})}


class FreeCallsStandIn(StandIn):
    """Answers as the vendor of ``provider`` does, or with ``status`` if that is set."""

    scenarios = frozenset[str]()
    base_path = ""
    paths: ClassVar = dict.fromkeys((path for _, path in FREE_CALLS.values()), JSON)

    def __init__(self, provider: str, api_key: str = "planted-key-0123") -> None:
        super().__init__(api_key)
        self.provider = provider
        self.status: int | None = None

    def answer(self, request: Recorded) -> Reply:
        if self.status is not None:
            return json_reply({"error": f"a fault, with {self.api_key}"}, self.status)
        if (request.method, request.path) != FREE_CALLS[self.provider]:
            return json_reply({"error": "no such call"}, 404)
        if self.provider == "runware" and not _is_account_task(request):
            return json_reply({"errors": [{"code": "invalidTask"}]}, 400)
        sent = request.headers.get("x-goog-api-key") if self.provider == "gemini" else None
        if self.api_key in (sent, request.headers.get("authorization", "").partition(" ")[2]):
            return json_reply({"balance": 1})
        status, document = _REFUSED.get(self.provider, (401, {}))
        return json_reply({**document, "quoted": self.api_key}, status)


def _is_account_task(request: Recorded) -> bool:
    (task,) = json.loads(request.body)
    return (task["taskType"], task["operation"]) == ("accountManagement", "getDetails")
