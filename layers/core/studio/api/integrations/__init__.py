"""Integrations: the provider keys of a tenant."""
