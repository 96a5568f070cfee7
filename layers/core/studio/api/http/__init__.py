"""Shared parts of all routes: messages, pagination, problems, preconditions and dependencies."""
