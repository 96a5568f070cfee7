"""Jobs and their images: what is ordered, its progress, and its allowed state changes."""
