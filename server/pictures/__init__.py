"""Pictures of goods: taken from counters in parts, read and written anew, given out as copies."""
