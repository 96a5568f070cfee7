"""Routes of imports: a table in, a dry run out, a batch by submit."""

import csv
import io
import json
from collections.abc import Mapping
from typing import cast

from studio import wiring
from studio.api.batches import serializers
from studio.api.batches.routes import accept, batch_text
from studio.api.http import pagination
from studio.api.http.accepted import key_use
from studio.api.http.dependencies import Dependencies
from studio.api.http.links import URL_SECONDS
from studio.api.http.messages import CSV, Request, Response, Route, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.request_body import MAX_ORDER_BYTES, idempotency_key, read_body
from studio.errors import FieldError, InvalidRequestError, MalformedRequestError, NotFoundError
from studio.ids import is_id

_STATUSES = ("valid", "faulty")
_MAX_DEFAULTS = 8_000
_EXAMPLE = {
    "prompt": "A white ceramic mug on a pale oak table, soft window light",
    "size": "1024x1024",
    "quality": "standard",
    "variations": "1",
    "format": "webp",
    "name": "Mug",
    "folder": "SKU-1042",
    "max_cost": "0.10",
}


def create_batch_import(request: Request, deps: Dependencies) -> Response:
    """Accept a table; its rows are checked in the background."""
    from studio.api.batches.requests import BatchImportBody
    from studio.services.batches.create_import import CreateImport, Table
    from studio.services.orders.reading import read

    caller, sent = request.caller(), read_body(request, limit=MAX_ORDER_BYTES)
    body = read(BatchImportBody, sent.text)
    if (body.csv is None) == (body.upload_id is None):
        raise InvalidRequestError(
            FieldError("/csv", "exclusive", "Give the table as csv or by upload_id, one of them")
        )
    # As they were written: what was left out goes on following our defaults.
    defaults = cast("Mapping[str, object]", sent.document["defaults"]) if body.defaults else {}
    _check_defaults(defaults)
    service = CreateImport(deps.imports, deps.blobs, deps.validate_import, deps.now)
    table = Table(body.csv, body.upload_id, body.delimiter, body.mapping or {}, defaults, body.name)
    made = service.run(caller.tenant, table, caller.subject)
    headers = {"Location": f"/v1/batch-imports/{made.import_id}", "Retry-After": "1"}
    return json_response(serializers.batch_import(made), status=202, headers=headers)


def list_batch_imports(request: Request, deps: Dependencies) -> Response:
    """List the tenant's imports, newest first."""
    from studio.services.batches.expire_import import ExpireImport

    expire = ExpireImport(deps.imports, deps.now)
    page = page_of(request, deps)
    found = deps.imports.page(request.caller().tenant, page.limit, page.after)
    current = [expire.run(value) for value in found.imports]
    place = next_page(request, deps, page, found.next_after)
    return page_response(request, serializers.batch_imports(current, place))


def get_batch_import(request: Request, deps: Dependencies) -> Response:
    """Give an import without its rows."""
    from studio.services.batches.expire_import import ExpireImport

    imports = deps.imports
    value = imports.get(request.caller().tenant, _import_id(request))
    return json_response(serializers.batch_import(ExpireImport(imports, deps.now).run(value)))


def list_rows(request: Request, deps: Dependencies) -> Response:
    """List the rows of an import that was checked, in the order of the table."""
    from studio.domain.batches.manifest import ROWS
    from studio.services.batches.rows import page_of_rows

    status = request.query_param("status")
    if status is not None and status not in _STATUSES:
        raise MalformedRequestError(f"status must be one of {', '.join(_STATUSES)}")
    filters = [status] if status else []
    page = page_of(request, deps, filters)
    value = deps.imports.get(request.caller().tenant, _import_id(request))
    if value.status != "validated":
        return page_response(request, serializers.rows([], next_page(request, deps, page, None)))
    blobs, key = deps.blobs, value.key(ROWS)
    rows, following = page_of_rows(
        lambda at, size: blobs.part(key, at, size), int(page.after or 0), page.limit, status
    )
    next_after = None if following is None else str(following)
    place = next_page(request, deps, page, next_after, filters)
    return page_response(request, serializers.rows(rows, place))


def get_errors_csv(request: Request, deps: Dependencies) -> Response:
    """Redirect to the faulty rows as a file."""
    from studio.domain.batches.manifest import ERRORS

    value = deps.imports.get(request.caller().tenant, _import_id(request))
    if not value.totals.faulty:
        raise NotFoundError("the import has no faulty rows")
    url = deps.blobs.url(
        value.key(ERRORS), seconds=URL_SECONDS, download_name=f"{value.import_id}-errors.csv"
    )
    return Response(302, headers={"Location": url, "Cache-Control": "private, max-age=300"})


def get_template_csv(request: Request, deps: Dependencies) -> Response:
    """Give a table of every column and one row to begin with."""
    from studio.domain.batches.members import MEMBERS

    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([MEMBERS, [_EXAMPLE.get(member, "") for member in MEMBERS]])
    headers = {"Content-Disposition": 'attachment; filename="batch-template.csv"'}
    return Response(200, buffer.getvalue(), headers, CSV)


def submit_batch_import(request: Request, deps: Dependencies) -> Response:
    """Make a batch of the valid rows."""
    from studio.api.batches.requests import SubmitBody
    from studio.services.batches.submit_import import Submission
    from studio.services.orders.order import dollars
    from studio.services.orders.reading import read

    caller, import_id, key = request.caller(), _import_id(request), idempotency_key(request)
    sent = read_body(request, optional=True)
    body = read(SubmitBody, sent.text)
    email = body.notify.email if body.notify else None
    deps.recipients.check(email)
    wanted = Submission(body.name, body.concurrency, dollars(body.max_cost), email)
    service = wiring.submit_import(deps.settings, batch_text)
    use = key_use(request, key, sent.hash)
    return accept(
        request, deps, lambda: service.run(caller.tenant, import_id, wanted, use, caller.subject)
    )


def _import_id(request: Request) -> str:
    import_id = request.params["import_id"]
    if not is_id("imp", import_id):
        raise NotFoundError("no such import")
    return import_id


def _check_defaults(defaults: Mapping[str, object]) -> None:
    """Refuse what would be repeated in every row: they lie under each of ten thousand."""
    text = json.dumps(defaults)
    if len(text) > _MAX_DEFAULTS:
        detail = f"Defaults have at most {_MAX_DEFAULTS} characters as JSON"
        raise InvalidRequestError(FieldError("/defaults", "too-long", detail))
    if '"base64":' in text:
        detail = "Upload the image and name its asset_id"
        raise InvalidRequestError(FieldError("/defaults", "exclusive", detail))


_IMPORTS = "/v1/batch-imports"
_IMPORT = f"{_IMPORTS}/{{import_id}}"

ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        _IMPORTS,
        create_batch_import,
        "Check a table of job bodies; nothing runs",
        "BatchImport",
        body="BatchImportBody",
        status=202,
        role="creator",
    ),
    Route(
        "GET",
        _IMPORTS,
        list_batch_imports,
        "List the imports, newest first",
        "BatchImportList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route(
        "GET",
        f"{_IMPORTS}/template.csv",
        get_template_csv,
        "Return a template of a table",
        None,
        media_type=CSV,
        role="viewer",
    ),
    Route(
        "GET",
        _IMPORT,
        get_batch_import,
        "Return an import with its counts, cost and errors",
        "BatchImport",
        role="viewer",
    ),
    Route(
        "GET",
        f"{_IMPORT}/rows",
        list_rows,
        "List the rows of an import with their results",
        "ImportRowList",
        query=pagination.PARAMETERS | {"status"},
        role="viewer",
    ),
    Route(
        "GET",
        f"{_IMPORT}/errors.csv",
        get_errors_csv,
        "Redirect to the faulty rows as CSV, at a signed URL",
        None,
        status=302,
        role="viewer",
    ),
    Route(
        "POST",
        f"{_IMPORT}/submit",
        submit_batch_import,
        "Start the valid rows as a batch",
        "Batch",
        body="SubmitBody",
        body_required=False,
        status=202,
        keyed=True,
        role="creator",
    ),
)
