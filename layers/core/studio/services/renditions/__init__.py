"""Use cases of renditions."""
