"""The owner's pages: rendered here, light, usable without JavaScript."""
