"""Folders, such as a shop's SKUs: sources, what became of them, and the rule for new ones."""
