"""Records of two counters that mean one thing: found, shown, merged or kept apart."""
