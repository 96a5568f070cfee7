"""What the studio can do to a picture: its operations and what each of them takes."""
