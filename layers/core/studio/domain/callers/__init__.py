"""Callers: whom a credential stands for."""
