"""Contents, such as articles: their image slots and the queue of what a run makes."""
