"""Serializers of prompts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.clock import rfc3339
from studio.domain.prompts.group import builtin_prompts, group_of_template, prompt_template_of
from studio.domain.prompts.image_template import PLACEHOLDERS
from studio.domain.recipes.model import Recipe
from studio.domain.settings.model import SavedSettings

if TYPE_CHECKING:
    from studio.api.http.responses import Page
    from studio.api.prompts import responses


def group(value: Recipe) -> "responses.PromptGroup":
    """Return a prompt group."""
    description = value.body.get("description")
    return {
        "id": value.recipe_id,
        "version": value.version,
        "title": value.title,
        "description": None if description is None else str(description),
        "created_at": rfc3339(value.created_at),
        "updated_at": rfc3339(value.updated_at),
        "updated_by": value.updated_by,
    }


def groups(
    values: Sequence[Recipe], templates: Sequence[Recipe], cut_at: str | None, page: "Page"
) -> "responses.PromptGroupList":
    """Return a page of prompt groups with their templates.

    Args:
        values: The groups in the order of their ids.
        templates: Templates of these groups, in the order of their ids.
        cut_at: The group that the next template is of, None if these are all.
        page: Where the list continues.
    """
    of_group: dict[str, list[responses.PromptTemplate]] = {}
    for one in templates:
        of_group.setdefault(str(group_of_template(one.recipe_id)), []).append(template(one))
    data: list[responses.ListedPromptGroup] = [
        {
            **group(value),
            "templates": of_group.get(value.recipe_id, []),
            "more_templates": cut_at is not None and value.recipe_id >= cut_at,
        }
        for value in values
    ]
    return {"data": data, "page": page}


def template(value: Recipe) -> "responses.PromptTemplate":
    """Return a template of a group."""
    found = prompt_template_of(value)
    return {
        "id": value.recipe_id,
        "group_id": str(group_of_template(value.recipe_id)),
        "version": value.version,
        "title": value.title,
        "template": found.template,
        "negative_prompt": found.negative_prompt,
        "created_at": rfc3339(value.created_at),
        "updated_at": rfc3339(value.updated_at),
        "updated_by": value.updated_by,
    }


def templates(values: Sequence[Recipe], page: "Page") -> "responses.PromptTemplateList":
    """Return a page of templates."""
    return {"data": [template(value) for value in values], "page": page}


def image_template(saved: SavedSettings | None) -> "responses.ImageTemplate":
    """Return the account's image template, the built-in one if none is stored."""
    own = saved.document.get("template") if saved else None
    return {
        "template": builtin_prompts()["image_template"] if own is None else own,
        "placeholders": list(PLACEHOLDERS),
        "source": "built-in" if own is None else "account",
        "version": saved.version if saved else 0,
        "updated_at": rfc3339(saved.updated_at) if saved else None,
        "updated_by": saved.updated_by if saved else None,
    }


def negative_prompt(saved: SavedSettings | None) -> "responses.AccountNegativePrompt":
    """Return the account's negative prompt, the built-in one if none is stored."""
    own = saved.document.get("negative_prompt") if saved else None
    return {
        "negative_prompt": builtin_prompts()["negative_prompt"] if own is None else own,
        "source": "built-in" if own is None else "account",
        "version": saved.version if saved else 0,
        "updated_at": rfc3339(saved.updated_at) if saved else None,
        "updated_by": saved.updated_by if saved else None,
    }
