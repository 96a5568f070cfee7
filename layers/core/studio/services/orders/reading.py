"""Request bodies read as pydantic models, with pydantic's errors as the studio's own."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from studio.errors import (
    FieldError,
    InvalidRequestError,
    MalformedRequestError,
    OperationUnsupportedError,
    StudioError,
)

_Model = TypeVar("_Model", bound=BaseModel)
_CODES = {"missing": "required", "extra_forbidden": "unknown-field"}


class Body(BaseModel):
    """Base of all request bodies: strict types, and no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def read(model: type[_Model], text: str) -> _Model:
    """Return the value of a request body.

    Raises:
        InvalidRequestError: names every wrong field.
        OperationUnsupportedError: names every wrong field, the operation among them.
        MalformedRequestError: the JSON has a value that no field can hold, such as half a
            surrogate pair.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise _refusal(details) from None


def _refusal(details: list[ErrorDetails]) -> StudioError:
    if details[0]["type"] == "json_invalid":
        return MalformedRequestError(details[0]["msg"])
    fields = [FieldError(_pointer(entry), _code(entry), _message(entry)) for entry in details]
    if any(field.code == OperationUnsupportedError.code for field in fields):
        return OperationUnsupportedError(*fields)
    return InvalidRequestError(*fields)


def _message(entry: ErrorDetails) -> str:
    """Return pydantic's message, but a sentence in place of a regular expression."""
    if entry["type"] != "string_pattern_mismatch":
        return entry["msg"]
    # Only a refusal needs the sentences.
    from studio.services.orders.pattern_words import words_for

    return words_for(entry.get("ctx", {}).get("pattern", "")) or entry["msg"]


def _pointer(entry: ErrorDetails) -> str:
    """Return an RFC 6901 pointer; pydantic marks a wrong key of a map with "[key]"."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in entry["loc"]]
    return "".join(f"/{part}" for part in parts if part != "[key]")


def _code(entry: ErrorDetails) -> str:
    if entry["loc"][-1:] == ("operation",) and entry["type"] == "literal_error":
        return OperationUnsupportedError.code
    return _CODES.get(entry["type"], entry["type"].replace("_", "-"))
