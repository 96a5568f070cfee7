"""Image processing from bytes to bytes: safe decoding, renditions, operations and previews."""
