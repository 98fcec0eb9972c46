"""A shop's customers: what they owe, up to how much, and which counter may lend it."""
