"""Revisions of the tables, and what they share."""
