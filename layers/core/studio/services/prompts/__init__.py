"""Use cases of prompts."""
