"""The marketplace that the shops share: accounts, sync, storefronts and the ledger."""
