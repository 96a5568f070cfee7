"""Settings: those of the account and those of its users."""
