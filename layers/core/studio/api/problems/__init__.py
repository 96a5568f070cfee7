"""Routes of the documentation of problem codes."""
