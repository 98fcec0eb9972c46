"""Selling: the cart becomes a sale, a sale is given back, carts are parked."""
