"""The counter: everything a shop does, with and without a window."""
