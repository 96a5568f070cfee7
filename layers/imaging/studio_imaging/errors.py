"""The errors of this package: refused files and refused operations."""

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
    """A file is refused; another attempt has the same result.

    Attributes:
        code: The reason.

            - ``image-type-unsupported``: not a supported format
            - ``image-too-large``: too many bytes, pixels or parts
            - ``image-too-small``: too few pixels
            - ``image-truncated``: the file stops early
            - ``image-polyglot``: the file is also of a second type
            - ``image-unreadable``: a decoder refuses it for another reason
            - ``audio-type-unsupported``: neither WAV nor MP3
            - ``video-invalid``, ``model-invalid``: not a complete MP4 or GLB file
    """

    def __init__(self, code: RejectionCode, message: str) -> None:
        super().__init__(message)
        self.code: RejectionCode = code


RefusalCode = Literal[
    "backdrop-not-plain",
    "changes-too-many",
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
    """An operation is not possible on this picture or with these words.

    Attributes:
        code: The reason.

            - ``backdrop-not-plain``: the subject does not differ from its background
            - ``changes-too-many``: the words name more changes than an edit makes
            - ``colour-unknown``: the words name no known colour
            - ``mask-empty``: the mask marks nothing
            - ``mask-full``: the mask marks everything
            - ``mask-size``: the mask has another size than the picture
            - ``nothing-found``: nothing has the colour
            - ``picture-too-large``: the result would pass its limit
            - ``size-would-change``: the result would have another size
            - ``words-unknown``: the words name no known change
    """

    def __init__(self, code: RefusalCode, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code: RefusalCode = code


class PacketTooLargeError(ValueError):
    """An XMP packet is longer than a JPEG can hold in one piece."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the packet has {size} bytes, the limit is {limit}")
