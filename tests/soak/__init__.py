"""Real processes under faults: the server on PostgreSQL, three counters, a network that spoils."""
