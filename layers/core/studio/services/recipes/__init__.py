"""Use cases of recipes."""
