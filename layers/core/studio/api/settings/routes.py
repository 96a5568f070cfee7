"""Routes of settings."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.preconditions import require_match
from studio.api.http.request_body import read_body
from studio.api.settings import serializers
from studio.domain.recipes.model import merged
from studio.domain.settings.model import (
    ACCOUNT,
    IMAGE_GENERATION,
    PROVIDERS,
    SavedSettings,
    prompt_choice,
    user_settings,
)

if TYPE_CHECKING:
    from studio.services.orders.reading import Body

Document = Mapping[str, Any]


def get_settings(request: Request, deps: Dependencies) -> Response:
    """Return the caller's own settings."""
    return _user(request, deps).response()


def put_settings(request: Request, deps: Dependencies) -> Response:
    """Replace the caller's own settings."""
    from studio.api.settings.requests import SettingsBody

    return _user(request, deps).replace(request, deps, SettingsBody)


def patch_settings(request: Request, deps: Dependencies) -> Response:
    """Merge members into the caller's own settings (RFC 7396)."""
    from studio.api.settings.requests import SettingsBody

    return _user(request, deps).replace(request, deps, SettingsBody, merge=True)


def get_image_settings(request: Request, deps: Dependencies) -> Response:
    """Return the account's settings of image generation, the defaults if none are stored."""
    return _image_generation(request, deps).response()


def put_image_settings(request: Request, deps: Dependencies) -> Response:
    """Replace the account's settings of image generation."""
    from studio.api.settings.requests import ImageGenerationBody

    answer = _image_generation(request, deps).replace(request, deps, ImageGenerationBody)
    deps.setups.forget(request.caller().tenant)
    return answer


def get_account_settings(request: Request, deps: Dependencies) -> Response:
    """Return what the account proposes to its users."""
    return _account(request, deps).response()


def put_account_settings(request: Request, deps: Dependencies) -> Response:
    """Replace what the account proposes to its users."""
    from studio.api.settings.requests import AccountSettingsBody

    return _account(request, deps).replace(request, deps, AccountSettingsBody)


def get_provider_settings(request: Request, deps: Dependencies) -> Response:
    """Return the providers that the account has switched off."""
    return _providers(request, deps).response()


def put_provider_settings(request: Request, deps: Dependencies) -> Response:
    """Replace the list of providers that the account has switched off."""
    from studio.api.settings.requests import ProvidersBody

    answer = _providers(request, deps).replace(request, deps, ProvidersBody)
    deps.setups.forget(request.caller().tenant)
    return answer


@dataclass(frozen=True, slots=True)
class _Current:
    """A document as it is stored, and how it is answered."""

    name: str
    saved: SavedSettings | None
    serialize: Callable[[SavedSettings | None], Mapping[str, object]]

    def response(self) -> Response:
        return json_response(self.serialize(self.saved))

    def replace(
        self, request: Request, deps: Dependencies, body: "type[Body]", *, merge: bool = False
    ) -> Response:
        from studio.services.orders.reading import read
        from studio.services.settings.save_settings import SaveSettings

        caller, sent = request.caller(), read_body(request)
        document: Document = sent.document
        if merge:
            document = merged(self.saved.document if self.saved else {}, document)
        read(body, json.dumps(document) if merge else sent.text)
        require_match(request, self.serialize(self.saved))
        written = SaveSettings(
            deps.settings_store, deps.now, deps.settings.providers, deps.setups
        ).run(
            caller.tenant,
            self.name,
            document,
            saved_by=caller.subject,
            replaces=self.saved.version if self.saved else 0,
        )
        return json_response(self.serialize(written))


def _user(request: Request, deps: Dependencies) -> _Current:
    from studio.services.prompts.read_choice import ReadChoice

    caller = request.caller()
    own, chosen = user_settings(caller.subject), prompt_choice(caller.subject)
    found = deps.settings_store.get(caller.tenant, (own, chosen))
    reader = ReadChoice(deps.prompt_groups, deps.prompt_templates)
    choice = reader.run(caller.tenant, found.get(chosen))
    return _Current(own, found.get(own), lambda one: serializers.user(one, choice))


def _image_generation(request: Request, deps: Dependencies) -> _Current:
    day = deps.now().astimezone(UTC).date()
    return _of_account(
        request, deps, IMAGE_GENERATION, lambda one: serializers.image_generation(one, day)
    )


def _account(request: Request, deps: Dependencies) -> _Current:
    return _of_account(request, deps, ACCOUNT, serializers.account)


def _providers(request: Request, deps: Dependencies) -> _Current:
    return _of_account(request, deps, PROVIDERS, serializers.providers)


def _of_account(
    request: Request,
    deps: Dependencies,
    name: str,
    serialize: Callable[[SavedSettings | None], Mapping[str, object]],
) -> _Current:
    found = deps.settings_store.get(request.caller().tenant, (name,))
    return _Current(name, found.get(name), serialize)


_OWN, _IMAGES, _ACCOUNT, _PROVIDERS = (
    "/v1/settings", "/v1/settings/image-generation", "/v1/settings/account",
    "/v1/settings/providers",
)  # fmt: skip

ROUTES: tuple[Route, ...] = (
    Route("GET", _OWN, get_settings, "Return the caller's settings", "UserSettings", role="viewer"),
    Route(
        "PUT",
        _OWN,
        put_settings,
        "Replace the caller's settings",
        "UserSettings",
        body="SettingsBody",
        guarded=True,
        role="creator",
    ),
    Route(
        "PATCH",
        _OWN,
        patch_settings,
        "Change members of the caller's settings",
        "UserSettings",
        body="SettingsBody",
        guarded=True,
        role="creator",
    ),
    Route(
        "GET",
        _IMAGES,
        get_image_settings,
        "Return the account's settings of image generation",
        "ImageGenerationSettings",
        role="viewer",
    ),
    Route(
        "PUT",
        _IMAGES,
        put_image_settings,
        "Replace the account's settings of image generation",
        "ImageGenerationSettings",
        body="ImageGenerationBody",
        guarded=True,
        role="manager",
    ),
    Route(
        "GET",
        _ACCOUNT,
        get_account_settings,
        "Return what the account proposes to its users",
        "AccountSettings",
        role="viewer",
    ),
    Route(
        "PUT",
        _ACCOUNT,
        put_account_settings,
        "Replace what the account proposes to its users",
        "AccountSettings",
        body="AccountSettingsBody",
        guarded=True,
        role="manager",
    ),
    Route(
        "GET",
        _PROVIDERS,
        get_provider_settings,
        "Return the providers that the account has switched off",
        "ProviderSettings",
        role="viewer",
    ),
    Route(
        "PUT",
        _PROVIDERS,
        put_provider_settings,
        "Replace the list of providers that the account has switched off",
        "ProviderSettings",
        body="ProvidersBody",
        guarded=True,
        role="admin",
    ),
)
