"""Names of a provider's accounts, the same for keys, buckets and breakers."""

ROLE = "role"
"""The function's own role, for a provider that needs no key."""


def own_account(tenant: str) -> str:
    """Return the name of the account that only one tenant uses."""
    return f"tenants/{tenant}"


SHARED = "default"
"""The stack's account, for every tenant without an own account."""
