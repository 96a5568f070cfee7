"""Orders from job bodies, for the API, uploads, batches and schedules."""
