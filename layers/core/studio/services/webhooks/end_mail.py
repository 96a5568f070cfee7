"""SendEndMail: the mail about an ended job or batch, or a disabled webhook."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from studio.clock import Clock
from studio.domain.webhooks.model import DISABLED
from studio.domain.webhooks.recipients import Recipients
from studio.errors import MailRefusedError
from studio.ports.webhooks import Mailer, MailLog

logger = logging.getLogger(__name__)

_COUNTS = ("succeeded", "partially_succeeded", "failed", "skipped", "cancelled", "unknown")


@dataclass(frozen=True, slots=True)
class SendEndMail:
    """Sends at most one mail about an event.

    Attributes:
        mailer: None if the stack sends no mail.
        recipients: The addresses that the stack may write to. They are checked again here,
            because this is the last step before a mail is sent.
    """

    mail_log: MailLog
    mailer: Mailer | None
    recipients: Recipients
    now: Clock

    def run(self, to: str, event_type: str, detail: Mapping[str, object]) -> None:
        """Send the mail about an event; a repeated event sends no second mail.

        Args:
            to: The recipient's address.
            event_type: Such as ``job.succeeded``.
            detail: The detail of the event.
        """
        tenant, event_id = str(detail["account_id"]), str(detail["id"])
        if self.mailer is None:
            logger.info("no mail about %s: the stack has no sender", event_id)
            return
        if not self.recipients.takes(to):
            logger.warning("no mail about %s: the stack does not write to this domain", event_id)
            return
        if not self.mail_log.claim(tenant, event_id, self.now()):
            return
        subject, text = letter(event_type, detail)
        try:
            self.mailer.send(to, subject, text)
        except MailRefusedError:
            logger.warning("the mail about %s was refused", event_id)
        except Exception:
            self.mail_log.release(tenant, event_id)
            raise


def letter(event_type: str, detail: Mapping[str, object]) -> tuple[str, str]:
    """Return the subject and the text of the mail about an event."""
    if event_type == DISABLED:
        return _letter_of_webhook(detail)
    kind, _, outcome = event_type.partition(".")
    status = outcome.replace("_", " ")
    name = detail.get("name") or detail[f"{kind}_id"]
    lines = [
        f"The {kind} {name} has ended: {status}.",
        "",
        *(f"{word.replace('_', ' ')}: {detail[word]}" for word in _COUNTS if detail.get(word)),
        f"of: {detail['total']}",
        "",
        f"Cost: {detail['cost']} USD",
    ]
    if detail.get("unknown_costs"):
        lines.append(f"What {detail['unknown_costs']} more calls cost is not known.")
    lines += ["", f"Id: {detail[f'{kind}_id']}"]
    return f"{kind.capitalize()} {status}: {name}"[:200], "\n".join(lines)


def _letter_of_webhook(detail: Mapping[str, object]) -> tuple[str, str]:
    lines = [
        f"The studio sends nothing more to {detail['url']}: {detail['reason']}.",
        "",
        "Repair the receiver, then enable the webhook again.",
        "",
        f"Id: {detail['webhook_id']}",
    ]
    return f"Webhook disabled: {detail['url']}"[:200], "\n".join(lines)
