"""What a shop sold: days in figures, receipts one by one."""
