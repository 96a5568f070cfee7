"""Contents with their image slots, their queue and their runs."""
