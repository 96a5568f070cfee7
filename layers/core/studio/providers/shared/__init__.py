"""What the adapters share: HTTP, retries and encodings."""
