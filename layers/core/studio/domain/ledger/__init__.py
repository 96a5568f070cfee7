"""The ledger: append-only entries about money that is reserved, spent and released."""
