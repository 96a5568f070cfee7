"""Prompt groups, their templates, and the prompts of the account."""
