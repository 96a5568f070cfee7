"""Assets: finished pictures, their records and where their bytes lie."""
