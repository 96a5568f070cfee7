"""A recipe: a job body saved under a name, in versions.

Personas and templates are saved in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["recipe", "persona", "template", "prompt-group", "prompt-template"]
"""Kinds of saved bodies.

A recipe's body is a job body. A persona's has the words of ``prompts.persona``. A template's has
the settings of ``templates.model``. Those of prompts are in ``prompts.group``.
"""

MAX_RECIPE_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """One version of a recipe.

    Attributes:
        version: 1, then one more with each change; a job records the version that made it.
        body: A complete job body as POST /v1/jobs takes it; see ``Kind``.
        updated_by: The user who wrote this version.
    """

    tenant: str
    recipe_id: str
    version: int
    title: str | None
    body: Mapping[str, object]
    created_at: datetime
    updated_at: datetime
    updated_by: str


def new_version(
    tenant: str,
    recipe_id: str,
    *,
    title: str | None,
    body: Mapping[str, object],
    at: datetime,
    saved_by: str,
    replaces: Recipe | None,
) -> Recipe:
    """Return the version to save in place of ``replaces``; the store counts its number."""
    created_at = replaces.created_at if replaces else at
    return Recipe(tenant, recipe_id, 0, title, body, created_at, at, saved_by)


def merged(body: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """Return a body merged with changes, as RFC 7396 defines it.

    Objects merge member by member, null removes a member, and any other value replaces the old
    one, lists included.
    """
    result = dict(body)
    for name, change in changes.items():
        if change is None:
            result.pop(name, None)
        elif isinstance(change, Mapping):
            held = result.get(name)
            result[name] = merged(held if isinstance(held, Mapping) else {}, change)
        else:
            result[name] = change
    return result
