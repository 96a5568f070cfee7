"""Detection of a second file inside an image: an archive, page, script, document or program.

Other software may open such a file as the second type. Each signature is long enough, or needs a
second one, so that random bytes rarely match. For 25 MiB of random bytes the odds of a false alarm
are below one in ten thousand. Previews, second images, XMP and colour profiles are allowed.
"""

import re
from typing import Final

from studio_imaging.errors import ImageRejectedError

_MARKUP: Final = re.compile(rb"<(?i:\?php\s|script[\s>/]|html[\s>/]|!doctype\s)")
_ELF: Final = re.compile(rb"\x7fELF[\x01\x02][\x01\x02]\x01")
# PDF readers look for the header in the first 1024 bytes (PDF Reference 1.7, appendix H, note 13).
_PDF_REACH: Final = 1024
# Common linkers write this text at the start of a Windows program.
_DOS_STUB: Final = b"This program cannot be run in DOS mode"


def refuse_polyglot(data: bytes) -> None:
    """Refuse an image that is also a file of a second type.

    Raises:
        ImageRejectedError: ``image-polyglot``; the message names the type, not the bytes.
    """
    found = _second_type(data)
    if found is not None:
        raise ImageRejectedError("image-polyglot", f"the file is an image and also {found}")


def _second_type(data: bytes) -> str | None:
    if _MARKUP.search(data):
        return "a page or a script"
    if data.find(b"%PDF-", 0, _PDF_REACH) >= 0:
        return "a PDF document"
    if _holds_archive(data):
        return "a ZIP archive"
    if _ELF.search(data) or _DOS_STUB in data:
        return "a program"
    return None


def _holds_archive(data: bytes) -> bool:
    """Return whether a member, the directory and its end follow each other, as in a ZIP file."""
    member = data.find(b"PK\x03\x04")
    directory = data.find(b"PK\x01\x02", member + 4) if member >= 0 else -1
    return directory >= 0 and data.find(b"PK\x05\x06", directory + 4) >= 0
