"""The selling screen and the payment."""
