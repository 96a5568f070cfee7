"""Signed links."""

URL_SECONDS = 600
