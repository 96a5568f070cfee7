"""The small edges of notification: signing secrets in SSM, the queue in SQS, mail by SES."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from studio.clock import parse_rfc3339, rfc3339
from studio.domain.webhooks.signature import SigningSecret
from studio.errors import MailRefusedError, NotFoundError

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

# SES will not send these however often it is asked (API reference of SendEmail, SES v2).
_REFUSALS = frozenset(
    {"MessageRejected", "BadRequestException", "MailFromDomainNotVerifiedException"}
)


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
        """Forget the secret of a webhook."""
        try:
            self.client.delete_parameter(Name=self._name(tenant, webhook_id))
        except ClientError as error:
            if _code(error) != "ParameterNotFound":
                raise

    def _name(self, tenant: str, webhook_id: str) -> str:
        return f"{self.prefix}/{tenant}/{webhook_id}"


@dataclass(frozen=True, slots=True)
class SqsDeliveryQueue:
    """DeliveryQueue on SQS, whose longest delay is 900 seconds."""

    client: "SQSClient"
    url: str

    def send(
        self, tenant: str, webhook_id: str, delivery_id: str, *, tries: int, seconds: int
    ) -> None:
        """Queue a try."""
        message = {
            "tenant": tenant,
            "webhook_id": webhook_id,
            "delivery_id": delivery_id,
            "tries": tries,
        }
        self.client.send_message(
            QueueUrl=self.url, MessageBody=json.dumps(message), DelaySeconds=seconds
        )


@dataclass(frozen=True, slots=True)
class SesMailer:
    """Mailer on SES, from one sender whose identity the team has verified."""

    client: "SESV2Client"
    sender: str

    def send(self, to: str, subject: str, text: str) -> None:
        """Send a mail."""
        try:
            self.client.send_email(
                FromEmailAddress=self.sender,
                Destination={"ToAddresses": [to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": subject, "Charset": "UTF-8"},
                        "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
                    }
                },
            )
        except ClientError as error:
            if _code(error) in _REFUSALS:
                raise MailRefusedError("SES refuses the mail") from None
            raise


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
