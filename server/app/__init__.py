"""Putting the server together: routes, layers around them, logs, serving."""
