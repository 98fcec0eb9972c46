"""A fake printer and an interpreter of ESC/POS, both the tests' own."""
