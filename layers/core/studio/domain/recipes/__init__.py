"""Saved job requests, which all three doors can run."""
