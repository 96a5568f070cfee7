"""Stability AI."""
