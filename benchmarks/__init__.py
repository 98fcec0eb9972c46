"""The figures that are claimed, reproduced by one command."""
