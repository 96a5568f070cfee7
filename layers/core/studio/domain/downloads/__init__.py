"""Downloads: the files of many assets in one archive."""
