"""Routes of jobs: read, create, cancel, redrive and estimate."""
