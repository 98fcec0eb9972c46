"""A shop's counters and its server under every fault at once, from one seed (see `world`)."""
