"""The built-in provider: classical image operations, free and offline."""
