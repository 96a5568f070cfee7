"""What the recipe of a picture says of its sources: flat members, as all of a recipe is."""

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from studio.domain.jobs.model import ImageSpec, SourceRef


def described(spec: ImageSpec) -> dict[str, str | int | None]:
    """Name the sources and the strength; nothing for a picture that was made from words alone.

    The first source is ``source_asset_id``, ``source_url`` or ``source_sha256`` (bytes that came
    with the order), the next ones are ``source_2_asset_id`` and so on; a mask is ``mask_asset_id``,
    and so with the other files.
    """
    if not spec.sources:
        return {}
    members: dict[str, str | int | None] = {"strength": spec.strength}
    for number, source in enumerate(spec.sources, 1):
        prefix = _prefix(number, source)
        members |= {f"{prefix}_{name}": value for name, value in _named(source)}
    return members


def _prefix(number: int, source: SourceRef) -> str:
    if source.role != "image":
        return source.role
    return "source" if number == 1 else f"source_{number}"


def without_query(url: str) -> str:
    """Cut off what may hold a secret, such as the signature of a presigned URL."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _named(source: SourceRef) -> Iterator[tuple[str, str]]:
    if source.asset_id is not None:
        yield "asset_id", source.asset_id
    elif source.url is not None:
        yield "url", without_query(source.url)
    elif source.key is not None:
        yield "sha256", source.key.rpartition("/")[2]
