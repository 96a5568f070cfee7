"""The rules: values, state transitions and catalogue data. It imports no other layer."""
