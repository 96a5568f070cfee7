"""The desk that all three doors come to: a job body in, an order out.

It lays a body over its recipe, checks it, and finds the pictures that it starts from.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256

from studio.domain.assets.model import Asset, AssetKind, inline_key
from studio.domain.jobs.model import DIRECT, Origin, SourceRef
from studio.domain.orders.request import JobRequest
from studio.domain.prompts.persona import Persona, persona_of
from studio.domain.recipes.model import Recipe, merged
from studio.domain.routing.choice import candidate_models
from studio.domain.templates.builtin import builtin_templates
from studio.domain.templates.model import Template, is_builtin, template_of
from studio.domain.webhooks.recipients import Recipients
from studio.errors import FieldError, InvalidRequestError, NotFoundError
from studio.ports.assets import KnownAssets
from studio.ports.blobs import BlobStore
from studio.services.orders.body import JobBody, SourceBody
from studio.services.orders.order import Sources, map_pointers, named_sources, order_of
from studio.services.orders.reading import read

_KINDS: Mapping[AssetKind, str] = {"image": "picture", "video": "video", "model": "3D model"}


@dataclass(frozen=True, slots=True)
class AcceptedOrder:
    """An order and the body it was made of, with its recipe laid under it."""

    order: JobRequest
    body: JobBody


Failing = Callable[[str, Collection[tuple[str, str]]], frozenset[tuple[str, str]]]


def _nobody_asked(tenant: str, models: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class JobRequestIntake:
    """Takes job bodies.

    Attributes:
        recipe: Gives the newest version of a tenant's recipe, or raises NotFoundError.
        persona, template: Give what is saved of a tenant's persona, or template, in the same way.
        blobs: Made when a picture first comes with a body.
        providers: Who may work on a body that names no provider, the preferred first.
        recipients: To whom an order may have mail sent; None where that was checked before.
        failing: Tells which of some models have been failing for a tenant; asked where the
            studio has several providers to choose from.
    """

    recipe: Callable[[str, str], Recipe]
    persona: Callable[[str, str], Recipe]
    template: Callable[[str, str], Recipe]
    assets: KnownAssets
    blobs: Callable[[], BlobStore]
    providers: tuple[str, ...]
    recipients: Recipients | None = None
    failing: Failing = _nobody_asked

    def order(
        self,
        tenant: str,
        document: Mapping[str, object],
        *,
        created_by: str,
        seed_source: str,
        origin: Origin = DIRECT,
    ) -> AcceptedOrder:
        """Take an order; pictures that came with it are put aside.

        Args:
            tenant: Whose recipes and pictures may be named.
            document: A job body as POST /v1/jobs takes it.
            created_by: The user, for the record.
            seed_source: See ``order_of``.
            origin: What the door knows of where the order comes from.

        Raises:
            InvalidRequestError: carries every wrong field, named as the caller wrote it.
            MalformedRequestError: see ``read``.
        """
        document, recipe = self.over_recipe(tenant, document)
        if recipe is not None:
            origin = replace(origin, recipe_id=recipe.recipe_id, recipe_version=recipe.version)
        body = read(JobBody, json.dumps(document))
        self._check_mail(body)
        persona = self.persona_named(tenant, body.persona_id)
        template = self.template_named(tenant, body.template_id)
        with map_pointers(body):
            order = order_of(
                body,
                created_by=created_by,
                providers=self.providers,
                find=lambda body: self._find(tenant, body),
                # Two tenants may use one key, and their calls must not look the same.
                seed_source=f"{tenant} {seed_source}",
                origin=origin,
                persona=persona,
                template=template,
            )
        return AcceptedOrder(self._with_health(tenant, order), body)

    def preview(self, tenant: str, body: JobBody, *, created_by: str) -> JobRequest:
        """Make an order only to look at it: nothing is written, and no picture is looked for.

        Raises:
            InvalidRequestError: as ``order``.
        """
        self._check_mail(body)
        persona = self.persona_named(tenant, body.persona_id)
        template = self.template_named(tenant, body.template_id)
        with map_pointers(body):
            order = order_of(
                body,
                created_by=created_by,
                providers=self.providers,
                find=_unfound,
                persona=persona,
                template=template,
            )
        return self._with_health(tenant, order)

    def over_recipe(
        self, tenant: str, document: Mapping[str, object]
    ) -> tuple[Mapping[str, object], Recipe | None]:
        """Lay a body over the recipe that it names; one that names none stays as it is.

        Raises:
            InvalidRequestError: the tenant has no such recipe.
        """
        recipe_id = document.get("recipe_id")
        if not isinstance(recipe_id, str):
            return document, None
        try:
            recipe = self.recipe(tenant, recipe_id)
        except NotFoundError as error:
            raise InvalidRequestError(
                FieldError("/recipe_id", "recipe-unknown", f"there is no recipe {recipe_id!r}")
            ) from error
        return merged(recipe.body, document), recipe

    def persona_named(self, tenant: str, persona_id: str | None) -> Persona | None:
        """Return the persona that a body names; None where it names none.

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

    def _with_health(self, tenant: str, order: JobRequest) -> JobRequest:
        """Note who has been failing, where that can make a difference to the choice."""
        providers = tuple(dict.fromkeys((*dict(order.fallback), *order.providers)))
        if order.provider is not None or len(providers) < 2:
            return order
        models = candidate_models(providers, order.operation, order.quality)
        return replace(order, failing=self.failing(tenant, models))

    def template_named(self, tenant: str, template_id: str | None) -> Template | None:
        """Return the template that a body names, the studio's or the tenant's own, or None.

        Raises:
            InvalidRequestError: there is no such template.
        """
        if template_id is None:
            return None
        if is_builtin(template_id):
            found = builtin_templates().get(template_id)
            if found is not None:
                return found
        else:
            with suppress(NotFoundError):
                return template_of(self.template(tenant, template_id))
        detail = f"there is no template {template_id!r}"
        raise InvalidRequestError(FieldError("/template_id", "template-unknown", detail))

    def _check_mail(self, body: JobBody) -> None:
        if body.notify is not None and self.recipients is not None:
            self.recipients.check(body.notify.email)

    def _find(self, tenant: str, body: JobBody) -> Sources:
        named = list(named_sources(body))
        uploads = self.assets.of_uploads(
            tenant, {source.upload_id for _, source in named if source.upload_id}
        )
        asset_ids = {
            source: source.asset_id or uploads.get(source.upload_id or "") for _, source in named
        }
        assets = self.assets.get_many(tenant, set(filter(None, asset_ids.values())))
        wrong = list(_wrong(named, asset_ids, assets))
        if wrong:
            raise InvalidRequestError(*wrong)
        return {
            source: self._found(tenant, source, assets.get(asset_id or ""))
            for source, asset_id in asset_ids.items()
        }

    def _found(self, tenant: str, source: SourceBody, asset: Asset | None) -> SourceRef:
        if asset is not None:
            image = asset.image
            return SourceRef(
                asset_id=asset.asset_id,
                key=image.key,
                media_type=image.media_type,
                bytes=image.bytes,
                width=image.width,
                height=image.height,
                source_type=asset.source_type,
            )
        if source.base64:
            data = b64decode(source.base64)
            key = inline_key(tenant, sha256(data).hexdigest())
            self.blobs().park(key, data, {})
            return SourceRef(key=key)
        return SourceRef(url=source.url)


def _wrong(
    named: list[tuple[str, SourceBody]],
    asset_ids: Mapping[SourceBody, str | None],
    assets: Mapping[str, Asset],
) -> Iterator[FieldError]:
    for pointer, source in named:
        if source.base64 and not _is_base64(source.base64):
            yield FieldError(f"{pointer}/base64", "not-base64", "This is not base64")
        asset = assets.get(asset_ids[source] or "")
        if asset is not None:
            yield from _wrong_kind(pointer, source, asset)
            continue
        if source.asset_id:
            detail = f"there is no asset {source.asset_id}"
            yield FieldError(f"{pointer}/asset_id", "asset-unknown", detail)
        if source.upload_id:
            detail = f"there is no registered upload {source.upload_id}"
            yield FieldError(f"{pointer}/upload_id", "upload-unknown", detail)


def _wrong_kind(pointer: str, source: SourceBody, asset: Asset) -> Iterator[FieldError]:
    """Refuse what is no picture; as a recording every asset, for none of them is one."""
    if pointer.endswith("/audio"):
        wanted = "audio takes WAV or MP3 by url or base64"
    elif asset.kind != "image":
        wanted = "only a picture can be used here"
    else:
        return
    named = "asset_id" if source.asset_id else "upload_id"
    detail = f"asset {asset.asset_id} is a {_KINDS[asset.kind]}: {wanted}"
    yield FieldError(f"{pointer}/{named}", "wrong-kind", detail)


def _is_base64(text: str) -> bool:
    try:
        return bool(b64decode(text, validate=True))
    except ValueError:
        return False


def _unfound(body: JobBody) -> Sources:
    return {
        source: SourceRef(asset_id=source.asset_id, url=source.url)
        for _, source in named_sources(body)
    }
