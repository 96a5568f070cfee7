"""Accounts at providers: which tenant has a key of its own, and what is switched off."""
