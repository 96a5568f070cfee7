"""Renditions: files of a finished picture, listed and made at once."""
