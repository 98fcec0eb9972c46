"""What a tiny server has as a snapshot, and as older entries, with what it reckoned that each of
them moved; and who answers a counter's round with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs

from core.contract import decode_body
from core.facts.sync import Carried
from core.sync.carrying import original_hash
from core.sync.feed import START, cursor_bytes
from core.sync.limits import PROTOCOL
from core.sync.messages import FeedPage, Welcome
from core.sync.past import PastRows
from core.sync.snapshot import Cash, Debt, Head, Identity, Row, Stock, Whole
from pos.journal.order import effect_pos
from pos.sync.memory import Server
from pos.sync.wire import Key, NoAnswer
from tests.helpers.small_snapshot import SERVER_KEY, SIGNING, SmallSnapshot
from tests.helpers.tiny_server import SHOP, TinyServer

KNOWN = Server("http://huyula", SHOP, SERVER_KEY)
"""That server, as a counter that joined it knows it."""


def snapshot_of(server: TinyServer, after: int, kept: Collection[int] = ()) -> SmallSnapshot:
    """Entries after a number come whole, and those of the older ones that are `kept`; what all
    others moved is in sums. Asked for what is older it answers with all of it, later ones first."""
    entries = [_whole(server, n) for n in range(1, len(server.feed) + 1)]
    older = entries[:after]
    apart = [row for row in older if row.n not in kept]
    heads = {row.device: Head(row.device, row.seq, row.hash) for row in older}
    rows: dict[str, list[Any]] = {
        "head": list(heads.values()),
        "identity": [Identity(one) for row in older if row.order_n for one in _inside(row)],
        "stock": list(_stock(apart)),
        "debt": list(_debts(apart)),
        "cash": list(_cash(apart)),
        "entry": [row for row in entries if row.n > after or row.n in kept],
    }
    hashes, n = server.hashes, len(server.feed)
    small = SmallSnapshot(
        SHOP, rows, n=n, feed_hash=hashes[n], after=after, after_hash=hashes[after]
    )
    small.past = PastRows(SHOP, after, hashes[after], 1, after, START, tuple(older[::-1]))
    return small


def _whole(server: TinyServer, n: int) -> Whole:
    one = server.feed[n - 1]
    order_n = int(server.db.scalar("SELECT order_n FROM feed WHERE n=?", (n,)) or 0)

    def moved(columns: str, table: str, row: type[Row]) -> tuple[Any, ...]:
        sql = f"SELECT {columns} FROM {table} WHERE pos=? ORDER BY n"
        found = server.db.rows(sql, (effect_pos(server.db, n),)) if order_n else ()
        return tuple(row(*values) for values in found)

    return Whole(
        n, one.device, one.seq, one.kind, one.version, one.prev_hash, one.hash, one.at_ms,
        one.verdict, one.shop, one.body or b"", order_n,
        moved("product_id, kind, qty, value, line_no", "stock_movement", Stock),
        moved("customer_id, account, amount, day", "debt_movement", Debt),
        moved("shift_id, kind, amount", "cash_movement", Cash),
    )  # fmt: skip


def _inside(row: Whole) -> Iterator[bytes]:
    if row.kind == Carried.KIND:
        fact = decode_body(row.kind, row.version, row.body)[1]
        assert isinstance(fact, Carried), "its own kind"
        yield original_hash(fact)


def _stock(rows: Iterable[Whole]) -> Iterator[Stock]:
    qty, value = Counter[bytes](), Counter[bytes]()
    for move in (move for row in rows for move in row.stock):
        qty[move.product_id] += move.qty
        value[move.product_id] += move.value
    yield from (Stock(key, "before", qty[key], value[key], 0) for key in sorted(qty))


def _debts(rows: Iterable[Whole]) -> Iterator[Debt]:
    sums = Counter[tuple[bytes, str, str]]()
    for move in (move for row in rows for move in row.debt):
        sums[move.customer_id, move.account, move.day] += move.amount
    yield from (Debt(who, account, sums[who, account, day], day) for who, account, day in sums)


def _cash(rows: Iterable[Whole]) -> Iterator[Cash]:
    sums = Counter[tuple[bytes, str]]()
    for move in (move for row in rows for move in row.cash):
        sums[move.shift_id, move.kind] += move.amount
    yield from (Cash(*key, amount) for key, amount in sums.items())


class TinySpeaker:
    """Takes the place of a `Speaker`: trusted, and nothing of what waits is asked for."""

    key = Key(b"o" * 32)

    def __init__(self, server: TinyServer, small: SmallSnapshot) -> None:
        """Answers pages from the server, and what is older from the snapshot."""
        self._server = server
        self._small = small

    def ask(self, expected: type[Any], *asked: Any, query: str = "", **more: Any) -> Any:
        """What a round asks for; about buyers it says nothing."""
        if expected is Welcome:
            n = len(self._server.feed)
            return Welcome(
                1, 1, "r", PROTOCOL, "trusted", "", (), n, self._server.hashes[n], SERVER_KEY
            )
        if expected is FeedPage:
            return self._page(int(parse_qs(query)["after"][0]))
        answer = self._small.ask(expected)
        if not isinstance(answer, expected):
            raise NoAnswer(why="not asked here")
        return answer

    def _page(self, after: int) -> FeedPage:
        page = self._server.page(after, set(), most=60)
        last = after + len(page.entries)
        signed = SIGNING.sign(cursor_bytes(SHOP, page.epoch, last, page.feed_hash))
        return FeedPage(
            page.epoch, 1, "r", page.first, page.entries, page.feed_hash, signed, page.head
        )
