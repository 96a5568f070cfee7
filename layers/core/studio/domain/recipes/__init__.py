"""Saved job requests, for the API, uploads and schedules."""
