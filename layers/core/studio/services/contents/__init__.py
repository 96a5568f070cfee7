"""Contents: changes of them and their slots, and runs that make their images."""
