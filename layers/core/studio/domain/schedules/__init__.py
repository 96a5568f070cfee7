"""Schedules: recipes and imports that run at set times."""
