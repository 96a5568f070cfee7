"""Choice of a provider, fallback to another one, and limits of calls."""
