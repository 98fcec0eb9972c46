"""Orders of the gerai: placed by buyers, answered by the shop, stepped on by the clock."""
