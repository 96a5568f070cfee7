"""Renditions of one picture: many sizes, shapes and formats from a single decode."""
