"""Webhooks: addresses of events, signatures, and retries of deliveries."""
