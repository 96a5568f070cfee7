"""Pictures that images are made from: which can be used as they lie, and how the rest is got."""
