"""Search as you type over the shop's goods: any part of a name, slips tolerated."""
