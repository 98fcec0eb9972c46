"""Orders of the gerai online: what may happen to one, in which order, and what follows from it."""
