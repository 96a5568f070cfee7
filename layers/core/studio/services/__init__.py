"""Use cases: one module each, named like the function or route that runs it. Ports in."""
