"""A counter gives the snapshot up that it began with, since the server was brought back to before
it or a disk has damaged it: in small transactions, however much it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.db.base import base_of
from pos.db.database import Database
from pos.db.past import entries_missing
from pos.journal import mending
from pos.journal.verify import verify
from pos.sync import goback
from pos.sync.due import fold_what_is_due, is_folding_due
from pos.sync.goback import go_back, pull_whole
from pos.sync.memory import cursor
from pos.sync.wanted import Wanted
from tests.helpers.broken_off import BY_SYNC, Contents, Ended, at_the, contents, copy_of
from tests.helpers.counter import StillClock, cart_of, sell
from tests.helpers.late_counter import LateCounter


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LateCounter]:
    """The late counter has what came after its snapshot, an older receipt by itself and a stretch
    of older entries; between these some are missing. Its own sales lie after, and wait."""
    made = LateCounter(tmp_path, StillClock(), monkeypatch)
    for _ in range(4):
        made.sell(made.first)
        made.sync(made.first)
        made.sell(made.late)
        made.sync(made.late)
    assert made.fetcher().look_for(Wanted(receipt=made.receipts[0]))
    monkeypatch.setattr("server.sync.past.STRETCH_BYTES", 400)
    assert made.fetcher().stretch()
    assert entries_missing(made.late.db) > 4
    made.sell(made.late)
    monkeypatch.setattr(goback, "STEP_ENTRIES", 2)
    monkeypatch.setattr(mending, "SLICE_ROWS", 4)
    yield made
    made.close()


def at_once(db: Database, epoch: int, monkeypatch: pytest.MonkeyPatch) -> Contents:
    copied = copy_of(db)
    with monkeypatch.context() as patched:
        patched.setattr(goback, "STEP_ENTRIES", 1 << 30)
        patched.setattr(mending, "SLICE_ROWS", 1 << 30)
        go_back(copied, 0, epoch)
    return contents(copied, *BY_SYNC)


def test_in_steps_it_comes_to_the_same_as_at_once(
    shop: LateCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = shop.late.db
    expected = at_once(db, 2, monkeypatch)
    begun = "SELECT count(*) FROM local_setting WHERE name='sync_begun'"
    pages: list[int] = []
    go_back(db, 0, 2, lambda: pages.append(db.scalar(begun)))
    assert len(pages) > 15
    assert not any(pages), "each step ends where a page does"
    assert contents(db, *BY_SYNC) == expected
    assert base_of(db) is None and cursor(db) == (2, 0, cursor(db).feed_hash)
    for name in ("base_chunk", "past_page", "page"):
        assert not db.scalar(f"SELECT count(*) FROM {name}"), name
    assert verify(db).ok


def test_a_program_that_ends_in_between_goes_on_without_the_server(
    shop: LateCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = shop.late.db
    expected = at_once(db, 2, monkeypatch)
    breath, ended = 0, 0
    while True:
        breath += 1
        broken_off = copy_of(db)
        try:
            go_back(broken_off, 0, 2, at_the(breath))
        except Ended:
            ended += 1
        else:
            break
        assert is_folding_due(broken_off)
        if not goback.is_given_up(broken_off):
            # It goes back with the server yet, and the snapshot still stands for what it did.
            assert cursor(broken_off).n >= base_of(db).n  # type: ignore[union-attr]
            fold_what_is_due(broken_off)
            go_back(broken_off, 0, 2)
        fold_what_is_due(broken_off)
        assert not is_folding_due(broken_off)
        assert contents(broken_off, *BY_SYNC) == expected, breath
    assert ended > 15


def test_it_is_sold_on_between_the_steps(shop: LateCounter) -> None:
    """Also goods that are in the cart already and go with the snapshot until the feed is here."""
    shown: list[str] = []
    cart = cart_of(shop.late, (shop.goods, 1_000))

    def breathe() -> None:
        if len(shown) < 30:
            shown.append(sell(shop.late, cart).receipt)

    db = shop.late.db
    go_back(db, 0, 2, breathe)
    assert len(shown) > 10
    for receipt in shown:
        assert db.scalar("SELECT 1 FROM sale WHERE receipt=?", (receipt,))
    assert verify(db).ok


def test_what_somebody_looks_for_meanwhile_is_laid_down_no_more(shop: LateCounter) -> None:
    """It is asked for on another thread, and is in the feed that comes anyway."""
    db = shop.late.db
    looked: list[bool] = []

    def breathe() -> None:
        if goback.is_given_up(db) and base_of(db) is not None:
            looked.append(shop.fetcher().look_for(Wanted(receipt=shop.receipts[1])))

    pull_whole(db, cursor(db).epoch, breathe)
    assert looked and not any(looked)
    assert not db.scalar("SELECT count(*) FROM past_page")
    assert verify(db).ok


def test_the_feed_comes_whole_after_it(shop: LateCounter) -> None:
    late = shop.late
    pull_whole(late.db, cursor(late.db).epoch)
    for _ in range(2):
        shop.sync(late)
    assert base_of(late.db) is None
    for receipt in (*shop.receipts, shop.given_back):
        assert late.db.scalar("SELECT 1 FROM sale WHERE receipt=?", (receipt,)), receipt
    shop.sync(shop.first)
    stock = "SELECT stock, stock_value FROM product ORDER BY id"
    assert late.db.raw.execute(stock).fetchall() == shop.first.db.raw.execute(stock).fetchall()
    assert verify(late.db).ok
