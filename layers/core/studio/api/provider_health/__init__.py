"""Health of a provider."""
