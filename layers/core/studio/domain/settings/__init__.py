"""Stored settings of an account and of its users."""
