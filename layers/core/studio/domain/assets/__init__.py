"""Assets: finished pictures, videos and 3D models, their records and storage keys."""
