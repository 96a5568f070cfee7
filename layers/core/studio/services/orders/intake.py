"""JobRequestIntake: turn a job body into an order, for every entry point.

It merges a body with its saved recipe, validates it and resolves its source files.
"""

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC

from studio.clock import Clock
from studio.domain.catalogue.catalogue import account_providers, keyed_providers
from studio.domain.jobs.model import DIRECT, NO_DEFAULTS, OrderDefaults, Origin
from studio.domain.orders.request import JobRequest
from studio.domain.prompts.persona import Persona, persona_of
from studio.domain.recipes.model import Recipe, merged
from studio.domain.routing.choice import candidate_models
from studio.domain.templates.builtin import builtin_templates
from studio.domain.templates.model import Template, is_builtin, template_of
from studio.domain.webhooks.recipients import Recipients
from studio.errors import FieldError, InvalidRequestError, NotFoundError
from studio.ids import RECIPE_ID
from studio.ports.assets import KnownAssets
from studio.ports.blobs import BlobStore
from studio.ports.credentials import KeyRegister
from studio.services.orders.body import JobBody
from studio.services.orders.named_sources import ResolvedSources
from studio.services.orders.order import OrderContext, job_request_of
from studio.services.orders.reading import read
from studio.services.orders.resolve_sources import known_sources, resolve_sources

Failing = Callable[[str, Collection[tuple[str, str]]], frozenset[tuple[str, str]]]


def none_failing(tenant: str, models: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return no model: every one may be chosen."""
    return frozenset()


def no_defaults(tenant: str) -> OrderDefaults:
    """Return no defaults: the studio chooses what a body leaves out."""
    return NO_DEFAULTS


@dataclass(frozen=True, slots=True)
class JobRequestIntake:
    """Turns job bodies into orders.

    Attributes:
        recipe: Returns the newest version of a tenant's recipe, or raises NotFoundError.
        persona, template: Return what a tenant saved as a persona, or template, likewise.
        assets: Finds the assets that a body names as sources.
        blobs: Makes the store for inline images; called for the first one.
        providers: The providers to choose from for a body that names none, the preferred first.
        now: Tells the day of an order, which decides what models have ended.
        recipients: Checks the mail address of an order; None if that was done before.
        failing: Returns which of some models fail for a tenant at present. It is called if the
            studio has several providers to choose from.
        keys: Tells which providers have no key or are switched off; it is asked about those that
            have accounts. None if all of them can be used.
        defaults: Returns what the stored settings of a tenant give an order. It is called if a
            body leaves out what they can give.
    """

    recipe: Callable[[str, str], Recipe]
    persona: Callable[[str, str], Recipe]
    template: Callable[[str, str], Recipe]
    assets: KnownAssets
    blobs: Callable[[], BlobStore]
    providers: tuple[str, ...]
    now: Clock
    recipients: Recipients | None = None
    failing: Failing = none_failing
    keys: KeyRegister | None = None
    defaults: Callable[[str], OrderDefaults] = no_defaults

    def job_request(
        self,
        tenant: str,
        document: Mapping[str, object],
        *,
        created_by: str,
        seed_source: str,
        origin: Origin = DIRECT,
    ) -> JobRequest:
        """Return the order of a job body; its inline images are stored.

        Args:
            tenant: The owner of the recipes and assets that the body may name.
            document: A job body as POST /v1/jobs takes it.
            created_by: The user, for the record.
            seed_source: See ``OrderContext``.
            origin: What the entry point knows of where the order comes from.

        Raises:
            InvalidRequestError: names every wrong field by the caller's own pointer.
            MalformedRequestError: see ``read``.
        """
        document, recipe = self.merge_recipe(tenant, document)
        if recipe is not None:
            origin = replace(origin, recipe_id=recipe.recipe_id, recipe_version=recipe.version)
        return self._from_body(
            tenant,
            read(JobBody, json.dumps(document)),
            lambda body: resolve_sources(tenant, body, self.assets, self.blobs),
            created_by=created_by,
            # Two tenants may use one key, and their calls must differ.
            seed_source=f"{tenant} {seed_source}",
            origin=origin,
        )

    def preview(self, tenant: str, body: JobBody, *, created_by: str) -> JobRequest:
        """Return the order of a body without side effects: only known assets are looked up.

        Raises:
            InvalidRequestError: as ``order``.
        """
        return self._from_body(
            tenant,
            body,
            lambda checked: known_sources(tenant, checked, self.assets),
            created_by=created_by,
        )

    def merge_recipe(
        self, tenant: str, document: Mapping[str, object]
    ) -> tuple[Mapping[str, object], Recipe | None]:
        """Return a body merged over the recipe that it names, and that recipe.

        A body that names none is returned as it is.

        Raises:
            InvalidRequestError: the tenant has no such recipe.
        """
        recipe_id = document.get("recipe_id")
        if not isinstance(recipe_id, str):
            return document, None
        try:
            if not RECIPE_ID.fullmatch(recipe_id):
                raise NotFoundError("a recipe's name is of lower-case letters, digits and hyphens")
            recipe = self.recipe(tenant, recipe_id)
        except NotFoundError as error:
            detail = f"there is no recipe {recipe_id[:64]!r}"
            raise InvalidRequestError(FieldError("/recipe_id", "recipe-unknown", detail)) from error
        return merged(recipe.body, document), recipe

    def find_persona(self, tenant: str, persona_id: str | None) -> Persona | None:
        """Return the persona that a body names; None if it names none.

        Raises:
            InvalidRequestError: the tenant has no such persona.
        """
        if persona_id is None:
            return None
        try:
            return persona_of(self.persona(tenant, persona_id))
        except NotFoundError as error:
            raise InvalidRequestError(
                FieldError("/persona_id", "persona-unknown", f"there is no persona {persona_id!r}")
            ) from error

    def find_template(self, tenant: str, template_id: str | None) -> Template | None:
        """Return the template that a body names, built-in or the tenant's; None if it names none.

        Raises:
            InvalidRequestError: there is no such template.
        """
        if template_id is None:
            return None
        if is_builtin(template_id):
            template = builtin_templates().get(template_id)
            if template is not None:
                return template
        else:
            with suppress(NotFoundError):
                return template_of(self.template(tenant, template_id))
        detail = f"there is no template {template_id!r}"
        raise InvalidRequestError(FieldError("/template_id", "template-unknown", detail))

    def _from_body(
        self,
        tenant: str,
        body: JobBody,
        find: Callable[[JobBody], ResolvedSources],
        *,
        created_by: str,
        seed_source: str = "",
        origin: Origin = DIRECT,
    ) -> JobRequest:
        if body.notify is not None and self.recipients is not None:
            self.recipients.check(body.notify.email)
        context = OrderContext(
            created_by=created_by,
            day=self.now().astimezone(UTC).date(),
            providers=self.providers,
            find=find,
            seed_source=seed_source,
            origin=origin,
            persona=self.find_persona(tenant, body.persona_id),
            template=self.find_template(tenant, body.template_id),
            defaults=lambda: self.defaults(tenant),
        )
        order = job_request_of(body, context)
        return self._with_health(tenant, self._with_accounts(tenant, order))

    def _with_accounts(self, tenant: str, order: JobRequest) -> JobRequest:
        """Return the order with the providers that it may use and that cannot be called."""
        named = (order.provider,) if order.provider is not None else ()
        asked = account_providers((*named, *dict(order.fallback), *order.providers))
        if self.keys is None or not asked:
            return order
        return replace(
            order,
            unconfigured=self.keys.missing(tenant, keyed_providers(asked)),
            disabled=self.keys.disabled(tenant, asked),
        )

    def _with_health(self, tenant: str, order: JobRequest) -> JobRequest:
        """Return the order with the models that fail, if they can change the choice."""
        providers = tuple(dict.fromkeys((*dict(order.fallback), *order.providers)))
        if order.provider is not None or len(providers) < 2:
            return order
        models = candidate_models(providers, order.operation, order.quality, order.day)
        return replace(order, failing=self.failing(tenant, models))
