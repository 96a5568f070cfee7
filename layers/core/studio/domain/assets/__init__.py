"""Assets: finished images, videos and 3D models, their records and storage keys."""
