"""Renditions: files made of a finished picture, without a provider and without cost."""
