"""Executions of the state machines."""
