"""Routes of uploads."""

from typing import TYPE_CHECKING

from studio.api.assets import serializers
from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.errors import (
    ImageInvalidError,
    ImageTooLargeError,
    UnsupportedMediaTypeError,
    UploadExpiredError,
)
from studio.api.http.links import signing
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.request_body import known_words, read_body
from studio.api.http.serializers import time_text
from studio.clock import rfc3339
from studio.domain.uploads.model import Upload
from studio.errors import NotFoundError, StateConflictError, StudioError
from studio.ids import is_id

if TYPE_CHECKING:
    from studio.api.uploads import responses

_TOO_LARGE = frozenset({"image-too-large"})
_OTHER_TYPE = frozenset({"image-type-unsupported"})


def announce_upload(request: Request, deps: Dependencies) -> Response:
    """Sign a form for one file, or give the image that the file is already."""
    from studio.api.uploads.requests import UploadBody
    from studio.services.orders.reading import read
    from studio.services.uploads.announce_upload import Announcement, AnnounceUpload

    body = read(UploadBody, read_body(request).text)
    wanted = Announcement(body.filename, body.media_type, body.bytes, body.sha256, body.folder)
    service = AnnounceUpload(deps.uploads, deps.folders, deps.assets, deps.upload_bucket, deps.now)
    tenant = request.caller().tenant
    if asset := service.known(tenant, wanted):
        known: responses.AnnouncedUpload = {
            "upload": None,
            "url": None,
            "fields": None,
            "asset": serializers.asset(asset, signing(deps)),
        }
        return json_response(known)
    upload, form = service.run(tenant, wanted)
    made: responses.AnnouncedUpload = {
        "upload": _document(upload, deps),
        "url": form.url,
        "fields": dict(form.fields),
        "asset": None,
    }
    return json_response(made, status=201, headers={"Location": _path(upload)})


def list_uploads(request: Request, deps: Dependencies) -> Response:
    """List uploads, newest first; with ``status=quarantined``, the refused ones only."""
    filters = known_words(request, "status", ["quarantined"])
    page = page_of(request, deps, filters)
    tenant = request.caller().tenant
    found = deps.uploads.page(tenant, page.limit, page.after, refused=bool(filters))
    listed: responses.UploadList = {
        "data": [_document(upload, deps) for upload in found.uploads],
        "page": next_page(request, deps, page, found.next_after, filters),
    }
    return page_response(request, listed)


def get_upload(request: Request, deps: Dependencies) -> Response:
    """Give one upload and what became of it."""
    return json_response(_document(_upload(request, deps), deps))


def complete_upload(request: Request, deps: Dependencies) -> Response:
    """Register a file that was sent, and give the image that it became."""
    from studio.services.uploads.request_registration import request_registration

    upload = _upload(request, deps)
    if upload.folder is None:
        raise StateConflictError("a table is not registered: name it in a batch import")
    if upload.status == "waiting":
        if not deps.upload_bucket.exists(upload.key):
            raise _not_there(upload, deps)
        request_registration(deps.register_upload, upload.key)
        upload = deps.uploads.get(upload.tenant, upload.upload_id)
    if upload.status == "quarantined":
        raise _refusal(upload)
    if upload.asset_id is None:
        raise StateConflictError("the file is being looked at; ask again")
    asset = deps.assets.get(upload.tenant, upload.asset_id)
    completed: responses.CompletedUpload = {
        "upload": _document(upload, deps),
        "asset": serializers.asset(asset, signing(deps)),
    }
    return json_response(
        completed, status=201, headers={"Location": f"/v1/assets/{upload.asset_id}"}
    )


def _upload(request: Request, deps: Dependencies) -> Upload:
    upload_id = request.params["upload_id"]
    if not is_id("upl", upload_id):
        raise NotFoundError("no such upload")
    return deps.uploads.get(request.caller().tenant, upload_id)


def _not_there(upload: Upload, deps: Dependencies) -> StudioError:
    if _is_expired(upload, deps):
        return UploadExpiredError("the file was not sent in time; announce it again")
    return StateConflictError("the file has not been sent yet")


def _refusal(upload: Upload) -> StudioError:
    reason = upload.reason or "the file is no image"
    if upload.reason_code in _TOO_LARGE:
        return ImageTooLargeError(reason)
    if upload.reason_code in _OTHER_TYPE:
        return UnsupportedMediaTypeError(reason)
    return ImageInvalidError(reason)


def _is_expired(upload: Upload, deps: Dependencies) -> bool:
    expires_at = upload.expires_at
    return upload.status == "waiting" and expires_at is not None and expires_at <= deps.now()


def _path(upload: Upload) -> str:
    return f"/v1/uploads/{upload.upload_id}"


def _document(value: Upload, deps: Dependencies) -> "responses.Upload":
    return {
        "id": value.upload_id,
        "status": "expired" if _is_expired(value, deps) else value.status,
        "folder": value.folder,
        "filename": value.filename,
        "media_type": value.media_type,
        "bytes": value.bytes,
        "asset_id": value.asset_id,
        "duplicate": value.duplicate,
        "reason_code": value.reason_code,
        "reason": value.reason,
        "job_id": value.job_id,
        "rule_error": value.rule_error,
        "created_at": rfc3339(value.created_at),
        "expires_at": time_text(value.expires_at),
    }


_UPLOAD = "/v1/uploads/{upload_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/v1/uploads",
        announce_upload,
        "Return a signed form for one file, or the existing image of the file",
        "AnnouncedUpload",
        body="UploadBody",
        status=201,
        also=200,
        secret=True,
        role="creator",
    ),
    Route(
        "GET",
        "/v1/uploads",
        list_uploads,
        "List the uploads, newest first",
        "UploadList",
        query=pagination.PARAMETERS | {"status"},
        role="viewer",
    ),
    Route("GET", _UPLOAD, get_upload, "Return an upload with its result", "Upload", role="viewer"),
    Route(
        "POST",
        f"{_UPLOAD}/complete",
        complete_upload,
        "Register an uploaded file",
        "CompletedUpload",
        status=201,
        role="creator",
    ),
)
