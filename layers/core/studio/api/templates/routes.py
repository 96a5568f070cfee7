"""Routes of templates: the tenant's own are saved as personas are, the studio's only read."""

from typing import TYPE_CHECKING

from studio.api.http import pagination
from studio.api.http.dependencies import Backend
from studio.api.http.messages import Call, Reply, Route, json_reply
from studio.api.http.request_body import read_body
from studio.api.http.serializers import Document
from studio.api.http.versioned import Shelf, version_of
from studio.domain.recipes.model import Recipe
from studio.errors import MalformedRequestError, NotFoundError, StateConflictError

if TYPE_CHECKING:
    from studio.domain.templates.model import Template
    from studio.services.templates.save_template import SaveTemplate


def list_templates(call: Call, backend: Backend) -> Reply:
    """List templates: the tenant's own by name, then the studio's."""
    from studio.api.templates.choosing import Filter, walk

    wanted = Filter.of(call)
    page = pagination.page_of(call, backend, wanted.texts)
    found: list[Document] = []
    next_after = None
    for template, saved in walk(backend.templates, call.caller().tenant, page.after):
        if not wanted.takes(template):
            continue
        if len(found) == page.limit:
            next_after = str(found[-1]["id"])
            break
        found.append(_document(template, saved))
    return pagination.page_reply(call, backend, page, found, next_after, wanted.texts)


def search_templates(call: Call, backend: Backend) -> Reply:
    """Find templates by their words."""
    from studio.api.templates.choosing import Filter, all_templates, text_of
    from studio.domain.templates.search import search

    wanted, query, limit = Filter.of(call), text_of(call, "q"), pagination.limit_of(call)
    if query is None:
        raise MalformedRequestError("q must say what to look for")
    known = all_templates(backend.templates, call.caller().tenant)
    found = search(filter(wanted.takes, known), query)[:limit]
    data = [
        {"score": one.score / 100, "template": _document(one.template, known[one.template])}
        for one in found
    ]
    return json_reply({"data": data})


def recommend_templates(call: Call, backend: Backend) -> Reply:
    """Recommend templates for a platform, a use and a prompt."""
    from studio.api.templates.choosing import all_templates, platform_of, text_of
    from studio.domain.templates.recommend import Wish, recommend

    wish = Wish(platform_of(call), text_of(call, "use"), text_of(call, "prompt"))
    if wish == Wish():
        raise MalformedRequestError("say a platform, a use or a prompt")
    limit = pagination.limit_of(call)
    known = all_templates(backend.templates, call.caller().tenant)
    data = [
        {
            "score": one.score / 100,
            "reason": one.reason,
            "template": _document(one.template, known[one.template]),
        }
        for one in recommend(known, wish)[:limit]
    ]
    return json_reply({"data": data})


def get_template(call: Call, backend: Backend) -> Reply:
    """Give a template, or an older version of a tenant's own."""
    template = _builtin(call)
    if template is None:
        return _SHELF.one(call, backend)
    if version_of(call) not in (None, template.version):
        raise NotFoundError(f"{template.template_id} is at version {template.version}")
    return json_reply(_document(template, None))


def put_template(call: Call, backend: Backend) -> Reply:
    """Save a template; jobs that were ordered before keep the version they were given."""
    from studio.api.templates.requests import TemplateBody
    from studio.services.orders.reading import read

    _refuse_builtin(call)
    caller, template_id = call.caller(), _SHELF.name(call)
    body = read(TemplateBody, read_body(call).text)
    current = _SHELF.replaced(call, backend)
    saved = _service(backend).run(
        caller.tenant,
        template_id,
        body.model_dump(exclude={"title"}),
        title=body.title,
        saved_by=caller.subject,
        replaces=current,
    )
    return json_reply(_SHELF.document(saved), status=200 if current else 201)


def save_template_from_job(call: Call, backend: Backend) -> Reply:
    """Save the settings of a job's image as a template of a name that is free."""
    from studio.api.templates.requests import TemplateFromJobBody
    from studio.services.orders.reading import read

    caller = call.caller()
    body = read(TemplateFromJobBody, read_body(call).text)
    saved = _service(backend).from_job(
        caller.tenant,
        body.id,
        body.job_id,
        body.item,
        body.model_dump(include={"description", "category", "keywords"}, exclude_none=True),
        title=body.title,
        saved_by=caller.subject,
    )
    where = {"Location": f"/v1/templates/{saved.recipe_id}"}
    return json_reply(_SHELF.document(saved), status=201, headers=where)


def delete_template(call: Call, backend: Backend) -> Reply:
    """Take a template away. Jobs that were ordered with it stay as they are."""
    _refuse_builtin(call)
    return _SHELF.remove(call, backend)


def _service(backend: Backend) -> "SaveTemplate":
    from studio.services.templates.save_template import SaveTemplate

    return SaveTemplate(backend.templates, backend.jobs, backend.now)


def _builtin(call: Call) -> "Template | None":
    """Return the studio's own template of the name in the path."""
    from studio.domain.templates.builtin import builtin_templates

    return builtin_templates().get(call.params["template_id"])


def _refuse_builtin(call: Call) -> None:
    """Refuse to change what comes with the studio.

    Raises:
        StateConflictError: the path names it.
    """
    if _builtin(call) is not None:
        raise StateConflictError(
            "this template comes with the studio and is read only: save yours by another name"
        )


def _document(template: "Template", saved: Recipe | None) -> Document:
    from studio.api.templates.serializers import builtin

    return builtin(template) if saved is None else _SHELF.document(saved)


def _settings(value: Recipe) -> Document:
    from studio.api.templates.serializers import settings
    from studio.domain.templates.model import template_of

    return settings(template_of(value))


_SHELF = Shelf("template", lambda backend: backend.templates, _settings)
_TEMPLATE = "/v1/templates/{template_id}"
_FILTERS = frozenset({"platform", "category", "aspect_ratio"})

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/templates",
        list_templates,
        "Templates, the tenant's own first",
        "TemplateList",
        query=pagination.PARAMETERS | _FILTERS,
        max_age=0,
    ),
    Route(
        "GET",
        "/v1/templates/search",
        search_templates,
        "Templates by their words, the best first",
        "FoundTemplates",
        query=_FILTERS | {"q", "limit"},
        max_age=0,
    ),
    Route(
        "GET",
        "/v1/templates/recommendations",
        recommend_templates,
        "Templates for a platform, a use and a prompt, with score and reason",
        "RecommendedTemplates",
        query=frozenset({"platform", "use", "prompt", "limit"}),
        max_age=0,
    ),
    Route(
        "POST",
        "/v1/templates/from-job",
        save_template_from_job,
        "Save the settings of a job's image as a template",
        "Template",
        body="TemplateFromJobBody",
        status=201,
    ),
    Route(
        "GET",
        _TEMPLATE,
        get_template,
        "One template",
        "Template",
        query=frozenset({"version"}),
        max_age=0,
    ),
    Route(
        "PUT",
        _TEMPLATE,
        put_template,
        "Save a template under a name",
        "Template",
        body="TemplateBody",
        also=201,
        guarded=True,
    ),
    Route(
        "DELETE", _TEMPLATE, delete_template, "Take a template away", None, status=204, guarded=True
    ),
)
