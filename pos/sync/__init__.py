"""The journal's way to the server and the feed's way back (docs/sync.md)."""
