"""WebhookSecrets on SSM Parameter Store: the signing secret of each webhook."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from studio.clock import parse_rfc3339, rfc3339
from studio.domain.webhooks.signature import SigningSecret
from studio.errors import NotFoundError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


CACHED_SECONDS = 60
"""How long a try may sign with a secret as it was; the one before stays valid for a day."""
_MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class SsmWebhookSecrets:
    """WebhookSecrets as SecureStrings {prefix}/{tenant}/{webhook_id}.

    Attributes:
        cached_seconds: For how long a secret is kept after it was read. Who changes secrets keeps
            none: a rotation needs the newest.
        clock: Seconds of a clock that never goes back.
    """

    client: "SSMClient"
    prefix: str
    cached_seconds: float = 0
    clock: Callable[[], float] = time.monotonic
    _cache: dict[str, tuple[SigningSecret, float]] = field(default_factory=dict)

    def get(self, tenant: str, webhook_id: str) -> SigningSecret:
        """Return the secret of a webhook."""
        name, at = self._name(tenant, webhook_id), self.clock()
        found = self._cache.get(name)
        if found is not None and at < found[1]:
            return found[0]
        secret = self._read(tenant, webhook_id)
        if self.cached_seconds:
            if len(self._cache) >= _MOST_KEPT:
                self._cache.clear()
            self._cache[name] = (secret, at + self.cached_seconds)
        return secret

    def _read(self, tenant: str, webhook_id: str) -> SigningSecret:
        try:
            found = self.client.get_parameter(
                Name=self._name(tenant, webhook_id), WithDecryption=True
            )
        except ClientError as error:
            if _code(error) == "ParameterNotFound":
                raise NotFoundError(f"no secret of {webhook_id}") from None
            raise
        members = json.loads(found["Parameter"]["Value"])
        until = members.get("previous_until")
        return SigningSecret(
            current=members["current"],
            previous=members.get("previous"),
            previous_until=parse_rfc3339(until) if until else None,
        )

    def put(self, tenant: str, webhook_id: str, secret: SigningSecret) -> None:
        """Write the secret of a webhook."""
        members = {
            "current": secret.current,
            "previous": secret.previous,
            "previous_until": rfc3339(secret.previous_until) if secret.previous_until else None,
        }
        self.client.put_parameter(
            Name=self._name(tenant, webhook_id),
            Value=json.dumps(members),
            Type="SecureString",
            Overwrite=True,
        )

    def delete(self, tenant: str, webhook_id: str) -> None:
        """Delete the secret of a webhook."""
        try:
            self.client.delete_parameter(Name=self._name(tenant, webhook_id))
        except ClientError as error:
            if _code(error) != "ParameterNotFound":
                raise

    def _name(self, tenant: str, webhook_id: str) -> str:
        return f"{self.prefix}/{tenant}/{webhook_id}"


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
