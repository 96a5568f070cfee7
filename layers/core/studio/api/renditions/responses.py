"""Shapes of answers about renditions, for the contract."""

from studio.api.http.responses import Answer, File, FocalPoint, Framing
from studio.domain.assets.model import OutputFormat
from studio.domain.renditions.model import Kind


class FoundFocalPoint(FocalPoint):
    """The same, with how sure it is (0 to 1) and how it was found."""

    score: float
    method: str


class WantedFile(Framing):
    """What was wanted of a file; null for what follows from the picture."""

    width: int | None
    height: int | None
    format: OutputFormat | None
    quality: int
    max_bytes: int | None


class FormatRule(Answer):
    """Something a platform wants; ``holds`` is null where it says nothing about it."""

    rule: str
    holds: bool | None
    detail: str


class RenditionLinks(Answer):
    """Where the bytes are."""

    content: str | None = None


class Rendition(Answer):
    """A file of an asset, or the ``problem`` for which there is none.

    ``window`` is what is seen of the picture (left, top, right, bottom from 0 to 1), ``enlarged``
    is above 1 where pixels had to be invented.
    """

    name: str
    kind: Kind
    asset_id: str
    platform: str | None
    format: str | None
    wanted: WantedFile
    file: File | None
    quality: int | None
    window: list[float] | None
    enlarged: float | None
    focal_point: FoundFocalPoint | None
    rules: list[FormatRule]
    problem: str | None
    links: RenditionLinks


class RenditionList(Answer):
    """All files of an asset, by name."""

    data: list[Rendition]
