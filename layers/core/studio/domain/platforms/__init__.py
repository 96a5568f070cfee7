"""Social platforms: their picture formats, safe zones and limits, and presets of formats."""
