"""Removing what has ended: sessions, pairing codes, counts of tries, accounts nobody uses."""

from __future__ import annotations

from server.accounts.sessions import sweep_sessions
from server.buyers.forgetting import sweep_buyers
from server.devices.pairing import sweep_codes
from server.rates import sweep_tries
from server.services import Services


def sweep(services: Services) -> int:
    """Remove it; returns how many rows went. Run once an hour while serving."""
    now_ms = services.now_ms()
    with services.store.directory() as tx:
        gone = sweep_sessions(tx, now_ms) + sweep_codes(tx, now_ms) + sweep_tries(tx, now_ms)
        return gone + sweep_buyers(tx, now_ms)
