"""Backups and restoring them without ever using a receipt number twice."""
