"""Templates: the studio's own, and those of tenants."""
