"""Routes of downloads."""

from typing import TYPE_CHECKING

from studio.api.http.dependencies import Dependencies
from studio.api.http.links import URL_SECONDS
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.request_body import read_body
from studio.api.http.serializers import time_text
from studio.clock import rfc3339
from studio.errors import FieldError, InvalidRequestError, NotFoundError
from studio.ids import is_id

if TYPE_CHECKING:
    from studio.api.downloads import responses
    from studio.domain.downloads.model import Download


def create_download(request: Request, deps: Dependencies) -> Response:
    """Order an archive; a function packs it after the request."""
    from studio.api.downloads.requests import DownloadBody
    from studio.services.downloads.create_download import CreateDownload, DownloadRequest
    from studio.services.orders.reading import read

    caller = request.caller()
    body = read(DownloadBody, read_body(request).text)
    if [body.asset_ids, body.job_id, body.folder].count(None) != 2:
        raise InvalidRequestError(
            FieldError("/asset_ids", "exclusive", "Name assets, a job or a folder, one of them")
        )
    service = CreateDownload(
        deps.downloads,
        deps.jobs,
        deps.assets,
        deps.renditions,
        deps.folders,
        deps.build_download,
        deps.now,
    )
    asset_ids = None if body.asset_ids is None else tuple(body.asset_ids)
    selection = DownloadRequest(asset_ids, body.job_id, body.folder, body.naming, body.files)
    made = service.run(caller.tenant, selection, caller.subject)
    headers = {"Location": f"/v1/downloads/{made.download_id}", "Retry-After": "1"}
    return json_response(_document(made, None, expired=False), status=202, headers=headers)


def get_download(request: Request, deps: Dependencies) -> Response:
    """Give a download and, once it is ready, where its archive is."""
    from studio.services.downloads.expire_download import ExpireDownload

    download_id = request.params["download_id"]
    if not is_id("dwn", download_id):
        raise NotFoundError("no such download")
    downloads = deps.downloads
    value = downloads.get(request.caller().tenant, download_id)
    value = ExpireDownload(downloads, deps.now).run(value)
    expired = value.expires_at is not None and value.expires_at <= deps.now()
    url = None
    if value.status == "ready" and not expired:
        url = deps.blobs.url(value.key, seconds=URL_SECONDS, download_name=value.filename)
    return json_response(_document(value, url, expired=expired))


def _document(value: "Download", url: str | None, *, expired: bool) -> "responses.Download":
    return {
        "id": value.download_id,
        "status": "expired" if expired else value.status,
        "job_id": value.job_id,
        "folder": value.folder,
        "naming": value.naming,
        "files": value.files,
        "counts": {
            "assets": len(value.asset_ids),
            "packed": value.packed,
            "missing": len(value.missing),
        },
        "bytes": value.bytes or None,
        "filename": value.filename,
        "url": url,
        "missing": list(value.missing),
        "created_by": value.created_by,
        "created_at": rfc3339(value.created_at),
        "started_at": time_text(value.started_at),
        "finished_at": time_text(value.finished_at),
        "expires_at": time_text(value.expires_at),
    }


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/v1/downloads",
        create_download,
        "Pack files of assets, a job or a folder into one archive",
        "Download",
        body="DownloadBody",
        status=202,
        role="viewer",
    ),
    Route(
        "GET",
        "/v1/downloads/{download_id}",
        get_download,
        "Return a download, with a URL when it is ready",
        "Download",
        role="viewer",
    ),
)
