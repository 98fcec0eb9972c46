"""The journal's own proof."""
