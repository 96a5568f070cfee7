"""Models of the catalogue."""

from studio.domain.catalogue.catalogue import ModelCard, provider_card
from studio.domain.catalogue.orderable import resolve_model
from tests.support.builders import TODAY


def model(provider: str, name: str | None = None) -> ModelCard:
    """Return a model of a provider, its default one without a name."""
    if name:
        return provider_card(provider).models[name]
    return resolve_model(provider, None, day=TODAY)[0]
