"""ChooseGroup: make a prompt group the active one of a user; there is never a second one."""

from dataclasses import dataclass

from studio.clock import Clock
from studio.domain.prompts.group import group_of_template
from studio.domain.settings.model import SavedSettings, prompt_choice
from studio.errors import (
    FieldError,
    InvalidRequestError,
    NotFoundError,
    PreconditionFailedError,
    WriteConflictError,
)
from studio.ports.recipes import RecipeStore
from studio.ports.settings import SettingsStore

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class ChooseGroup:
    """The service behind PUT /v1/prompt-groups/active.

    Attributes:
        groups, templates: The prompt groups and their templates.
    """

    settings: SettingsStore
    groups: RecipeStore
    templates: RecipeStore
    now: Clock

    def run(
        self, tenant: str, user: str, group_id: str | None, template_id: str | None
    ) -> SavedSettings:
        """Write the choice of a user over the one before.

        Args:
            tenant: The tenant of the caller's token.
            user: The caller.
            group_id: The group, None for none.
            template_id: The template of it, None for its first one.

        Raises:
            InvalidRequestError: there is no such group, or no such template in it.
            WriteConflictError: the user makes other choices all the time.
        """
        self._check(tenant, group_id, template_id)
        given = {"group_id": group_id, "template_id": template_id}
        document = {name: value for name, value in given.items() if value is not None}
        name = prompt_choice(user)
        for _ in range(_ATTEMPTS):
            found = self.settings.get(tenant, (name,)).get(name)
            choice = SavedSettings(tenant, name, 0, document, self.now(), user)
            try:
                return self.settings.put(choice, found.version if found else 0)
            except PreconditionFailedError:
                continue
        raise WriteConflictError("the active group changes all the time; try again")

    def _check(self, tenant: str, group_id: str | None, template_id: str | None) -> None:
        if group_id is not None:
            try:
                self.groups.get(tenant, group_id)
            except NotFoundError as error:
                detail = f"there is no prompt group {group_id}"
                field = FieldError("/group_id", "prompt-group-unknown", detail)
                raise InvalidRequestError(field) from error
        if template_id is None:
            return
        try:
            if group_id is None or group_of_template(template_id) != group_id:
                raise NotFoundError("it is of another group")
            self.templates.get(tenant, template_id)
        except NotFoundError as error:
            detail = "the group has no such template"
            field = FieldError("/template_id", "template-unknown", detail)
            raise InvalidRequestError(field) from error
