"""What belongs to this machine rather than to the shop: lock, identity, high-water mark, clock."""
