"""Pointers to where a body gives the values of its images."""

from studio.services.orders.body import ItemBody, JobBody


def pointers_of(body: JobBody, size_pointer: str) -> dict[str, str]:
    """Return the caller's pointers for images that have no fields of their own.

    Args:
        body: The caller's body.
        size_pointer: The field that gives the size.

    Returns:
        The pointers that differ from the image's own, and ``""`` for all others; see
        ``studio.domain.orders.pointers.locate``.
    """
    pointers = {"": "", "/size": size_pointer}
    if "quality" not in body.model_fields_set:
        pointers["/quality"] = "/template_id"
    if body.negative_prompt is None:
        # Only a persona or a template can have added words then.
        by_template = body.persona_id is None and body.template_id is not None
        pointers["/negative_prompt"] = "/template_id" if by_template else "/persona_id"
    return pointers


def item_pointers(item: ItemBody, index: int, body: JobBody, size_pointer: str) -> dict[str, str]:
    """Return the caller's pointers for the image of an item.

    Args:
        item: The item.
        index: Its place in ``/items``, from 0.
        body: The body; its fields hold where the item has none.
        size_pointer: The body's field that gives the size.

    Returns:
        As ``pointers_of``.
    """
    pointers = pointers_of(body, size_pointer)
    for name in item.model_fields_set:
        if getattr(item, name) is not None:
            pointers[f"/{name}"] = f"/items/{index}/{name}"
    for name in (body.input or {}).keys() - (item.input or {}).keys():
        pointers[f"/input/{name}"] = f"/input/{name}"
    return pointers
