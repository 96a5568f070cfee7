"""Use cases of provider keys."""
