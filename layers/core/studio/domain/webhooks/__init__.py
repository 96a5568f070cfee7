"""Webhooks: where events are sent, how they are signed, and when a delivery is tried again."""
