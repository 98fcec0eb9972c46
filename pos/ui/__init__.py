"""The counter's windows: one folder a screen, named as the area it shows."""
