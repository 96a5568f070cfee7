"""The members about source files in the recipe of an asset; a recipe has no nested members."""

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from studio.domain.jobs.image_spec import ImageSpec, SourceRef


def source_members(spec: ImageSpec) -> dict[str, str | int | None]:
    """Return the members about sources and strength; none for an image made from a prompt alone.

    The first source image is ``source_asset_id``, ``source_url`` or, for an inline one,
    ``source_sha256``. The next ones are ``source_2_asset_id`` and so on. Other roles have their own
    prefix, such as ``mask_asset_id``.
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
    """Return a URL without the parts that may hold a secret, such as a presigned signature."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _named(source: SourceRef) -> Iterator[tuple[str, str]]:
    if source.asset_id is not None:
        yield "asset_id", source.asset_id
    elif source.url is not None:
        yield "url", without_query(source.url)
    elif source.key is not None:
        yield "sha256", source.key.rpartition("/")[2]
