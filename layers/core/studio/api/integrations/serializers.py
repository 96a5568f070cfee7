"""Serializers of integrations."""

from typing import TYPE_CHECKING

from studio.clock import rfc3339
from studio.domain.integrations.model import ProviderAccess

if TYPE_CHECKING:
    from studio.api.integrations import responses
    from studio.domain.catalogue.catalogue import ProviderCard


def integration(card: "ProviderCard", access: ProviderAccess) -> "responses.Integration":
    """Return a provider as a tenant has set it up."""
    own, takes_key = access.own.get(card.id), card.auth == "key"
    return {
        "provider": card.id,
        "title": card.title,
        "takes_key": takes_key,
        "enabled": card.id not in access.disabled,
        # Without a key of its own, such a provider is called by the role of the stack.
        "configured": access.configured(card.id) if takes_key else "stack",
        "last_four": own.last_four if own else None,
        "updated_at": rfc3339(own.stored_at) if own else None,
        "updated_by": own.stored_by if own else None,
    }
