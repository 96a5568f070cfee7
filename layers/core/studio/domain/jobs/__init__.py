"""Jobs and their images: what is asked, how far it is, which moves are allowed."""
