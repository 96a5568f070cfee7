"""The words of a prompt: what a persona and the rules of enhancement add to a caller's own."""
