"""Files that a saved order leaves to each of its runs."""

from collections.abc import Iterator
from dataclasses import replace

from studio.domain.jobs.image_spec import SourceRef
from studio.domain.operations.model import Operation
from studio.domain.operations.table import operation_of
from studio.domain.operations.values import Role
from studio.domain.orders.request import ImageRequest, JobRequest


def with_awaited_files(order: JobRequest) -> JobRequest:
    """Return an order with a file of unknown size for each missing file that it needs.

    So a saved order is planned as if a run had brought the files. Everything else of it is checked.

    Raises:
        OperationUnsupportedError: no such operation.
    """
    operation = operation_of(order.operation)
    images = [
        replace(image, sources=(*image.sources, *map(_awaited, _missing(operation, image))))
        for image in order.images
    ]
    # The main source images come first.
    return replace(order, images=[replace(one, sources=_ordered(one.sources)) for one in images])


def _awaited(role: Role) -> SourceRef:
    return SourceRef(role=role)


def _ordered(sources: tuple[SourceRef, ...]) -> tuple[SourceRef, ...]:
    return tuple(sorted(sources, key=lambda source: source.role != "image"))


def _missing(operation: Operation, image: ImageRequest) -> Iterator[Role]:
    """Yield the roles of files that the operation needs and the image does not name."""
    named = {source.role for source in image.sources}
    for role, need in operation.files.items():
        if role not in named and (need == "required" or _decides(operation, image, role)):
            yield role


def _decides(operation: Operation, image: ImageRequest, role: Role) -> bool:
    """Tell whether a file is one of several inputs of which the image has none yet."""
    present = {name for name, value in image.options.items() if value}
    if image.prompt:
        present.add("prompt")
    return role in operation.one_of and not present & set(operation.one_of)
