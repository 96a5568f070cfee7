"""Response shapes of recipes."""

from typing import Any

from typing_extensions import TypedDict

from studio.api.http.responses import Page


class Recipe(TypedDict):
    """A saved job body. ``version`` counts its changes. A job names the version that made it."""

    id: str
    version: int
    title: str | None
    job: dict[str, Any]
    created_at: str
    updated_at: str
    updated_by: str


class SavedRecipe(Recipe):
    """A recipe that was just saved. ``warnings`` are those of a job of it today."""

    warnings: list[str]


class RecipeList(TypedDict):
    """A page of recipes, by name."""

    data: list[Recipe]
    page: Page
