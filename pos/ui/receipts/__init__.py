"""Receipts: found, shown, given back, printed again."""
