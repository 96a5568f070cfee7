"""A signed-in caller of the deployed API."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.local_aws.deployment import Stack

TERMINAL = {"succeeded", "partially_succeeded", "failed", "cancelled"}
PASSWORD = "a-Long-enough-1-password"


@dataclass(frozen=True)
class Caller:
    """One user of one tenant."""

    http: httpx.Client
    token: str

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self._send("GET", path, **options)

    def post(self, path: str, body: object = None, **options: Any) -> httpx.Response:
        headers = {"idempotency-key": str(uuid.uuid4()), **options.pop("headers", {})}
        return self._send("POST", path, json=body, headers=headers, **options)

    def put(self, path: str, body: object, **options: Any) -> httpx.Response:
        return self._send("PUT", path, json=body, **options)

    def patch(self, path: str, body: object, **options: Any) -> httpx.Response:
        return self._send("PATCH", path, json=body, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:
        return self._send("DELETE", path, **options)

    def create(self, **body: Any) -> dict[str, Any]:
        """Start a job and return its document."""
        answer = self.post("/v1/jobs", {"operation": "generate", **body})
        assert answer.status_code == 202, answer.text
        document: dict[str, Any] = answer.json()
        assert answer.headers["location"].endswith(f"/v1/jobs/{document['id']}")
        return document

    def set_images(self, **settings: Any) -> None:
        """Store the account's settings of images; what is left out has its default."""
        path = "/v1/settings/image-generation"
        etag = self.get(path).headers["etag"]
        answer = self.put(path, settings, headers={"if-match": etag})
        assert answer.status_code == 200, answer.text

    def finish(self, job_id: str, seconds: float = 60) -> dict[str, Any]:
        """Wait for a job to end and return it."""
        return self.until(job_id, lambda job: job["status"] in TERMINAL, seconds)

    def until(self, job_id: str, condition: Any, seconds: float = 60) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while True:
            job: dict[str, Any] = self.get(f"/v1/jobs/{job_id}").json()
            if condition(job):
                return job
            assert job["status"] not in TERMINAL, (job, self.items(job_id))
            assert time.monotonic() < deadline, job
            time.sleep(0.1)

    def items(self, job_id: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.get(f"/v1/jobs/{job_id}/items").json()["data"]
        return entries

    def ledger(self, job_id: str) -> dict[str, Any]:
        query = {"limit": 100}
        answer = self.get(f"/v1/jobs/{job_id}/ledger", params=query)
        document: dict[str, Any] = answer.json()
        return document

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **options)


def sign_in(stack: Stack, name: str, tenant: str, role: str | None = "admin") -> str:
    """Create a user of a tenant, in the group of a role if one is given; return an ID token."""
    cognito = stack.client("cognito-idp")
    pool, client = stack.outputs["UserPoolId"], stack.outputs["UserPoolClientId"]
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=name,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "custom:tenant", "Value": tenant}],
    )
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True
    )
    if role:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=role)
    answer = cognito.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )
    token: str = answer["AuthenticationResult"]["IdToken"]
    return token
