"""Request bodies of folders."""

from typing import Annotated, Literal

from pydantic import Field

from studio.services.orders.body import RecipeId
from studio.services.orders.reading import Body


class FolderChangeBody(Body):
    """The members to change; a member that is left out stays."""

    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    state: Literal["pending", "approved", "archived"] | None = None
    main_asset_id: Annotated[str, Field(pattern=r"^ast_[0-9A-HJKMNP-TV-Z]{26}$")] | None = None


class RuleBody(Body):
    """The rule of a folder: the work that the studio does for each new image."""

    recipe_id: RecipeId
