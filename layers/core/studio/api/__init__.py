"""The HTTP edge: request models, routes, documents and problems. Only the api function uses it."""
