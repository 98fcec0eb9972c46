"""Beginning with a snapshot: what is cut goes on, what is damaged or forged is never used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.facts.catalog import ProductAdded, ProductRecord
from core.facts.sync import RegisterLeft
from core.gtin import normal_form
from core.sync import snapshot as contract
from core.sync.digest import GroupDigest
from core.sync.snapshot import (
    SOLD,
    Customer,
    Early,
    Head,
    Manifest,
    Product,
    Setting,
    Share,
    Stock,
    Whole,
)
from pos.counter import Counter
from pos.db.base import base_of
from pos.db.database import Database
from pos.journal.mending import mend
from pos.journal.verify import verify
from pos.merging.deciding import Two, merge_pairs
from pos.shop.founding import change_settings
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.meeting import meets_what_waits
from pos.sync.memory import Server, cursor, recall, remember
from pos.sync.snapshot import Beginning, is_wanted
from pos.sync.upgrade import fold_known_kinds
from pos.sync.wire import NoAnswer
from tests.helpers.counter import add_goods, make_shop
from tests.helpers.many_counters import picture
from tests.helpers.small_snapshot import SERVER_KEY, SmallSnapshot
from tests.helpers.tiny_server import SHOP, TinyServer

SERVER = Server("http://huyula", SHOP, SERVER_KEY)
GOODS = 400
BARCODE = "8999999000013"


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A counter with goods and settings of its own, just enrolled in a shop of many goods."""
    made = make_shop(tmp_path)
    add_goods(made, "Barang sendiri", barcode=BARCODE)
    join(made, "http://huyula", TinyServer().enrol([], made.register))
    change_settings(made, phone="0811")
    yield made
    made.close()


def snapshot(
    digest: dict[str, GroupDigest] | None = None,
    *,
    halal: str = "",
    early: tuple[Early, ...] = (),
    moved: tuple[Stock, ...] = (),
    also: bytes = b"",
    people: tuple[bytes, ...] = (),
) -> SmallSnapshot:
    """Goods with their stock; the feed's last entry is whole. `early` and `moved` are of goods that
    are not among them, `also` is one more of them. Each of `people` may borrow."""
    server = TinyServer()
    for _ in range(2):
        server.write(RegisterLeft(b"o" * 16, "lama"))
    first, last = server.feed
    goods = [
        Product(
            n.to_bytes(16, "big"), f"C{n}", f"Barang {n}", "k", "", "pcs", 1_000, 900, "kena", 0,
            False, False, True, b"", b"", 0, 5_000, 4_500, (), (), (), halal=halal,
        )
        for n in range(1, GOODS)
    ]  # fmt: skip
    if also:
        goods.append(msgspec.structs.replace(goods[-1], id=also))
    code = contract.BarcodeRecord(normal_form(BARCODE), "pcs")
    goods[0] = msgspec.structs.replace(goods[0], barcodes=(code,))
    return SmallSnapshot(
        SHOP,
        {
            "head": [Head(first.device, first.seq, first.hash)],
            "setting": [Setting("phone", '"0899"'), Setting("address", '"Jl. Toko"')],
            "early": early,
            "customer": [
                Customer(one, f"Udin {one.hex()[-2:]}", "", "", 100_000, "", 0, True)
                for one in people
            ],
            "product": goods,
            "share": [Share(one, b"o" * 16, 100_000) for one in people],
            "stock": [
                *(Stock(one.id, "before", one.qty, one.value, 0) for one in goods), *moved
            ],
            "entry": [
                Whole(
                    2, last.device, last.seq, last.kind, last.version, last.prev_hash, last.hash,
                    last.at_ms, last.verdict, last.shop, last.body or b"", 2,
                )
            ],
        },
        n=2,
        feed_hash=server.hashes[2],
        after=1,
        after_hash=server.hashes[1],
        digest=digest,
    )  # fmt: skip


class Cut(Exception):
    """The program ends here."""


def begin(counter: Counter, small: Any, **options: Any) -> bool:
    """Fetch and lay it down."""
    return Beginning(counter.db, SERVER, small, **options).run()


def proved(counter: Counter) -> None:
    proof = verify(counter.db)
    assert proof.ok, proof.differences[:5]


def test_own_entries_wait_on_top(counter: Counter) -> None:
    assert begin(counter, snapshot())
    assert cursor(counter.db).n == 2
    assert counter.db.scalar("SELECT count(*) FROM product") == GOODS
    values = dict(map(tuple, counter.db.rows("SELECT name, value FROM setting")))
    assert (values["phone"], values["address"]) == ('"0811"', '"Jl. Toko"')
    both = counter.db.scalar(
        "SELECT count(*) FROM product_barcode WHERE barcode=?", (normal_form(BARCODE),)
    )
    assert both == 2
    proved(counter)
    before = picture(counter.db)
    mend(counter.db)
    assert picture(counter.db) == before


def test_what_a_program_from_before_halal_laid_is_laid_again(counter: Counter) -> None:
    small = snapshot(halal="tidak")
    assert begin(counter, small)
    db, said = counter.db, "SELECT count(*) FROM product WHERE halal='tidak'"
    assert db.scalar(said) == GOODS - 1
    with db.transaction():
        db.run("UPDATE product SET halal=''")
        remember(db, "kinds", re.sub(r",snapshot\+\d+", "", recall(db, "kinds")))
    assert fold_known_kinds(db) and not fold_known_kinds(db)
    assert db.scalar(said) == GOODS - 1
    proved(counter)


def test_an_upgrade_while_a_snapshot_is_fetched_folds_what_is_here(counter: Counter) -> None:
    small, db = snapshot(), counter.db
    fetch = small.fetch

    def cut(path: str, start: int, end: int) -> bytes:
        raise Cut

    small.fetch = cut  # type: ignore[method-assign]
    with pytest.raises(Cut):
        begin(counter, small)
    before = picture(db)
    with db.transaction():
        remember(db, "kinds", recall(db, "kinds").replace("product_added", "product_unknown"))
    assert fold_known_kinds(db)
    assert picture(db) == before
    small.fetch = fetch  # type: ignore[method-assign]
    assert begin(counter, small)
    proved(counter)


def test_goods_are_found_by_name(counter: Counter) -> None:
    assert begin(counter, snapshot())
    assert counter.db.scalar("SELECT count(*) FROM search_doc") == GOODS


@pytest.mark.parametrize("after", [0, 1, 3, 6])
def test_every_slice_is_a_state_and_goes_on(counter: Counter, after: int) -> None:
    left = [after]

    def breathe() -> None:
        if not left[0]:
            raise Cut
        left[0] -= 1

    with pytest.raises(Cut):
        begin(counter, snapshot(), breathe=breathe)
    assert cursor(counter.db).n == 0
    proved(counter)
    add_goods(counter, "Di tengah jalan")
    assert begin(counter, snapshot())
    assert counter.db.scalar("SELECT count(*) FROM product") == GOODS + 1
    proved(counter)


def test_what_was_fetched_is_not_fetched_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos.sync.snapshot.PIECE_BYTES", 500)
    small, asked = snapshot(), list[tuple[str, int]]()
    whole = small.fetch

    def fetch(path: str, start: int, end: int) -> bytes:
        asked.append((path, start))
        if len(asked) == 3:
            raise NoAnswer(why="connection")
        return whole(path, start, end)

    small.fetch = fetch  # type: ignore[method-assign]
    with pytest.raises(NoAnswer):
        begin(counter, small)
    assert begin(counter, small)
    pieces = sum(-(-len(body) // 500) for body in small.chunks.values())
    assert pieces > len(small.chunks)
    assert len(asked) == pieces + 1
    assert len(set(asked)) == pieces
    proved(counter)


def test_a_damaged_chunk_is_fetched_anew(counter: Counter) -> None:
    small = snapshot()
    name, body = max(small.chunks.items(), key=lambda one: len(one[1]))
    small.chunks[name] = bytes([body[0] ^ 1]) + body[1:]
    with pytest.raises(NoAnswer):
        begin(counter, small)
    assert counter.db.scalar("SELECT count(*) FROM product") == 1
    proved(counter)
    small.chunks[name] = body
    assert begin(counter, small)
    proved(counter)


def _forged(small: SmallSnapshot) -> SmallSnapshot:
    answer = small.ask(Manifest)
    small.ask = lambda *asked, **more: msgspec.structs.replace(  # type: ignore[method-assign]
        answer, signature=answer.signature[::-1]
    )
    return small


def _of_another(small: SmallSnapshot) -> SmallSnapshot:
    small.contents = msgspec.structs.replace(small.contents, shop=b"T" * 16)
    return small


def _later_number(small: SmallSnapshot) -> SmallSnapshot:
    """Rows of one moment under the number of another: signed, and yet not so."""
    stock = small.contents.digest["stock"]
    wrong = small.contents.digest | {"stock": GroupDigest(stock.count, stock.total + 1, stock.hash)}
    small.contents = msgspec.structs.replace(small.contents, digest=wrong)
    return small


@pytest.mark.parametrize("spoil", [_forged, _of_another, _later_number])
def test_what_is_not_right_is_never_used(
    counter: Counter, spoil: Callable[[SmallSnapshot], SmallSnapshot]
) -> None:
    before = picture(counter.db)
    assert not begin(counter, spoil(snapshot()))
    assert picture(counter.db) == before
    assert base_of(counter.db) is None and recall(counter.db, "no_snapshot")
    assert not is_wanted(counter.db, 9_999, 0, 1)
    proved(counter)


def test_a_server_that_went_back_since_the_hello_is_asked_again(counter: Counter) -> None:
    """The next hello is told so; the counter begins with the snapshot of the new epoch then."""
    small = snapshot()
    small.contents = msgspec.structs.replace(small.contents, epoch=2)
    with pytest.raises(NoAnswer):
        begin(counter, small)
    assert base_of(counter.db) is None and not recall(counter.db, "no_snapshot")
    assert is_wanted(counter.db, 5_000, 0, 5_000)


def test_only_a_counter_that_begins_wants_one(counter: Counter) -> None:
    assert is_wanted(counter.db, 5_000, 0, 5_000)
    assert not is_wanted(counter.db, 4_999, 0, 5_000)
    assert not is_wanted(counter.db, 5_000, 1, 5_000)
    assert begin(counter, snapshot())
    assert not is_wanted(counter.db, 5_000, 0, 5_000)


def test_a_changed_chunk_is_noticed_and_empties_nothing(counter: Counter) -> None:
    assert begin(counter, snapshot())
    with counter.db.transaction():
        counter.db.run("UPDATE base_chunk SET data=x'00' WHERE place=3")
    assert not verify(counter.db).ok
    with pytest.raises(ValueError):
        mend(counter.db)
    assert counter.db.scalar("SELECT count(*) FROM product") == GOODS


def _own(counter: Counter) -> bytes:
    return bytes(counter.db.scalar("SELECT id FROM product WHERE name='Barang sendiri'"))


def test_what_the_server_knows_of_goods_that_wait_here_lies_under_them(counter: Counter) -> None:
    """It lost the goods themselves by going back, or they were never let in."""
    own = _own(counter)
    early = (Early("product", own, "price", "9000"), Early("product", own, SOLD, "3"))
    before = counter.db.tuple_of("SELECT stock, stock_value, sold FROM product")
    assert before is not None
    small = snapshot(early=early, moved=(Stock(own, "before", -2_000, -4_000, 0),))
    assert begin(counter, small)
    assert not recall(counter.db, "refold")
    found = counter.db.tuple_of(
        "SELECT stock, stock_value, sold, price FROM product WHERE id=?", (own,)
    )
    assert found == (before[0] - 2_000, before[1] - 4_000, before[2] + 3, 9_000)
    proved(counter)


def test_nobody_waits_to_write_while_what_waits_is_compared_with_the_snapshot(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a hundred thousand own goods that takes a second."""
    held: list[bool] = []

    def meets(db: Database) -> bool:
        held.append(db.in_transaction)
        return meets_what_waits(db)

    monkeypatch.setattr("pos.sync.snapshot.meets_what_waits", meets)
    assert begin(counter, snapshot(early=(Early("product", _own(counter), "price", "9000"),)))
    assert held == [False]
    assert counter.db.scalar("SELECT price FROM product WHERE id=?", (_own(counter),)) == 9_000
    proved(counter)


def test_goods_that_are_let_in_after_the_snapshot_have_what_was_said_of_them(
    counter: Counter,
) -> None:
    late = b"L" * 16
    early = (Early("product", late, "name", '"Gula pasir"'), Early("product", late, SOLD, "2"))
    assert begin(counter, snapshot(early=early, moved=(Stock(late, "before", -700, -90, 0),)))
    proved(counter)
    server = TinyServer()
    for _ in range(2):
        server.write(RegisterLeft(b"o" * 16, "lama"))
    server.write(ProductAdded(ProductRecord(late, "", "Gula", "", "", "kg", 2_500), None))
    at = cursor(counter.db)
    assert at.feed_hash == server.hashes[2]
    assert apply_page(counter.db, server.page(at.n, set(), 9)).received == 1
    found = counter.db.tuple_of(
        "SELECT name, stock, stock_value, sold FROM product WHERE id=?", (late,)
    )
    assert found == ("Gula pasir", -700, -90, 2)
    proved(counter)


def test_where_the_server_has_goods_that_wait_here_the_feed_says_everything(
    counter: Counter,
) -> None:
    own, before = _own(counter), picture(counter.db)
    assert not begin(counter, snapshot(also=own))
    assert picture(counter.db) == before
    assert base_of(counter.db) is None and recall(counter.db, "no_snapshot")
    proved(counter)


def test_who_is_merged_while_a_snapshot_is_laid_down_has_no_share_left(counter: Counter) -> None:
    """The snapshot still has one: it was made before."""
    source, target = b"1" * 16, b"2" * 16

    def merge_once() -> None:
        met = counter.db.scalar("SELECT count(*) FROM customer WHERE id IN (?,?)", (source, target))
        if met == 2 and not counter.db.scalar("SELECT count(*) FROM merged"):
            list(merge_pairs(counter, [Two("customer", source, target)]))

    assert begin(counter, snapshot(people=(source, target)), breathe=merge_once)
    found = counter.db.rows("SELECT customer_id, amount FROM allotment")
    assert [tuple(row) for row in found] == [(target, 100_000)]
    proved(counter)
