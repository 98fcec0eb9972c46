"""A shop's counters: pairing codes, the list with what waits, revoking."""
