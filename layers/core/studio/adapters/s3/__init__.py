"""Objects in S3: results, archives and the upload bucket."""
