"""The renditions of an asset as one DynamoDB record (table Assets).

Key: pk = {tenant}#RENDITIONS, sk = {asset_id}. Each file is an attribute ``r.{name}`` of JSON, as
nothing queries inside, so that adding one touches no other; ``files`` counts them.
"""

import json
from collections.abc import Sequence

from studio.adapters.dynamodb.base import Attributes
from studio.domain.renditions.documents import rendition_document, rendition_of
from studio.domain.renditions.model import Rendition

_PREFIX = "r."


def renditions_key(tenant: str, asset_id: str) -> dict[str, str]:
    """Primary key of an asset's renditions."""
    return {"pk": f"{tenant}#RENDITIONS", "sk": asset_id}


def attribute(name: str) -> str:
    """Name of the attribute that holds a file."""
    return f"{_PREFIX}{name}"


def rendition_text(rendition: Rendition) -> str:
    """Code a file."""
    return json.dumps(rendition_document(rendition), separators=(",", ":"))


def renditions_record(tenant: str, asset_id: str, made: Sequence[Rendition]) -> Attributes:
    """Code all files that were made with an asset."""
    return {
        **renditions_key(tenant, asset_id),
        "files": len(made),
        **{attribute(one.name): rendition_text(one) for one in made},
    }


def renditions_of(record: Attributes) -> list[Rendition]:
    """Read an asset's files back, in the order of their names."""
    texts = {name: text for name, text in record.items() if name.startswith(_PREFIX)}
    return [rendition_of(json.loads(texts[name])) for name in sorted(texts)]
