"""Downloads: many files in one archive, packed beside the request."""
