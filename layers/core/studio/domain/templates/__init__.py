"""Templates: a size, a style and a quality level for a purpose, under a name."""
