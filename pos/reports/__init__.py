"""What the owner reads: sales by day, hour, product, category, cashier, tender; stock."""
