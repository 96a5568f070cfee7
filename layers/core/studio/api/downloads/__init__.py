"""Downloads: many files in one archive, packed in the background."""
