"""The request body of a rendition."""

from typing import Annotated

from pydantic import Field

from studio.services.orders.output_body import RenditionBody


class AssetRenditionBody(RenditionBody):
    """A file to make of an asset: what a platform's format wants, or one described here.

    ``export`` names a format (``GET /v1/platforms``), which says size, type and limit itself.
    ``gravity`` is ``smart`` where it is not said.
    """

    export: Annotated[str, Field(min_length=1, max_length=40, examples=["ig_story"])] | None = None
