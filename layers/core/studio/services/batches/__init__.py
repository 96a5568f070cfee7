"""Use cases of imports and batches."""
