"""Renditions: files of a finished image, listed and made at once."""
