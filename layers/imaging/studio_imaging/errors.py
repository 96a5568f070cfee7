"""The errors of this package: a picture, or an operation on one, that will not be done."""

from typing import Literal

RejectionCode = Literal[
    "image-unreadable",
    "image-truncated",
    "image-too-large",
    "image-type-unsupported",
    "image-polyglot",
    "image-too-small",
    "audio-type-unsupported",
    "video-invalid",
    "model-invalid",
]


class ImageRejectedError(Exception):
    """A picture is refused, and no other try will change that.

    Attributes:
        code: ``image-type-unsupported`` (not one of the formats we read), ``image-too-large``
            (bytes, pixels or parts), ``image-truncated`` (the file stops early), ``image-polyglot``
            (it is a second kind of file too), ``image-too-small``, ``audio-type-unsupported``,
            ``video-invalid`` and ``model-invalid`` (no whole MP4 or GLB) or ``image-unreadable``
            (everything else that a decoder refuses).
    """

    def __init__(self, code: RejectionCode, message: str) -> None:
        super().__init__(message)
        self.code: RejectionCode = code


RefusalCode = Literal[
    "backdrop-not-plain",
    "colour-unknown",
    "mask-empty",
    "mask-full",
    "mask-size",
    "nothing-found",
    "picture-too-large",
    "size-would-change",
    "words-unknown",
]


class OperationRefusedError(Exception):
    """An operation cannot honestly be done to this picture, or not with these words.

    Attributes:
        code: ``backdrop-not-plain`` (no subject can be told from its ground), ``colour-unknown``
            (the words name no colour that is known), ``mask-empty``, ``mask-full`` (nothing is
            left to go by), ``mask-size`` (not the picture's), ``nothing-found`` (nothing has the
            colour searched for), ``picture-too-large`` (for the result to stay within its limit),
            ``size-would-change`` or ``words-unknown``.
    """

    def __init__(self, code: RefusalCode, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code: RefusalCode = code


class PacketTooLargeError(ValueError):
    """What is to be said inside a picture (XMP) is longer than a JPEG can hold in one piece."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the packet has {size} bytes, the limit is {limit}")
