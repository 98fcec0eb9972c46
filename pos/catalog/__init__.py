"""Goods: written down, found, changed, imported, archived."""
