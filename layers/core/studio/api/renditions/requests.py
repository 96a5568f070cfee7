"""The request body of a rendition."""

from typing import Annotated

from pydantic import Field

from studio.services.orders.output_body import RenditionBody


class AssetRenditionBody(RenditionBody):
    """A file to make of an asset: the format of a platform, or a file described here.

    ``export`` names a format of ``GET /v1/platforms``, which sets the size, the type and the
    byte limit. ``gravity`` is ``smart`` by default. ``keep_rights`` writes the creator and the
    copyright notice of the asset into the file.
    """

    export: Annotated[str, Field(min_length=1, max_length=40, examples=["ig_story"])] | None = None
    keep_rights: bool = False
