"""Use cases of folders."""
