"""Reports, money still to be sent back, and the safety of the data."""
