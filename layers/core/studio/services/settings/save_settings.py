"""SaveSettings: check a document against the catalogue and write it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from studio.clock import Clock
from studio.domain.catalogue.catalogue import account_providers, provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.orders.fitting import models_for, size_errors
from studio.domain.settings.model import (
    IMAGE_GENERATION,
    MAX_DOCUMENT_BYTES,
    PROVIDERS,
    SavedSettings,
    stored_settings,
)
from studio.errors import (
    FieldError,
    InvalidRequestError,
    OperationUnsupportedError,
    UnknownModelError,
    UnknownProviderError,
)
from studio.ports.credentials import KeyRegister
from studio.ports.settings import SettingsStore
from studio.services.orders.usable_providers import usable_providers

_IMAGE_SIZES, _OWN_SIZES = ("desktop_size", "mobile_size"), ("output_size",)


@dataclass(frozen=True, slots=True)
class SaveSettings:
    """The service behind PUT and PATCH of settings.

    Attributes:
        providers: Those that the automatic choice has.
        keys: Tells which of them have no key or are switched off.
    """

    store: SettingsStore
    now: Clock
    providers: tuple[str, ...]
    keys: KeyRegister

    def run(
        self,
        tenant: str,
        name: str,
        document: Mapping[str, Any],
        *,
        saved_by: str,
        replaces: int,
    ) -> SavedSettings:
        """Write the members of a well-formed document that are not null.

        Args:
            tenant: The tenant of the caller's token.
            name: The document's name.
            document: What the caller sent.
            saved_by: The user, for the record.
            replaces: The version that the caller read, 0 where nothing is stored.

        Raises:
            InvalidRequestError: the catalogue lacks the provider or model, the model cannot make
                a size, or the document is too long.
            PreconditionFailedError: the document changed meanwhile.
        """
        kept = {member: value for member, value in document.items() if value is not None}
        wrong = [*_length_errors(kept), *_model_errors(name, kept)]
        if name == PROVIDERS:
            wrong += _switch_errors(kept)
        wrong = wrong or self._size_errors(tenant, name, kept)
        if wrong:
            raise InvalidRequestError(*wrong)
        return self.store.put(SavedSettings(tenant, name, 0, kept, self.now(), saved_by), replaces)

    def _size_errors(self, tenant: str, name: str, document: Mapping[str, Any]) -> list[FieldError]:
        """Return an error for each size that the models of a document cannot make."""
        members = _IMAGE_SIZES if name == IMAGE_GENERATION else _OWN_SIZES
        sizes = {f"/{member}": document[member] for member in members if member in document}
        if not sizes:
            return []
        provider, model = _model_of(name, document)
        others = usable_providers(self.keys, tenant, self.providers) if provider is None else ()
        quality = document.get("quality", "standard")
        day = self.now().astimezone(UTC).date()
        try:
            models = models_for(provider, model, others, day, quality)
        except OperationUnsupportedError:
            # An order says so: what such a model makes has no size of its own.
            return []
        return list(size_errors(models, sizes)) if models else []


def _length_errors(document: Mapping[str, Any]) -> Iterator[FieldError]:
    try:
        length = len(json.dumps(document, allow_nan=False).encode())
    except ValueError:
        detail = "A number is too large"
        yield FieldError("/additional_settings", "out-of-range", detail)
        return
    if length > MAX_DOCUMENT_BYTES:
        detail = f"Settings have at most {MAX_DOCUMENT_BYTES} bytes as JSON"
        yield FieldError("/additional_settings", "too-long", detail)


def _model_of(name: str, document: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the provider and model of a document, None for those that it leaves open."""
    if name == IMAGE_GENERATION:
        settings = stored_settings({**document, "is_active": True}, 0)
        return settings.provider, settings.model
    chosen = document.get("model") or {}
    return chosen.get("provider"), chosen.get("id")


def _model_errors(name: str, document: Mapping[str, Any]) -> Iterator[FieldError]:
    if name == IMAGE_GENERATION:
        at = (
            "/provider" if "provider" in document else "/service",
            "/model" if "model" in document else "/runwareModel",
        )
    else:
        at = ("/model/provider", "/model/id")
    provider, model = _model_of(name, document)
    if provider is not None:
        yield from _unknown(provider, model, *at)


def _switch_errors(document: Mapping[str, Any]) -> Iterator[FieldError]:
    known = account_providers(provider_ids())
    for index, provider in enumerate(document.get("disabled", ())):
        if provider not in known:
            detail = f"it cannot be switched off; these can: {', '.join(known)}"
            yield FieldError(f"/disabled/{index}", UnknownProviderError.code, detail)


def _unknown(
    provider: str, model: str | None, provider_pointer: str, model_pointer: str
) -> Iterator[FieldError]:
    if provider not in provider_ids():
        detail = f"unknown provider; known: {', '.join(provider_ids())}"
        yield FieldError(provider_pointer, UnknownProviderError.code, detail)
        return
    card = provider_card(provider)
    if model is not None and model not in card.models and model not in card.retired:
        detail = f"{provider} has no model {model}"
        yield FieldError(model_pointer, UnknownModelError.code, detail)
