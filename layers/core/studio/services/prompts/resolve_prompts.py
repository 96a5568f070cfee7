"""ResolvePrompts: find the image template and the negative prompt that apply to a request."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from studio.domain.prompts.group import (
    PromptSource,
    PromptTemplate,
    builtin_prompts,
    prompt_template_of,
    template_prefix,
)
from studio.domain.settings.model import (
    IMAGE_TEMPLATE,
    NEGATIVE_PROMPT,
    SavedSettings,
    prompt_choice,
)
from studio.errors import NotFoundError
from studio.ports.recipes import RecipeStore
from studio.ports.settings import SettingsStore


def prompt_documents(user: str) -> tuple[str, ...]:
    """Return the names of the documents that decide the prompts of a user."""
    return (prompt_choice(user), IMAGE_TEMPLATE, NEGATIVE_PROMPT)


@dataclass(frozen=True, slots=True)
class ResolvedPrompts:
    """The prompts that apply, and where each comes from.

    Attributes:
        group_template: Id and version of the group's template, if one applies.
        warning: What of the user's choice is gone, None if it applies as chosen.
    """

    template: str
    source: PromptSource
    negative_prompt: str
    negative_source: PromptSource
    group_template: str | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class ResolvePrompts:
    """Finds prompts: of the task, the caller's active group, the account, or built in.

    It takes one read, and one more if the user has chosen a group.

    Attributes:
        templates: The templates of prompt groups.
    """

    settings: SettingsStore
    templates: RecipeStore

    def run(
        self,
        tenant: str,
        user: str,
        *,
        template: str | None = None,
        negative_prompt: str | None = None,
    ) -> ResolvedPrompts:
        """Return the prompts of a request.

        Args:
            tenant: The tenant of the caller's token.
            user: The caller.
            template: The task's own image template.
            negative_prompt: The task's own negative prompt; an empty one counts.
        """
        found = self.settings.get(tenant, prompt_documents(user))
        return self.of(tenant, user, found, template=template, negative_prompt=negative_prompt)

    def of(
        self,
        tenant: str,
        user: str,
        found: Mapping[str, SavedSettings],
        *,
        template: str | None = None,
        negative_prompt: str | None = None,
    ) -> ResolvedPrompts:
        """Return the prompts of a request whose documents have been read; arguments as ``run``.

        ``found`` are the documents of ``prompt_documents``, without those that are not stored.
        """
        documents = {name: saved.document for name, saved in found.items()}
        choice = documents.get(prompt_choice(user), {})
        group_id, template_id = choice.get("group_id"), choice.get("template_id")
        chosen = self._chosen(tenant, group_id, template_id)
        account = documents.get(IMAGE_TEMPLATE, {}).get("template")
        negative = documents.get(NEGATIVE_PROMPT, {}).get("negative_prompt")
        builtin = builtin_prompts()
        text, source = _first(
            ("task", template),
            ("group", chosen.template if chosen else None),
            ("account", account),
            ("built-in", builtin["image_template"]),
        )
        avoided, negative_source = _first(
            ("task", negative_prompt),
            ("group", chosen.negative_prompt if chosen else None),
            ("account", negative),
            ("built-in", builtin["negative_prompt"]),
        )
        name = chosen.name if chosen and "group" in (source, negative_source) else None
        warning = _gone(group_id, template_id, chosen, source)
        return ResolvedPrompts(text, source, avoided, negative_source, name, warning)

    def _chosen(
        self, tenant: str, group_id: str | None, template_id: str | None
    ) -> PromptTemplate | None:
        """Return the template that a user has chosen, or the first of the chosen group."""
        if template_id is not None:
            with suppress(NotFoundError):
                return prompt_template_of(self.templates.get(tenant, template_id))
        if group_id is None:
            return None
        page = self.templates.page(tenant, 1, None, prefix=template_prefix(group_id))
        return prompt_template_of(page.recipes[0]) if page.recipes else None


def _gone(
    group_id: str | None, template_id: str | None, chosen: PromptTemplate | None, source: str
) -> str | None:
    """Return a warning if the choice of a user does not apply, because it was deleted."""
    if group_id is None or source == "task":
        return None
    if chosen is None:
        return (
            f"The active prompt group {group_id} was deleted or has no template: "
            f"the {source} template applies."
        )
    if template_id not in (None, chosen.template_id):
        return f"The template {template_id} was deleted: the first one of its group applies."
    return None


def _first(*given: tuple[PromptSource, str | None]) -> tuple[str, PromptSource]:
    return next((text, source) for source, text in given if text is not None)
