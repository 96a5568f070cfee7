"""Routes of recipes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.request_body import read_body
from studio.api.http.versioned import VersionedResource
from studio.clock import rfc3339
from studio.domain.recipes.model import Recipe

if TYPE_CHECKING:
    from studio.api.http.responses import Page
    from studio.api.recipes import responses
    from studio.services.recipes.save_recipe import SavedRecipe


def list_recipes(request: Request, deps: Dependencies) -> Response:
    """List the tenant's recipes in the order of their names."""
    return _RESOURCE.page(request, deps, _recipes)


def get_recipe(request: Request, deps: Dependencies) -> Response:
    """Give a recipe, or an older version of it."""
    return _RESOURCE.get(request, deps)


def put_recipe(request: Request, deps: Dependencies) -> Response:
    """Save a recipe; it is checked as a job would be, and nothing runs."""
    from studio.api.recipes.requests import RecipeBody
    from studio.services.orders.reading import read
    from studio.services.recipes.save_recipe import SaveRecipe

    caller, recipe_id = request.caller(), _RESOURCE.name(request)
    sent = read_body(request)
    body = read(RecipeBody, sent.text)
    current = _RESOURCE.replaced(request, deps)
    service = SaveRecipe(deps.recipes, deps.jobs, deps.intake, deps.now)
    saved = service.run(
        caller.tenant,
        recipe_id,
        title=body.title,
        # As it was written: what was left out goes on following our defaults.
        job=cast("Mapping[str, object]", sent.document["job"]) if body.job else None,
        from_job_id=body.from_job_id,
        saved_by=caller.subject,
        replaces=current,
    )
    return json_response(_saved(saved), status=200 if current else 201)


def delete_recipe(request: Request, deps: Dependencies) -> Response:
    """Take a recipe away. Jobs made by it stay as they are."""
    return _RESOURCE.remove(request, deps)


def _recipe(value: Recipe) -> "responses.Recipe":
    return {
        "id": value.recipe_id,
        "version": value.version,
        "title": value.title,
        "job": dict(value.body),
        "created_at": rfc3339(value.created_at),
        "updated_at": rfc3339(value.updated_at),
        "updated_by": value.updated_by,
    }


def _saved(value: "SavedRecipe") -> "responses.SavedRecipe":
    return {**_recipe(value.recipe), "warnings": list(value.warnings)}


def _recipes(values: Sequence[Recipe], page: "Page") -> "responses.RecipeList":
    return {"data": [_recipe(value) for value in values], "page": page}


_RESOURCE = VersionedResource("recipe", lambda deps: deps.recipes, _recipe)
_RECIPE = "/v1/recipes/{recipe_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/recipes",
        list_recipes,
        "List the recipes by name",
        "RecipeList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route(
        "GET",
        _RECIPE,
        get_recipe,
        "Return a recipe",
        "Recipe",
        query=frozenset({"version"}),
        role="viewer",
    ),
    Route(
        "PUT",
        _RECIPE,
        put_recipe,
        "Save a job body, or the body of an earlier job, under a name",
        "SavedRecipe",
        body="RecipeBody",
        also=201,
        guarded=True,
        role="creator",
    ),
    Route(
        "DELETE",
        _RECIPE,
        delete_recipe,
        "Delete a recipe",
        None,
        status=204,
        guarded=True,
        role="creator",
    ),
)
