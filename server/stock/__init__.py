"""What lies on a shop's shelves, and how it came there."""
