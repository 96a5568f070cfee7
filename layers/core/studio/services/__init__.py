"""Use cases: one module each, named like its function or route. Services depend on ports."""
