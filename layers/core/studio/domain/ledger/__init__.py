"""The ledger: append-only entries about money held, spent and given back."""
