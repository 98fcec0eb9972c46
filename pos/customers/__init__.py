"""Customers and members: kasbon, payroll balance, repayments."""
