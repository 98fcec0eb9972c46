"""Receipts: the list of them, one of them whole, and the documents that are printed."""
