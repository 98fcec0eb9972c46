"""Buyers' own accounts: never needed to order; who has one finds orders and addresses again."""
