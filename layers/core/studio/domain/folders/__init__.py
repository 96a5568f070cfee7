"""Folders, such as a shop's SKUs: source images, their results, and a rule for new sources."""
