"""A payment gateway to try the payments with: a service of its own that speaks as Midtrans does.

No money moves here. It knows every fault that a gateway can have, and makes them when told to.
"""
