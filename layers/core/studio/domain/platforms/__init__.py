"""Social platforms: their image formats, safe zones and limits, and presets of formats."""
