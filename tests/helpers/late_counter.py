"""A shop of some history, and a counter that joined late: older entries are at the server only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.cart import set_customer
from core.tender import TenderKind
from pos.counter import Counter
from pos.customers.people import add_customer, repay
from pos.db.base import base_of
from pos.selling.refunds import Return, make_refund
from pos.selling.sales import Tendered, complete_sale
from pos.shifts.closing import close_shift
from pos.shifts.drawer import start_shift
from pos.sync.enrolment import enrol, speaker
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.past import PastFetcher
from pos.sync.rounds import Outcome
from server.sync import snapshot_rows
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop
from tests.helpers.real_server import RealServer

URL = "http://huyula.contoh"
WHOLE = 2
"""So many entries come whole; all others are older."""


class LateCounter:
    """`first` has lived for a shift; `late` begins with a snapshot.

    `receipts` are three cash sales of two, of the first of which one was given back, and one sale
    on kasbon of `buyer`, of which `repaid` is the receipt of a part.
    """

    def __init__(
        self,
        place: Path,
        clock: StillClock,
        patch: pytest.MonkeyPatch,
        server: RealServer | None = None,
        url: str = URL,
    ) -> None:
        """Both are level with the server; no older entry comes by itself."""
        patch.setattr("pos.sync.rounds.RECENT_FROM", 1)
        patch.setattr(snapshot_rows, "_before", lambda tx, last, since_ms: last - WHOLE)
        self._patch = patch
        self.fill(0)
        self.clock = clock
        self.server = server or RealServer(place, clock.now_ms)
        self.first = make_shop(place / "first", clock)
        start_shift(self.first, 0)
        self.goods = add_goods(self.first, "Gula", 15_000, 100_000, cost=12_000)
        self.buyer = add_customer(self.first, "Bu Tini", credit_limit=500_000)
        self.receipts = [self.sell(self.first) for _ in range(3)]
        self.given_back = make_refund(
            self.first, self.receipts[0], [Return(1, 1_000)], "rusak"
        ).receipt
        self.receipts.append(self.sell(self.first, buyer=self.buyer))
        self.repaid = repay(self.first, self.buyer, 10_000).receipt
        close_shift(self.first, 0, note="selisih")  # what is of an open shift comes whole
        start_shift(self.first, 0)
        self.late = make_shop(place / "late", clock)
        for counter in (self.first, self.late):
            enrol(counter, url, self.server.code(), self.server.send)
            self.sync(counter)
        base = base_of(self.late.db)
        assert base is not None and base.is_done and base.after_n > 10
        start_shift(self.late, 0)

    def sell(self, counter: Counter, qty: int = 2_000, buyer: bytes = b"") -> str:
        """A sale; its receipt."""
        cart = cart_of(counter, (self.goods, qty))
        kind = TenderKind.CREDIT if buyer else TenderKind.CASH
        tender = Tendered(kind, 15_000 * qty // 1_000)
        return complete_sale(counter, set_customer(cart, buyer or None), [tender]).receipt

    def sync(self, counter: Counter) -> Outcome:
        """A round."""
        found = server_of(counter.db)
        assert found is not None
        return sync_once(counter, found, self.server.send)

    def fetcher(self, breathe: Callable[[], None] = lambda: None) -> PastFetcher:
        """What the late counter fetches older entries with."""
        found = server_of(self.late.db)
        assert found is not None
        who = speaker(self.late, self.server.send)
        return PastFetcher(self.late.db, found, who, breathe=breathe)

    def fill(self, stretches: int) -> None:
        """So many stretches of older entries come in a round from now on."""
        self._patch.setattr("pos.sync.rounds.STRETCHES", stretches)

    def close(self) -> None:
        """Put everything away."""
        self.first.close()
        self.late.close()
        self.server.close()
