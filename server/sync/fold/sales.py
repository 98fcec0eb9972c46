"""Sales that other facts refer to: found, marked, and waited for where they are not here yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import bindparam, case, delete, select, update

from core.contract import decode_body
from core.facts.references import Reference
from core.facts.sync import Carried
from core.sync.carrying import original_hash
from server.db.keyed import rows_by_keys
from server.db.schema import SHOP, journal, trade
from server.db.transaction import ShopTx
from server.sync.fold.at import At
from server.sync.fold.loading import all_rows, by_keys, whole
from server.sync.rows import put_rows, write_rows

Key = tuple[bytes, int]
"""A line and the place in it."""

_sale, _entry = trade.sale, journal.entry
_FIND = (
    select(
        _sale.c.n, _sale.c.device, _sale.c.seq, _sale.c.carrier, _sale.c.shift_id,
        _sale.c.customer_id, _entry.c.hash, _entry.c.version,
        case((_entry.c.kind == Carried.KIND, _entry.c.body)).label("body"),
    )
    .select_from(
        _sale.join(_entry, (_entry.c.shop_id == SHOP) & (_entry.c.n == _sale.c.n), isouter=True)
    )
    .where(
        _sale.c.shop_id == SHOP,
        _sale.c.device == bindparam("device"),
        _sale.c.seq.in_(bindparam("keys", expanding=True)),
    )
)  # fmt: skip
_LINES = by_keys(trade.sale_line, "n", "n", "line_no", "qty", "cost")
_LINE_MARKS = by_keys(trade.line_mark, "n", "n", "line_no", "qty", "net", "tax", "cost")
_PAYMENTS = by_keys(trade.payment, "n", "n", "i", "kind", "amount", "reference")
_PAYMENT_MARKS = by_keys(trade.payment_mark, "n", "n", "i", "found", "settled_n")
_SALE_MARKS = by_keys(trade.sale_mark, "n", "n", "refunded", "copies")
_WAITING = whole(journal.waiting, "device", "seq", "n")
_ARRIVED = delete(journal.waiting).where(
    journal.waiting.c.shop_id == SHOP,
    journal.waiting.c.device == bindparam("device"),
    journal.waiting.c.seq == bindparam("seq"),
)
_NEW_CUSTOMER = (
    update(_sale)
    .where(_sale.c.shop_id == SHOP, _sale.c.n == bindparam("at"))
    .values(customer_id=bindparam("customer"))
)


def _original_hash(version: int, body: bytes | None) -> bytes:
    """The hash of a sale that came inside another entry; nothing for one that did not."""
    if body is None:
        return b""
    fact = decode_body(Carried.KIND, version, body)[1]
    assert isinstance(fact, Carried), "its own kind"
    return original_hash(fact)


class Known:
    """A sale that something refers to: its lines (quantity, cost), payments and marks."""

    __slots__ = (
        "carrier",
        "changed",
        "copies",
        "customer_id",
        "device",
        "hash",
        "line_marks",
        "lines",
        "n",
        "payment_marks",
        "payments",
        "refunded",
        "seq",
        "shift_id",
    )

    def __init__(
        self,
        n: int,
        device: bytes,
        seq: int,
        carrier: bytes | None,
        shift_id: bytes,
        customer_id: bytes | None,
        digest: bytes,
    ) -> None:
        """As its row says; lines and payments are filled in after."""
        self.n = n
        self.device = device
        self.seq = seq
        self.carrier = carrier
        self.shift_id = shift_id
        self.customer_id = customer_id
        self.hash = digest
        self.lines: dict[int, tuple[int, int]] = {}
        self.payments: dict[int, list[Any]] = {}
        self.line_marks: dict[int, list[int]] = {}
        self.payment_marks: dict[int, list[int]] = {}
        self.refunded = 0
        self.copies = 0
        self.changed: set[str] = set()

    def payment_mark(self, number: int) -> list[int]:
        """What is known of a payment: found on the bank's list (-1: not said), settled by."""
        self.changed.add("payment_marks")
        return self.payment_marks.setdefault(number, [-1, 0])


class Sales:
    """The sales of a step that something refers to."""

    def __init__(
        self,
        tx: ShopTx,
        ancestors: Callable[[bytes], Collection[bytes]],
        write_new: Callable[[], None],
    ) -> None:
        """`ancestors` gives a line with those that it follows; `write_new` writes the sales of
        this step so far, so that they can be read like earlier ones."""
        self._tx = tx
        self._ancestors = ancestors
        self._write_new = write_new
        self._here: set[Key] = set()
        self._new: dict[int, bytes] = {}
        self._known: dict[Key, list[Known]] = {}
        self._looked_up: set[Key] = set()
        self._waiting: dict[Key, set[int]] | None = None
        self._new_waiting: set[tuple[bytes, int, int]] = set()
        self.wanted: set[Key] = set()

    def load(self, keys: Iterable[Key]) -> None:
        """Read the sales of these keys; those that come in this step are kept, too."""
        missing = {key for key in keys if key not in self._looked_up}
        if not missing:
            return
        if not self._here.isdisjoint(missing):
            self._write_new()
            self._here.clear()
        self.wanted |= missing
        self._looked_up |= missing
        seqs: dict[bytes, list[int]] = defaultdict(list)
        for device, seq in missing:
            seqs[device].append(seq)
        found: dict[int, Known] = {}
        for device, some in sorted(seqs.items()):
            for start in range(0, len(some), 1000):
                part = some[start : start + 1000]
                for row in all_rows(self._tx, _FIND, device=device, keys=part):
                    # Of a sale of this step there is no entry to be read yet.
                    digest = self._new.get(row.n) or _original_hash(row.version, row.body)
                    found[row.n] = Known(
                        row.n,
                        row.device,
                        row.seq,
                        row.carrier,
                        row.shift_id,
                        row.customer_id,
                        digest or row.hash,
                    )
        if found:
            self._load_parts(found)
            for n in sorted(found):
                self._keep(found[n])

    def _load_parts(self, found: dict[int, Known]) -> None:
        tx = self._tx
        for n, number, qty, cost in rows_by_keys(tx, _LINES, found):
            found[n].lines[number] = (qty, cost)
        for n, number, *mark in rows_by_keys(tx, _LINE_MARKS, found):
            found[n].line_marks[number] = mark
        for n, number, *payment in rows_by_keys(tx, _PAYMENTS, found):
            found[n].payments[number] = payment
        for n, number, *mark in rows_by_keys(tx, _PAYMENT_MARKS, found):
            found[n].payment_marks[number] = mark
        for n, refunded, copies in rows_by_keys(tx, _SALE_MARKS, found):
            found[n].refunded, found[n].copies = refunded, copies

    def _keep(self, sale: Known) -> None:
        among = self._known.setdefault((sale.device, sale.seq), [])
        if all(sale.n != other.n for other in among):
            among.append(sale)

    def find(self, line: bytes, meant: Reference) -> Known | None:
        """The sale that a fact of `line` means. If its place alone says so: what that line carried,
        else the line's own."""
        self.load([(meant.device, meant.seq)])
        among = [
            one for one in self._known.get((meant.device, meant.seq), []) if meant.fits(one.hash)
        ]
        if len(among) > 1:
            mine = self._ancestors(line)
            among = sorted(
                among,
                key=lambda sale: (
                    0 if sale.carrier in mine else 1 if sale.carrier is None else 2,
                    sale.n,
                ),
            )
        return among[0] if among else None

    def find_n(self, n: int, device: bytes, seq: int) -> Known | None:
        """A sale by its number in the feed."""
        self.load([(device, seq)])
        return next((one for one in self._known.get((device, seq), []) if one.n == n), None)

    def arrived(self, sale: Known) -> list[int]:
        """A sale is here: keep it, and tell which facts have waited for one at its place (feed
        numbers)."""
        self._looked_up.add((sale.device, sale.seq))
        self._keep(sale)
        waiting = self._all_waiting().pop((sale.device, sale.seq), set())
        if waiting:
            self._new_waiting -= {(sale.device, sale.seq, n) for n in waiting}
            self._tx.run(_ARRIVED, device=sale.device, seq=sale.seq)
        return sorted(waiting)

    def is_wanted(self, at: At) -> bool:
        """Whether something refers to a sale, which is new, or waits for it."""
        key = (at.device, at.seq)
        if key in self.wanted or key in self._all_waiting():
            return True
        self._here.add(key)
        self._new[at.n] = at.hash
        return False

    def wait(self, device: bytes, seq: int, n: int) -> None:
        """The fact at `n` refers to a sale that is not here."""
        self._all_waiting().setdefault((device, seq), set()).add(n)
        self._new_waiting.add((device, seq, n))

    def _all_waiting(self) -> dict[Key, set[int]]:
        if self._waiting is None:
            self._waiting = {}
            for device, seq, n in all_rows(self._tx, _WAITING):
                self._waiting.setdefault((device, seq), set()).add(n)
        return self._waiting

    def write(self, tx: ShopTx) -> None:
        """Write marks and what else changed on earlier sales."""
        lines: list[tuple[object, ...]] = []
        payments: list[tuple[object, ...]] = []
        marks: list[tuple[object, ...]] = []
        sales: list[tuple[object, ...]] = []
        for sale in (one for _, some in sorted(self._known.items()) for one in some):
            if "line_marks" in sale.changed:
                lines.extend((sale.n, no, *mark) for no, mark in sorted(sale.line_marks.items()))
            if "payments" in sale.changed:
                payments.extend((sale.n, no, *part) for no, part in sorted(sale.payments.items()))
            if "payment_marks" in sale.changed:
                for no, mark in sorted(sale.payment_marks.items()):
                    marks.append((sale.n, no, *mark))
            if "sale" in sale.changed:
                sales.append((sale.n, sale.refunded, sale.copies))
            if "customer" in sale.changed:
                tx.run(_NEW_CUSTOMER, at=sale.n, customer=sale.customer_id)
        put_rows(tx, trade.line_mark, lines)
        put_rows(tx, trade.payment, payments)
        put_rows(tx, trade.payment_mark, marks)
        put_rows(tx, trade.sale_mark, sales)
        write_rows(
            tx,
            journal.waiting,
            ("device", "seq", "n"),
            sorted(self._new_waiting),
            "nothing",
        )
        self._known.clear()
        self._looked_up.clear()
        self.wanted.clear()
        self._here.clear()
        self._new.clear()
        self._new_waiting.clear()

    def adopt(self, before: Sales) -> None:
        """Go on with what an earlier step left."""
        self._waiting = before._waiting
