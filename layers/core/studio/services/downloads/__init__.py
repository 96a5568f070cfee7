"""Use cases of downloads."""
