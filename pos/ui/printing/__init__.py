"""Printers and the queue of what they are to print."""
