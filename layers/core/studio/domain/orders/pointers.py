"""JSON pointers of the values of an image, or of another part, as the caller wrote them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from studio.errors import FieldError, InvalidRequestError


def locate(pointer: str, pointers: Mapping[str, str]) -> str:
    """Return the pointer into the caller's body for a pointer into one image.

    The longest known beginning decides: ``{"": "/items/2", "/size": "/size"}`` turns ``/prompt``
    into ``/items/2/prompt`` and leaves ``/size`` as it is.

    Args:
        pointer: RFC 6901 pointer to a value of the image.
        pointers: The caller's pointer by image pointer; the entry ``""`` must be there.
    """
    known, rest = pointer, ""
    while known not in pointers:
        known, _, last = known.rpartition("/")
        rest = f"/{last}{rest}"
    return f"{pointers[known]}{rest}"


@contextmanager
def locate_errors(pointers: Mapping[str, str]) -> Iterator[None]:
    """Rewrite the pointers of a part's errors to those of the caller's body.

    Args:
        pointers: See ``locate``. ``{"": "/jobs/2"}`` puts ``/jobs/2`` before every pointer.

    Raises:
        InvalidRequestError: the error of the block, with rewritten pointers.
    """
    try:
        yield
    except InvalidRequestError as error:
        raise type(error)(*locate_fields(error.fields, pointers)) from None


def locate_fields(
    fields: Iterable[FieldError], pointers: Mapping[str, str]
) -> tuple[FieldError, ...]:
    """Return an image's field errors with the pointers of the caller's body, see ``locate``."""
    return tuple(field._replace(pointer=locate(field.pointer, pointers)) for field in fields)
