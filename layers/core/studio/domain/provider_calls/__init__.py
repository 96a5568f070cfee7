"""Requests to a provider and its possible answers."""
