"""Names of a provider's accounts, which keys, rate buckets and breakers share."""

ROLE = "role"
"""Account of a provider that needs no key and has none stored: the function's own role."""


def own_account(tenant: str) -> str:
    """Return the name of a tenant's own account."""
    return f"tenants/{tenant}"


SHARED = "default"
"""The stack's account, which each tenant without an own account uses."""


def key_path(prefix: str, provider: str, account: str) -> str:
    """Return the name of the parameter that holds the key of a provider's account."""
    return f"{prefix}/{provider}/{account}"
