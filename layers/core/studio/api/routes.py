"""The table of subjects. A subject's routes are loaded when a path of it is first requested."""

import re
from collections.abc import Iterable, Mapping
from importlib import import_module

from studio.api.http.errors import MethodNotAllowedError
from studio.api.http.messages import Route
from studio.errors import NotFoundError

# The modules whose ROUTES lie below a prefix. Of two routes that match, the first one answers.
_MODULES: Mapping[str, tuple[str, ...]] = {
    "/health": ("studio.api.service.routes",),
    "/problems": ("studio.api.problems.routes",),
    "/v1/assets": ("studio.api.assets.routes", "studio.api.renditions.routes"),
    "/v1/batch-imports": ("studio.api.batches.import_routes",),
    "/v1/batches": ("studio.api.batches.routes",),
    "/v1/content-images": ("studio.api.contents.run_routes",),
    "/v1/contents": ("studio.api.contents.routes", "studio.api.contents.run_routes"),
    "/v1/downloads": ("studio.api.downloads.routes",),
    "/v1/estimates": ("studio.api.jobs.commands",),
    "/v1/folders": ("studio.api.folders.routes",),
    "/v1/integrations": ("studio.api.integrations.routes",),
    "/v1/jobs": ("studio.api.jobs.commands", "studio.api.jobs.routes"),
    "/v1/me": ("studio.api.service.routes",),
    "/v1/openapi.json": ("studio.api.service.routes",),
    "/v1/operations": ("studio.api.service.routes",),
    "/v1/personas": ("studio.api.personas.routes",),
    "/v1/platforms": ("studio.api.platforms.routes",),
    "/v1/prompt-groups": (
        "studio.api.prompts.group_routes",
        "studio.api.prompts.template_routes",
    ),
    "/v1/prompt-templates": ("studio.api.prompts.template_routes",),
    "/v1/prompts": ("studio.api.personas.routes", "studio.api.prompts.routes"),
    "/v1/providers": ("studio.api.service.routes", "studio.api.provider_health.routes"),
    "/v1/recipes": ("studio.api.recipes.routes",),
    "/v1/schedules": ("studio.api.schedules.routes",),
    "/v1/settings": ("studio.api.settings.routes",),
    "/v1/templates": ("studio.api.templates.routes",),
    "/v1/uploads": ("studio.api.uploads.routes",),
    "/v1/webhooks": ("studio.api.webhooks.routes",),
}
_PREFIX = re.compile(r"(/v1)?/[^/]+")


def find_route(method: str, path: str) -> tuple[Route, Mapping[str, str]]:
    """Return the route of a method and a path, and the variable parts of the path by name.

    Raises:
        NotFoundError: no route has this path.
        MethodNotAllowedError: the path has routes, and none of this method.
    """
    prefix = _PREFIX.match(path)
    allowed: list[str] = []
    for route in _routes(_MODULES.get(prefix[0], ()) if prefix else ()):
        params = route.params_of(path)
        if params is None:
            continue
        if route.method == method:
            return route, params
        allowed += ["GET", "HEAD"] if route.method == "GET" else [route.method]
    if allowed:
        raise MethodNotAllowedError(allowed)
    raise NotFoundError("there is nothing at this path")


def all_routes() -> tuple[Route, ...]:
    """Return every route of the API, for the contract and the tests; loads all subjects."""
    modules = dict.fromkeys(name for names in _MODULES.values() for name in names)
    return tuple(_routes(modules))


def _routes(modules: Iterable[str]) -> Iterable[Route]:
    """Yield the routes of some modules, each loaded when its turn comes."""
    for name in modules:
        yield from import_module(name).ROUTES
