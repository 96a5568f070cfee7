"""Lookup of provider cards for the routes."""

from studio.api.http.messages import Request
from studio.domain.catalogue.catalogue import ProviderCard, provider_card
from studio.errors import NotFoundError, UnknownProviderError


def card_of(request: Request) -> ProviderCard:
    """Return the provider that a path names.

    Raises:
        NotFoundError: there is none of that name.
    """
    try:
        return provider_card(request.params["provider_id"])
    except UnknownProviderError as error:
        raise NotFoundError("no such provider") from error
