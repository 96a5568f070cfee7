"""The compositions of the preview renderer, one module each."""
