"""Batches: many jobs from one table, checked before anything is paid."""
