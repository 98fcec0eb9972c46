"""The server's side of sync: a shop's feed, what it folds into, and the requests of counters."""
