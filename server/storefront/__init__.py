"""The gerai online: each shop's storefront, what it may promise and how it looks."""
