"""Goods in the window: the list, one product, its stock card, and importing a file."""
