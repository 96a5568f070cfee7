"""Words from a provider that are safe to show."""

_MAX_LENGTH = 128


def identifier(value: object) -> str | None:
    """Return the value if it is a short ASCII identifier, else None.

    An identifier holds letters, digits, ``-``, ``.`` and ``_``. Free text can quote a key or a
    prompt, so messages and logs show identifiers only.
    """
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_LENGTH or not value.isascii():
        return None
    return value if value.replace("-", "").replace(".", "").replace("_", "").isalnum() else None
