"""Routes of recipes."""

from typing import cast

from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.request_body import read_body
from studio.api.http.serializers import Document
from studio.api.http.versioned import VersionedResource

_RESOURCE = VersionedResource(
    "recipe", lambda deps: deps.recipes, lambda value: {"job": dict(value.body)}
)


def list_recipes(request: Request, deps: Dependencies) -> Response:
    """List the tenant's recipes in the order of their names."""
    return _RESOURCE.page(request, deps)


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
    service = SaveRecipe(deps.recipes, deps.jobs, deps.intake(), deps.now)
    saved = service.run(
        caller.tenant,
        recipe_id,
        title=body.title,
        # As it was written: what was left out goes on following our defaults.
        job=cast("Document", sent.document["job"]) if body.job else None,
        from_job_id=body.from_job_id,
        saved_by=caller.subject,
        replaces=current,
    )
    document = _RESOURCE.document(saved.recipe) | {"warnings": list(saved.warnings)}
    return json_response(document, status=200 if current else 201)


def delete_recipe(request: Request, deps: Dependencies) -> Response:
    """Take a recipe away. Jobs made by it stay as they are."""
    return _RESOURCE.remove(request, deps)


_RECIPE = "/v1/recipes/{recipe_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/recipes",
        list_recipes,
        "Saved job bodies, by name",
        "RecipeList",
        query=pagination.PARAMETERS,
    ),
    Route("GET", _RECIPE, get_recipe, "One recipe", "Recipe", query=frozenset({"version"})),
    Route(
        "PUT",
        _RECIPE,
        put_recipe,
        "Save a job body, or that of a job that was run, under a name",
        "SavedRecipe",
        body="RecipeBody",
        also=201,
        guarded=True,
    ),
    Route("DELETE", _RECIPE, delete_recipe, "Take a recipe away", None, status=204, guarded=True),
)
