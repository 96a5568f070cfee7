"""Providers: one port, one catalogue of models as data, one thin adapter per vendor."""
