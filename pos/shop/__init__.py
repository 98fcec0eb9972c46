"""The shop itself: its settings, how it is founded."""
