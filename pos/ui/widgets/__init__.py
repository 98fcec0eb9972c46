"""The building blocks that screens are composed of."""
