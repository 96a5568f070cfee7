"""Files of users: announced over the API, or put into the bucket directly."""
