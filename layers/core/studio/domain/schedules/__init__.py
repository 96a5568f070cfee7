"""Schedules: recipes that run by the clock."""
