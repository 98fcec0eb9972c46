"""What the shop and this counter have decided."""
