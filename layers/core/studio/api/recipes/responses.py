"""Shapes of answers about recipes, for the contract."""

from typing import Any

from studio.api.http.responses import Answer, Page


class Recipe(Answer):
    """A saved job body. ``version`` counts its changes; a job says which one made it."""

    id: str
    version: int
    title: str | None
    job: dict[str, Any]
    created_at: str
    updated_at: str
    updated_by: str


class SavedRecipe(Recipe):
    """A recipe that was just saved; ``warnings`` are those of a job of it today."""

    warnings: list[str]


class RecipeList(Answer):
    """A page of recipes."""

    data: list[Recipe]
    page: Page
