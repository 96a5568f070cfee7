"""Words of prompts: what a persona and the enhancement rules add to the caller's prompt."""
