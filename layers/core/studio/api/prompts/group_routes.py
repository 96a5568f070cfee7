"""Routes of prompt groups."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.pagination import next_page, page_of, page_response
from studio.api.http.preconditions import require_match
from studio.api.http.request_body import read_body
from studio.api.prompts import serializers
from studio.domain.prompts.group import group_of_template, is_group_id, template_prefix
from studio.domain.recipes.model import Recipe, new_version
from studio.domain.settings.model import prompt_choice
from studio.errors import NotFoundError
from studio.ids import new_id

if TYPE_CHECKING:
    from studio.api.prompts import responses

_AT_ONCE = 100
_MOST_TEMPLATES = 100
"""Templates that a page of groups has."""
_BEHIND_EACH_ID = "~"


def list_prompt_groups(request: Request, deps: Dependencies) -> Response:
    """List the tenant's prompt groups with their templates, the oldest first."""
    page, tenant = page_of(request, deps), request.caller().tenant
    found = deps.prompt_groups.page(tenant, page.limit, page.after)
    place = next_page(request, deps, page, found.next_after)
    templates: Sequence[Recipe] = ()
    if found.recipes:
        first, last = found.recipes[0].recipe_id, found.recipes[-1].recipe_id
        names = template_prefix(first), template_prefix(last) + _BEHIND_EACH_ID
        templates = deps.prompt_templates.between(tenant, *names, _MOST_TEMPLATES + 1)
    shown, more = templates[:_MOST_TEMPLATES], templates[_MOST_TEMPLATES:]
    cut_at = str(group_of_template(more[0].recipe_id)) if more else None
    return page_response(request, serializers.groups(found.recipes, shown, cut_at, place))


def create_prompt_group(request: Request, deps: Dependencies) -> Response:
    """Make a prompt group without templates."""
    from studio.api.prompts.requests import PromptGroupBody
    from studio.services.orders.reading import read

    caller, at = request.caller(), deps.now()
    body = read(PromptGroupBody, read_body(request).text)
    made = new_version(
        caller.tenant,
        new_id("pgr", at),
        title=body.title,
        body=body.model_dump(include={"description"}, exclude_none=True),
        at=at,
        saved_by=caller.subject,
        replaces=None,
    )
    saved = deps.prompt_groups.put(made, None)
    headers = {"Location": f"/v1/prompt-groups/{saved.recipe_id}"}
    return json_response(serializers.group(saved), status=201, headers=headers)


def get_prompt_group(request: Request, deps: Dependencies) -> Response:
    """Return a prompt group."""
    return json_response(serializers.group(group_of_path(request, deps)))


def change_prompt_group(request: Request, deps: Dependencies) -> Response:
    """Change the title or the description of a prompt group."""
    from studio.api.prompts.requests import PromptGroupChangeBody
    from studio.services.orders.reading import read

    caller = request.caller()
    body = read(PromptGroupChangeBody, read_body(request).text)
    current = group_of_path(request, deps)
    require_match(request, serializers.group(current))
    kept = dict(current.body)
    if "description" in body.model_fields_set:
        kept["description"] = body.description
    changed = replace(
        current,
        title=body.title or current.title,
        body={name: value for name, value in kept.items() if value is not None},
        updated_at=deps.now(),
        updated_by=caller.subject,
    )
    return json_response(serializers.group(deps.prompt_groups.put(changed, current.version)))


def delete_prompt_group(request: Request, deps: Dependencies) -> Response:
    """Delete a prompt group with its templates; a user of it has no active group then."""
    current, store = group_of_path(request, deps), deps.prompt_templates
    require_match(request, serializers.group(current))
    prefix = template_prefix(current.recipe_id)
    while found := store.page(current.tenant, _AT_ONCE, None, prefix=prefix).recipes:
        for template in found:
            store.delete(current.tenant, template.recipe_id, template.version)
    deps.prompt_groups.delete(current.tenant, current.recipe_id, current.version)
    return Response(204)


def get_active_group(request: Request, deps: Dependencies) -> Response:
    """Return the caller's active group, null if there is none."""
    from studio.services.prompts.read_choice import ReadChoice

    caller = request.caller()
    name = prompt_choice(caller.subject)
    saved = deps.settings_store.get(caller.tenant, (name,)).get(name)
    choice = ReadChoice(deps.prompt_groups, deps.prompt_templates).run(caller.tenant, saved)
    active: responses.ActiveGroup = {
        "group_id": choice.group_id,
        "template_id": choice.template_id,
    }
    return json_response(active)


def put_active_group(request: Request, deps: Dependencies) -> Response:
    """Make a group the caller's active one, in place of the one before."""
    from studio.api.prompts.requests import ActiveGroupBody
    from studio.services.orders.reading import read
    from studio.services.prompts.choose_group import ChooseGroup

    caller = request.caller()
    body = read(ActiveGroupBody, read_body(request).text)
    service = ChooseGroup(deps.settings_store, deps.prompt_groups, deps.prompt_templates, deps.now)
    service.run(caller.tenant, caller.subject, body.group_id, body.template_id)
    active: responses.ActiveGroup = {"group_id": body.group_id, "template_id": body.template_id}
    return json_response(active)


def group_of_path(request: Request, deps: Dependencies) -> Recipe:
    """Return the group of the path.

    Raises:
        NotFoundError: the tenant has no such group.
    """
    caller, group_id = request.caller(), request.params["group_id"]
    if not is_group_id(group_id):
        raise NotFoundError("there is no such prompt group")
    return deps.prompt_groups.get(caller.tenant, group_id)


_GROUPS, _ACTIVE = "/v1/prompt-groups", "/v1/prompt-groups/active"
_GROUP = f"{_GROUPS}/{{group_id}}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        _GROUPS,
        list_prompt_groups,
        "List the prompt groups with their templates",
        "PromptGroupList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route(
        "POST",
        _GROUPS,
        create_prompt_group,
        "Make a prompt group",
        "PromptGroup",
        body="PromptGroupBody",
        status=201,
        role="creator",
    ),
    Route(
        "GET",
        _ACTIVE,
        get_active_group,
        "Return the caller's active group",
        "ActiveGroup",
        role="viewer",
    ),
    Route(
        "PUT",
        _ACTIVE,
        put_active_group,
        "Make a prompt group the caller's active one",
        "ActiveGroup",
        body="ActiveGroupBody",
        role="creator",
    ),
    Route("GET", _GROUP, get_prompt_group, "Return a prompt group", "PromptGroup", role="viewer"),
    Route(
        "PATCH",
        _GROUP,
        change_prompt_group,
        "Change a prompt group",
        "PromptGroup",
        body="PromptGroupChangeBody",
        guarded=True,
        role="creator",
    ),
    Route(
        "DELETE",
        _GROUP,
        delete_prompt_group,
        "Delete a prompt group and its templates",
        None,
        status=204,
        guarded=True,
        role="creator",
    ),
)
