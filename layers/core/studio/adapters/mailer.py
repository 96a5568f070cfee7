"""Mailer on SES."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from studio.errors import MailRefusedError

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

# SES refuses a mail with one of these codes for good (API reference of SendEmail, SES v2).
_REFUSALS = frozenset(
    {"MessageRejected", "BadRequestException", "MailFromDomainNotVerifiedException"}
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
            if error.response.get("Error", {}).get("Code") in _REFUSALS:
                raise MailRefusedError("SES refuses the mail") from None
            raise
