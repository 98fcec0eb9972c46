"""Orders from the gerai online in the window: a bell, a list, and what the shop answers."""
