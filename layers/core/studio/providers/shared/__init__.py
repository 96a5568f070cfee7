"""Shared parts of the adapters: HTTP, retries and encodings."""
