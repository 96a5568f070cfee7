"""Routes of the templates of prompt groups."""

from typing import TYPE_CHECKING

from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.preconditions import require_match
from studio.api.http.request_body import read_body
from studio.api.http.versioned import version_of
from studio.api.prompts import serializers
from studio.api.prompts.group_routes import group_of_path
from studio.domain.prompts.group import (
    group_of_template,
    new_template_id,
    template_prefix,
)
from studio.domain.recipes.model import Recipe, new_version
from studio.errors import NotFoundError

if TYPE_CHECKING:
    from studio.api.prompts.requests import PromptTemplateBody


def list_prompt_templates(request: Request, deps: Dependencies) -> Response:
    """List the templates of a group, the oldest first."""
    page, group = page_of(request, deps), group_of_path(request, deps)
    found = deps.prompt_templates.page(
        group.tenant, page.limit, page.after, prefix=template_prefix(group.recipe_id)
    )
    place = next_page(request, deps, page, found.next_after)
    return page_response(request, serializers.templates(found.recipes, place))


def create_prompt_template(request: Request, deps: Dependencies) -> Response:
    """Add a template to a group."""
    from studio.api.prompts.requests import PromptTemplateBody
    from studio.services.orders.reading import read

    request.caller()
    body = read(PromptTemplateBody, read_body(request).text)
    template_id = new_template_id(group_of_path(request, deps).recipe_id, deps.now())
    made = _new_template(request, deps, template_id, body, None)
    saved = deps.prompt_templates.put(made, None)
    headers = {"Location": f"/v1/prompt-templates/{saved.recipe_id}"}
    return json_response(serializers.template(saved), status=201, headers=headers)


def get_prompt_template(request: Request, deps: Dependencies) -> Response:
    """Return a template, or an older version of it."""
    found = _template(request, deps, version_of(request))
    return json_response(serializers.template(found))


def put_prompt_template(request: Request, deps: Dependencies) -> Response:
    """Save a new version of a template."""
    from studio.api.prompts.requests import PromptTemplateBody
    from studio.services.orders.reading import read

    request.caller()
    body = read(PromptTemplateBody, read_body(request).text)
    current = _template(request, deps)
    require_match(request, serializers.template(current))
    made = _new_template(request, deps, current.recipe_id, body, current)
    return json_response(serializers.template(deps.prompt_templates.put(made, current.version)))


def delete_prompt_template(request: Request, deps: Dependencies) -> Response:
    """Delete a template; its versions stay readable."""
    current = _template(request, deps)
    require_match(request, serializers.template(current))
    deps.prompt_templates.delete(current.tenant, current.recipe_id, current.version)
    return Response(204)


def list_prompt_template_versions(request: Request, deps: Dependencies) -> Response:
    """List the versions of a template, the newest first."""
    page, newest = page_of(request, deps), _template(request, deps)
    before = None if page.after is None else int(page.after)
    found = deps.prompt_templates.versions(newest.tenant, newest.recipe_id, page.limit + 1, before)
    shown = found[: page.limit]
    after = str(shown[-1].version) if len(found) > page.limit else None
    place = next_page(request, deps, page, after)
    return page_response(request, serializers.templates(shown, place))


def _new_template(
    request: Request,
    deps: Dependencies,
    template_id: str,
    body: "PromptTemplateBody",
    current: Recipe | None,
) -> Recipe:
    caller = request.caller()
    return new_version(
        caller.tenant,
        template_id,
        title=body.title,
        body=body.model_dump(include={"template", "negative_prompt"}, exclude_none=True),
        at=deps.now(),
        saved_by=caller.subject,
        replaces=current,
    )


def _template(request: Request, deps: Dependencies, version: int | None = None) -> Recipe:
    """Return the template of the path.

    Raises:
        NotFoundError: the tenant has no such template or version.
    """
    caller, template_id = request.caller(), request.params["prompt_template_id"]
    if group_of_template(template_id) is None:
        raise NotFoundError("there is no such prompt template")
    return deps.prompt_templates.get(caller.tenant, template_id, version)


_TEMPLATES = "/v1/prompt-groups/{group_id}/templates"
_TEMPLATE = "/v1/prompt-templates/{prompt_template_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        _TEMPLATES,
        list_prompt_templates,
        "List the templates of a prompt group",
        "PromptTemplateList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route(
        "POST",
        _TEMPLATES,
        create_prompt_template,
        "Add a template to a prompt group",
        "PromptTemplate",
        body="PromptTemplateBody",
        status=201,
        role="creator",
    ),
    Route(
        "GET",
        _TEMPLATE,
        get_prompt_template,
        "Return a prompt template",
        "PromptTemplate",
        query=frozenset({"version"}),
        role="viewer",
    ),
    Route(
        "PUT",
        _TEMPLATE,
        put_prompt_template,
        "Save a new version of a prompt template",
        "PromptTemplate",
        body="PromptTemplateBody",
        guarded=True,
        role="creator",
    ),
    Route(
        "DELETE",
        _TEMPLATE,
        delete_prompt_template,
        "Delete a prompt template",
        None,
        status=204,
        guarded=True,
        role="creator",
    ),
    Route(
        "GET",
        f"{_TEMPLATE}/versions",
        list_prompt_template_versions,
        "List the versions of a prompt template, newest first",
        "PromptTemplateList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
)
