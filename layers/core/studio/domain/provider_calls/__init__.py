"""Requests to a provider and their possible outcomes."""
