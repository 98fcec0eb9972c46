"""What can happen in a shop, as immutable records: one module a subject, one class a kind.

Fields are encoded as arrays in this order (small on the wire), so a released class only ever
gains fields at its end, each with a default; anything else is a new version.
"""
