"""Ask the function render_asset for a file of a finished image, and wait for it."""

from studio.domain.renditions.documents import rendition_of, spec_document
from studio.domain.renditions.model import Rendition, RenditionSpec
from studio.errors import (
    FieldError,
    InvalidRequestError,
    RenditionUnavailableError,
    UnavailableError,
)
from studio.ports.functions import FunctionInvoker


def request_rendition(
    render_asset: FunctionInvoker, tenant: str, asset_id: str, spec: RenditionSpec
) -> Rendition:
    """Return a file that the function makes of an asset.

    Raises:
        InvalidRequestError: the function cannot use the asset's image.
        RenditionUnavailableError: the function gave no answer now.
    """
    event = {"tenant": tenant, "asset_id": asset_id, "rendition": spec_document(spec)}
    try:
        answer = render_asset.call(event)
    except UnavailableError as error:
        raise RenditionUnavailableError("the file could not be made yet; ask again") from error
    if "refused" in answer:
        refused = answer["refused"]
        raise InvalidRequestError(FieldError("", refused["code"], f"{refused['detail']}."))
    return rendition_of(answer["rendition"])
