"""The states of ``process_job``: one module per state, and what they share."""
