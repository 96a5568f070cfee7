"""Routes about the service itself: health, the caller, operations and providers."""
