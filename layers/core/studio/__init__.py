"""Image Studio: domain, services and adapters shared by every function of the stack."""
