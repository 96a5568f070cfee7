"""Orders of jobs and their plans: images, models, warnings and estimates."""
