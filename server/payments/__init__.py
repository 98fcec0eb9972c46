"""How an order is paid through a provider, under the shop's own merchant account."""
