"""Renderer on Lambda: the function that has Pillow makes a file while the API waits."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from studio.domain.renditions.documents import rendition_of, spec_document
from studio.domain.renditions.model import Rendition, RenditionSpec
from studio.errors import FieldError, InvalidRequestError, RendererUnavailableError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True, slots=True)
class LambdaRenderer:
    """The function render_asset."""

    client: "LambdaClient"
    function: str

    def render(self, tenant: str, asset_id: str, spec: RenditionSpec) -> Rendition:
        """Have a file made of an asset, and wait for it."""
        event = {"tenant": tenant, "asset_id": asset_id, "rendition": spec_document(spec)}
        try:
            answer = self.client.invoke(
                FunctionName=self.function, Payload=json.dumps(event).encode()
            )
            said = json.loads(answer["Payload"].read())
        except (ClientError, BotoCoreError, ValueError) as error:
            raise RendererUnavailableError("the file could not be made yet; ask again") from error
        if answer.get("FunctionError"):
            raise RendererUnavailableError("the file could not be made yet; ask again")
        if "refused" in said:
            detail = f"{said['refused']['detail']}."
            raise InvalidRequestError(FieldError("", said["refused"]["code"], detail))
        return rendition_of(said["rendition"])
