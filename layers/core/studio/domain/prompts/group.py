"""Prompt groups and their templates, as saved bodies; and the prompts that come with the studio."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from studio.domain.recipes.model import Recipe
from studio.ids import is_id, new_id

PromptSource = Literal["task", "group", "account", "built-in"]
"""What gives a prompt, the strongest first.

``task``: the request itself. ``group``: the caller's active group.
"""

# The group's ULID, then the template's own, so that one query finds the templates of a group.
_TEMPLATE_ID = re.compile(r"ptm_([0-7][0-9A-HJKMNP-TV-Z]{25})([0-7][0-9A-HJKMNP-TV-Z]{25})")


@dataclass(frozen=True, slots=True)
class PromptTemplate:
    """One version of a template of a group.

    Attributes:
        template: The text with its placeholders.
        negative_prompt: None leaves it to the account.
    """

    template_id: str
    version: int
    template: str
    negative_prompt: str | None

    @property
    def name(self) -> str:
        """Id and version."""
        return f"{self.template_id}@{self.version}"


def prompt_template_of(saved: Recipe) -> PromptTemplate:
    """Return the template of a saved one."""
    negative = saved.body.get("negative_prompt")
    return PromptTemplate(
        template_id=saved.recipe_id,
        version=saved.version,
        template=str(saved.body["template"]),
        negative_prompt=None if negative is None else str(negative),
    )


def new_template_id(group_id: str, at: datetime) -> str:
    """Return a new id of a template of a group; ids of a group sort by time."""
    return template_prefix(group_id) + new_id("ptm", at).removeprefix("ptm_")


def template_prefix(group_id: str) -> str:
    """Return how the ids of a group's templates begin."""
    return f"ptm_{group_id.removeprefix('pgr_')}"


def group_of_template(template_id: str) -> str | None:
    """Return the group of a template, None if the id is malformed."""
    match = _TEMPLATE_ID.fullmatch(template_id)
    return f"pgr_{match[1]}" if match else None


def is_group_id(text: str) -> bool:
    """Tell whether a text has the shape of a group's id."""
    return is_id("pgr", text)


@lru_cache(maxsize=1)
def builtin_prompts() -> Mapping[str, str]:
    """Return the image template and the negative prompt of ``builtin.json``."""
    from importlib.resources import files

    text = files("studio.domain.prompts").joinpath("builtin.json").read_bytes()
    found: Mapping[str, str] = json.loads(text)
    return found
