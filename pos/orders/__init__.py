"""Orders from the gerai online at the counter: answered, prepared, handed over, also offline."""
