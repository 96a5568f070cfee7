"""Routes of templates: the tenant's own are saved as personas are, the studio's only read."""

from typing import TYPE_CHECKING

from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.request_body import read_body
from studio.api.http.versioned import VersionedResource, version_of
from studio.domain.recipes.model import Recipe
from studio.errors import MalformedRequestError, NotFoundError, StateConflictError

if TYPE_CHECKING:
    from studio.api.templates import responses
    from studio.domain.templates.model import Template
    from studio.services.templates.save_template import SaveTemplate


def list_templates(request: Request, deps: Dependencies) -> Response:
    """List templates: the tenant's own by name, then the studio's."""
    from studio.api.templates import serializers
    from studio.api.templates.choosing import Filter, walk

    wanted = Filter.of(request)
    page = pagination.page_of(request, deps, wanted.texts)
    found: list[tuple[Template, Recipe | None]] = []
    next_after = None
    for template, saved in walk(deps.templates, request.caller().tenant, page.after):
        if not wanted.takes(template):
            continue
        if len(found) == page.limit:
            next_after = found[-1][0].template_id
            break
        found.append((template, saved))
    place = pagination.next_page(request, deps, page, next_after, wanted.texts)
    return pagination.page_response(request, serializers.templates(found, place))


def search_templates(request: Request, deps: Dependencies) -> Response:
    """Find templates by their words."""
    from studio.api.templates import serializers
    from studio.api.templates.choosing import Filter, all_templates, text_of
    from studio.domain.templates.search import search

    wanted, query, limit = Filter.of(request), text_of(request, "q"), pagination.limit_of(request)
    if query is None:
        raise MalformedRequestError("q must say what to look for")
    known = all_templates(deps.templates, request.caller().tenant)
    found = search(filter(wanted.takes, known), query)[:limit]
    return json_response(serializers.found_templates(found, known))


def recommend_templates(request: Request, deps: Dependencies) -> Response:
    """Recommend templates for a platform, a use and a prompt."""
    from studio.api.templates import serializers
    from studio.api.templates.choosing import all_templates, platform_of, text_of
    from studio.domain.templates.recommend import RecommendationQuery, recommend

    query = RecommendationQuery(
        platform_of(request), text_of(request, "use"), text_of(request, "prompt")
    )
    if query == RecommendationQuery():
        raise MalformedRequestError("say a platform, a use or a prompt")
    limit = pagination.limit_of(request)
    known = all_templates(deps.templates, request.caller().tenant)
    found = recommend(known, query)[:limit]
    return json_response(serializers.recommended_templates(found, known))


def get_template(request: Request, deps: Dependencies) -> Response:
    """Give a template, or an older version of a tenant's own."""
    from studio.api.templates import serializers

    template = _builtin(request)
    if template is None:
        return _RESOURCE.get(request, deps)
    if version_of(request) not in (None, template.version):
        raise NotFoundError(f"{template.template_id} is at version {template.version}")
    return json_response(serializers.builtin(template))


def put_template(request: Request, deps: Dependencies) -> Response:
    """Save a template; jobs that were ordered before keep the version they were given."""
    from studio.api.templates.requests import TemplateBody
    from studio.services.orders.reading import read

    _refuse_builtin(request)
    caller, template_id = request.caller(), _RESOURCE.name(request)
    body = read(TemplateBody, read_body(request).text)
    current = _RESOURCE.replaced(request, deps)
    saved = _service(deps).run(
        caller.tenant,
        template_id,
        body.model_dump(exclude={"title"}),
        title=body.title,
        saved_by=caller.subject,
        replaces=current,
    )
    return json_response(_RESOURCE.document(saved), status=200 if current else 201)


def save_template_from_job(request: Request, deps: Dependencies) -> Response:
    """Save the settings of a job's image as a template of a name that is free."""
    from studio.api.templates.requests import TemplateFromJobBody
    from studio.services.orders.reading import read

    caller = request.caller()
    body = read(TemplateFromJobBody, read_body(request).text)
    saved = _service(deps).from_job(
        caller.tenant,
        body.id,
        body.job_id,
        body.item,
        body.model_dump(include={"description", "category", "keywords"}, exclude_none=True),
        title=body.title,
        saved_by=caller.subject,
    )
    where = {"Location": f"/v1/templates/{saved.recipe_id}"}
    return json_response(_RESOURCE.document(saved), status=201, headers=where)


def delete_template(request: Request, deps: Dependencies) -> Response:
    """Take a template away. Jobs that were ordered with it stay as they are."""
    _refuse_builtin(request)
    return _RESOURCE.remove(request, deps)


def _service(deps: Dependencies) -> "SaveTemplate":
    from studio.services.templates.save_template import SaveTemplate

    return SaveTemplate(deps.templates, deps.jobs, deps.now)


def _builtin(request: Request) -> "Template | None":
    """Return the studio's own template of the name in the path."""
    from studio.domain.templates.builtin import builtin_templates

    return builtin_templates().get(request.params["template_id"])


def _refuse_builtin(request: Request) -> None:
    """Refuse to change what comes with the studio.

    Raises:
        StateConflictError: the path names it.
    """
    if _builtin(request) is not None:
        raise StateConflictError(
            "this template comes with the studio and is read only: save yours by another name"
        )


def _own(saved: Recipe) -> "responses.Template":
    from studio.api.templates.serializers import own

    return own(saved)


_RESOURCE = VersionedResource("template", lambda deps: deps.templates, _own)
_TEMPLATE = "/v1/templates/{template_id}"
_FILTERS = frozenset({"platform", "category", "aspect_ratio"})

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/templates",
        list_templates,
        "List the templates, those of the tenant first",
        "TemplateList",
        query=pagination.PARAMETERS | _FILTERS,
        role="viewer",
    ),
    Route(
        "GET",
        "/v1/templates/search",
        search_templates,
        "Search the templates, best match first",
        "FoundTemplates",
        query=_FILTERS | {"q", "limit"},
        required=frozenset({"q"}),
        role="viewer",
    ),
    Route(
        "GET",
        "/v1/templates/recommendations",
        recommend_templates,
        "Recommend templates for a platform, a use and a prompt, with score and reason",
        "RecommendedTemplates",
        query=frozenset({"platform", "use", "prompt", "limit"}),
        role="viewer",
    ),
    Route(
        "POST",
        "/v1/templates/from-job",
        save_template_from_job,
        "Save the settings of a job's image as a template",
        "Template",
        body="TemplateFromJobBody",
        status=201,
        role="creator",
    ),
    Route(
        "GET",
        _TEMPLATE,
        get_template,
        "Return a template",
        "Template",
        query=frozenset({"version"}),
        role="viewer",
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
        role="creator",
    ),
    Route(
        "DELETE",
        _TEMPLATE,
        delete_template,
        "Delete a template",
        None,
        status=204,
        guarded=True,
        role="creator",
    ),
)
