"""The command line: whatever a button does, from a terminal."""
