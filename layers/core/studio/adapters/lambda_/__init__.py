"""Invocation of other functions."""
