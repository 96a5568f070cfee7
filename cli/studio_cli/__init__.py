"""``studio``: the command line of Image Studio, for the local AWS and for a deployed stack."""
