"""Runware."""
