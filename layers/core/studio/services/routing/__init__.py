"""Choice of providers and limits of calls."""
