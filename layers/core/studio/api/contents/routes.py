"""Routes of contents and their image slots."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from studio.api.contents import serializers
from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.preconditions import moving_etag, require_match
from studio.api.http.request_body import read_body
from studio.domain.contents.model import Article, Content, Slot, SlotStatus
from studio.domain.contents.names import CONTENT_ID, slot_id, slot_named
from studio.errors import MalformedRequestError, NotFoundError
from studio.ids import new_id

if TYPE_CHECKING:
    from studio.services.orders.reading import Body


def list_contents(request: Request, deps: Dependencies) -> Response:
    """List the tenant's contents with their counts, newest first."""
    from studio.ports.contents import ContentFilter

    reference, status = request.query_param("external_ref"), _status(request)
    filters = (f"status={status}", f"external_ref={reference}")
    page = page_of(request, deps, filters)
    wanted = ContentFilter(reference, status)
    found = deps.contents.page(request.caller().tenant, wanted, page.limit, page.after)
    place = next_page(request, deps, page, found.next_after, filters)
    return page_response(request, serializers.contents(found.contents, place))


def create_content(request: Request, deps: Dependencies) -> Response:
    """Save a content, with images if the body has some."""
    from studio.api.contents.requests import ContentBody
    from studio.services.contents.edit_slots import new_article
    from studio.services.orders.reading import read

    caller, at = request.caller(), deps.now()
    body = read(ContentBody, read_body(request).text)
    content = Content(
        tenant=caller.tenant,
        content_id=new_id("cnt", at),
        title=body.title,
        meta_title=body.meta_title,
        external_ref=body.external_ref,
        labels=body.labels,
        created_at=at,
        created_by=caller.subject,
        updated_at=at,
    )
    slots = [{"slot_type": one.type, **one.model_dump(exclude={"type"})} for one in body.images]
    article = new_article(content, slots)
    deps.contents.create(article)
    headers = {"Location": f"/v1/contents/{content.content_id}"}
    return json_response(serializers.article(article), status=201, headers=headers)


def get_content_item(request: Request, deps: Dependencies) -> Response:
    """Give a content with its images. Its ETag changes with both."""
    found = loaded(request, deps)
    document = serializers.article(found)
    words = serializers.content_words(found.content)
    return json_response(document, headers={"ETag": moving_etag(words, document)})


def change_content(request: Request, deps: Dependencies) -> Response:
    """Change the words of a content."""
    from studio.api.contents.requests import ContentChangeBody

    changes = _changes(request, ContentChangeBody)
    found = loaded(request, deps)
    require_match(request, serializers.content_words(found.content))
    after = replace(found.content, **changes, updated_at=deps.now())
    deps.contents.change(found.content, after)
    changed = replace(after, version=after.version + 1)
    return json_response(serializers.article(replace(found, content=changed)))


def delete_content(request: Request, deps: Dependencies) -> Response:
    """Delete a content with its images. Assets and jobs stay."""
    found = loaded(request, deps)
    require_match(request, serializers.content_words(found.content))
    deps.contents.delete(found, deps.now())
    return Response(204)


def list_images(request: Request, deps: Dependencies) -> Response:
    """List the images of a content, the featured one first."""
    return json_response(serializers.images(loaded(request, deps)))


def create_image(request: Request, deps: Dependencies) -> Response:
    """Add an image to a content."""
    from studio.api.contents.requests import ContentImageBody
    from studio.services.contents.edit_slots import new_slot
    from studio.services.orders.reading import read

    body = read(ContentImageBody, read_body(request).text)
    found = loaded(request, deps)
    content = found.content
    slot = new_slot(
        found.slots,
        content.last_slot + 1,
        slot_type=body.type,
        position=body.position,
        device=body.device,
        prompt=body.prompt,
        alt_text=body.alt_text,
        at=deps.now(),
    )
    deps.contents.put_slot(content, slot, None)
    path = f"/v1/contents/{content.content_id}/images/{slot_id(content.content_id, slot.number)}"
    return json_response(serializers.image(content, slot), status=201, headers={"Location": path})


def get_image(request: Request, deps: Dependencies) -> Response:
    """Give an image. Its ETag changes with it and with its state."""
    content, slot, _ = _slot(request, deps)
    document = serializers.image(content, slot)
    tag = moving_etag(serializers.image_words(content, slot), document)
    return json_response(document, headers={"ETag": tag})


def change_image(request: Request, deps: Dependencies) -> Response:
    """Change an image; a new prompt puts it back to pending."""
    from studio.api.contents.requests import ContentImageChangeBody
    from studio.services.contents.edit_slots import changed_slot

    changes = _changes(request, ContentImageChangeBody)
    content, slot, others = _slot(request, deps)
    require_match(request, serializers.image_words(content, slot))
    after = changed_slot(slot, others, changes, deps.now())
    deps.contents.put_slot(content, after, slot)
    return json_response(serializers.image(content, after))


def delete_image(request: Request, deps: Dependencies) -> Response:
    """Delete an image slot. Its asset stays."""
    content, slot, _ = _slot(request, deps)
    require_match(request, serializers.image_words(content, slot))
    deps.contents.delete_slot(content, slot, deps.now())
    return Response(204)


def loaded(request: Request, deps: Dependencies) -> Article:
    """Return the content of the path with its slots.

    Raises:
        NotFoundError: the tenant has no such content.
    """
    content_id = request.params["content_id"]
    if not CONTENT_ID.fullmatch(content_id):
        raise NotFoundError("no such content")
    return deps.contents.load(request.caller().tenant, content_id)


def _status(request: Request) -> SlotStatus | None:
    text = request.query_param("status")
    status = next((known for known in get_args(SlotStatus) if known == text), None)
    if text is not None and status is None:
        raise MalformedRequestError(f"status must be one of {', '.join(get_args(SlotStatus))}")
    return status


def _slot(request: Request, deps: Dependencies) -> tuple[Content, Slot, tuple[Slot, ...]]:
    """Return the content and slot of the path, and the other slots."""
    found = loaded(request, deps)
    named = slot_named(request.params["image_id"])
    slots = {slot.number: slot for slot in found.slots}
    slot = slots.pop(named[1], None) if named and named[0] == found.content.content_id else None
    if slot is None:
        raise NotFoundError("the content has no such image")
    return found.content, slot, tuple(slots.values())


def _changes(request: Request, model: "type[Body]") -> Mapping[str, Any]:
    """Return the members of a change that the request gives."""
    from studio.services.orders.reading import read

    body = read(model, read_body(request).text)
    return {name: getattr(body, name) for name in body.model_fields_set}


_CONTENT = "/v1/contents/{content_id}"
_IMAGE = f"{_CONTENT}/images/{{image_id}}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/contents",
        list_contents,
        "List the contents with their counts",
        "ContentList",
        query=pagination.PARAMETERS | {"status", "external_ref"},
        role="viewer",
    ),
    Route(
        "POST",
        "/v1/contents",
        create_content,
        "Save a content",
        "ContentWithImages",
        body="ContentBody",
        status=201,
        role="creator",
    ),
    Route(
        "GET",
        _CONTENT,
        get_content_item,
        "Return a content with its images",
        "ContentWithImages",
        role="viewer",
    ),
    Route(
        "PATCH",
        _CONTENT,
        change_content,
        "Change the words of a content",
        "ContentWithImages",
        body="ContentChangeBody",
        guarded=True,
        role="creator",
    ),
    Route(
        "DELETE",
        _CONTENT,
        delete_content,
        "Delete a content with its images",
        None,
        status=204,
        guarded=True,
        role="creator",
    ),
    Route(
        "GET",
        f"{_CONTENT}/images",
        list_images,
        "List the images of a content",
        "ContentImageList",
        role="viewer",
    ),
    Route(
        "POST",
        f"{_CONTENT}/images",
        create_image,
        "Add an image to a content",
        "ContentImage",
        body="ContentImageBody",
        status=201,
        role="creator",
    ),
    Route("GET", _IMAGE, get_image, "Return an image of a content", "ContentImage", role="viewer"),
    Route(
        "PATCH",
        _IMAGE,
        change_image,
        "Change an image of a content",
        "ContentImage",
        body="ContentImageChangeBody",
        guarded=True,
        role="creator",
    ),
    Route(
        "DELETE",
        _IMAGE,
        delete_image,
        "Delete an image of a content",
        None,
        status=204,
        guarded=True,
        role="creator",
    ),
)
