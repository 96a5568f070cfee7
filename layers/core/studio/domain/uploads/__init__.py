"""Files that people bring: announced over the API or dropped into the bucket."""
