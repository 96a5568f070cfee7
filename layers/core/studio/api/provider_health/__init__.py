"""How a provider is doing."""
