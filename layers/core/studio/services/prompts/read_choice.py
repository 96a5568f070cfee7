"""ReadChoice: the prompt group that is active for a user, if it and its template still exist."""

from dataclasses import dataclass

from studio.domain.settings.model import SavedSettings
from studio.errors import NotFoundError
from studio.ports.recipes import RecipeStore


@dataclass(frozen=True, slots=True)
class Choice:
    """The group and the template of it that apply, None for none.

    Attributes:
        warning: What of the user's choice was deleted, None if it is as chosen.
    """

    group_id: str | None = None
    template_id: str | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class ReadChoice:
    """Reads the choice of a user; one read for the group, and one for its template."""

    groups: RecipeStore
    templates: RecipeStore

    def run(self, tenant: str, saved: SavedSettings | None) -> Choice:
        """Return what applies of a stored choice.

        Args:
            tenant: The tenant of the caller's token.
            saved: The document of ``prompt_choice``, None if the user has chosen nothing.
        """
        document = saved.document if saved else {}
        group_id, template_id = document.get("group_id"), document.get("template_id")
        if group_id is None:
            return Choice()
        if not _exists(self.groups, tenant, group_id):
            return Choice(warning=f"The prompt group {group_id} was deleted: no group is active.")
        if template_id is None or _exists(self.templates, tenant, template_id):
            return Choice(group_id, template_id)
        warning = f"The template {template_id} was deleted: the first one of its group applies."
        return Choice(group_id, warning=warning)


def _exists(store: RecipeStore, tenant: str, name: str) -> bool:
    try:
        store.get(tenant, name)
    except NotFoundError:
        return False
    return True
