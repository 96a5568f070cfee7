"""Shapes of answers about renditions, for the contract."""

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from studio.api.http.responses import File, FocalPoint, Framing
from studio.domain.assets.model import OutputFormat
from studio.domain.renditions.model import Kind


class FoundFocalPoint(FocalPoint):
    """A detected focal point, with its score from 0 to 1 and the method of detection."""

    score: float
    method: str


class WantedFile(Framing):
    """The requested file. Null members follow from the image."""

    width: int | None
    height: int | None
    format: OutputFormat | None
    quality: int
    max_bytes: int | None
    keep_rights: bool


class FormatRule(TypedDict):
    """A rule of a platform. ``holds`` is null where the platform states no such rule."""

    rule: str
    holds: bool | None
    detail: str


class RenditionLinks(TypedDict):
    """Path of the file, left out where there is none."""

    content: NotRequired[Annotated[str | None, Field(json_schema_extra={"default": None})]]


class Rendition(TypedDict):
    """A file of an asset, or the ``problem`` that prevents it.

    ``window`` is the visible part of the image: left, top, right and bottom from 0 to 1.
    ``enlarged`` is the scale; above 1, pixels are interpolated. ``warnings`` say what to look
    at, such as a smart crop that is a guess.
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
    warnings: list[str]
    links: RenditionLinks


class RenditionList(TypedDict):
    """All files of an asset, by name."""

    data: list[Rendition]
