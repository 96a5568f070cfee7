"""Templates: a size, a style and a level of quality for a purpose, under a name."""
