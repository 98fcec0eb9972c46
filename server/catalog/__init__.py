"""A shop's goods on the web: read, changed, and what was changed at two places."""
