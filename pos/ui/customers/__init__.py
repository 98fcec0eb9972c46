"""Customers: who they are, what they owe, what they pay back."""
