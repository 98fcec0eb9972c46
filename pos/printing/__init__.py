"""Printing: the queue, the devices, and what goes to them."""
