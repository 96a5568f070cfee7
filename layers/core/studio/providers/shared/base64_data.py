"""Strict reading of the base64 that providers send."""

import base64
import binascii


def decode_base64(text: str) -> bytes | None:
    """Return the decoded bytes, or None if the text is not valid base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
