"""Renditions of one image: many sizes, shapes and formats from a single decode."""
