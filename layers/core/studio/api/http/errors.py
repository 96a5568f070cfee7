"""Errors that only the HTTP edge raises; their base classes are in ``studio.errors``."""

from collections.abc import Sequence

from studio.errors import StudioError


class UnauthenticatedError(StudioError):
    """A route that needs a caller was reached without a verified token."""


class MethodNotAllowedError(StudioError):
    """The path exists, the method does not; ``allowed`` names those that do."""

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(f"this path answers {', '.join(allowed)}")
        self.allowed = allowed


class UploadExpiredError(StudioError):
    """A file was not sent while its form was good."""


class UnsupportedMediaTypeError(StudioError):
    """A file that was sent is of no type that is taken."""


class ImageTooLargeError(StudioError):
    """A picture that was sent has too many bytes or pixels."""


class ImageInvalidError(StudioError):
    """A file that was sent is broken, or something else besides a picture."""
