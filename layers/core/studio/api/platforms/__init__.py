"""Social platforms: what each shows and takes."""
