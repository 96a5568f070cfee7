"""Hugging Face's router: one key and one host for many providers, each with its own dialect."""
