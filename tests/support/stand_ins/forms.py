"""Forms as they come over the wire, read by the standard library's parser of mails."""

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a form; ``media_type`` is None where the part names none."""

    name: str
    filename: str | None
    media_type: str | None
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode()


def read_form(content_type: str, body: bytes) -> list[Part] | None:
    """Read a multipart body; None if it is none, or ends before its last boundary."""
    head = b"content-type: " + content_type.encode("latin-1") + b"\r\n\r\n"
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    if message.defects or not message.is_multipart():
        return None
    parts = [_part(part) for part in message.iter_parts() if isinstance(part, EmailMessage)]
    read = [part for part in parts if part is not None]
    return read if len(read) == len(parts) else None


def _part(message: EmailMessage) -> Part | None:
    name = message.get_param("name", header="content-disposition")
    data = message.get_payload(decode=True)
    if not isinstance(name, str) or not isinstance(data, bytes):
        return None
    media_type = message.get_content_type() if "content-type" in message else None
    return Part(name, message.get_filename(), media_type, data)
