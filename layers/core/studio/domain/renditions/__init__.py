"""Renditions: files made of a finished image, without a provider and without cost."""
