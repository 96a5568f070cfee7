"""Pictures as bytes in and bytes out: decode safely, render, draw previews, contact sheets."""
