"""What all routes share: messages, pagination, problems, preconditions and dependencies."""
