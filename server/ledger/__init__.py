"""The shop's books: double entry with balances that are checked, holds, seals and proofs."""
