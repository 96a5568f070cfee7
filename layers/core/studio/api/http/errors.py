"""Errors that only the HTTP edge raises; ``studio.errors`` has all others.

StudioError
├── MethodNotAllowedError       the path has no such method
├── UploadExpiredError          a file was not sent in time
├── UnsupportedMediaTypeError   the studio does not take files of this type
├── ImageTooLargeError          an image has too many bytes or pixels
└── ImageInvalidError           a file is broken, or is something else besides an image
"""

from collections.abc import Sequence

from studio.errors import StudioError


class MethodNotAllowedError(StudioError):
    """The path has no such method; ``allowed`` names the methods that it has."""

    code = "method-not-allowed"

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(f"this path answers {', '.join(allowed)}")
        self.allowed = allowed


class UploadExpiredError(StudioError):
    """The file was not sent before its form expired."""

    code = "upload-expired"


class UnsupportedMediaTypeError(StudioError):
    """The studio does not take files of this type."""

    code = "unsupported-media-type"


class ImageTooLargeError(StudioError):
    """The image has too many bytes or pixels."""

    code = "image-too-large"


class ImageInvalidError(StudioError):
    """The file is broken, or is something else besides an image."""

    code = "image-invalid"
