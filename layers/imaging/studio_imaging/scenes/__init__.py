"""The compositions of the preview renderer, one in each module."""
