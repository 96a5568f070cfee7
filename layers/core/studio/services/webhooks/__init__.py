"""Use cases of webhooks and mail."""
