"""How a provider's accounts are named, the same for keys, buckets and breakers."""

ROLE = "role"
"""The function's own role, where a provider needs no key and none is stored."""


def own_account(tenant: str) -> str:
    """Name the account that only a tenant uses."""
    return f"tenants/{tenant}"


SHARED = "default"
"""The stack's account, used by every tenant that has none of its own."""
