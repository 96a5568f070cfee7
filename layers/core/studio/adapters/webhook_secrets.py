"""WebhookSecrets on SSM Parameter Store: the signing secret of each webhook."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from studio.clock import parse_rfc3339, rfc3339
from studio.domain.webhooks.signature import SigningSecret
from studio.errors import NotFoundError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


@dataclass(frozen=True, slots=True)
class SsmWebhookSecrets:
    """WebhookSecrets as SecureStrings {prefix}/{tenant}/{webhook_id}."""

    client: "SSMClient"
    prefix: str

    def get(self, tenant: str, webhook_id: str) -> SigningSecret:
        """Return the secret of a webhook."""
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
