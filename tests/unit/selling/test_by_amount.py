"""Sugar for Rp 5.000: from what is typed to the receipt, the books and what is given back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import Refused
from core.receipt_layout import layout
from core.tender import TenderKind
from pos.catalog.goods import stock_of
from pos.counter import Counter
from pos.journal.verify import verify
from pos.printing.text import to_text
from pos.receipts.documents import receipt_document
from pos.selling.refunds import Return, make_refund
from pos.selling.sales import Tendered
from pos.selling.till import Till
from pos.selling.typed import typed_ahead
from pos.shifts.drawer import start_shift
from tests.helpers.counter import add_goods, make_shop


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A shop with an open shift."""
    with make_shop(tmp_path) as shop:
        start_shift(shop, 100_000)
        yield shop


@pytest.fixture
def gula(counter: Counter) -> bytes:
    """Sugar at 16,000 a kilo, ten kilos of it."""
    return add_goods(counter, "Gula pasir", 16_000, unit="kg", fractional=True)


@pytest.mark.parametrize(
    ("typed", "ahead"),
    [
        ("5000r", ("money", "5000")),
        ("5.000R", ("money", "5.000")),
        ("100r", ("money", "100")),
        ("3*", ("count", "3")),
        ("0,25 *", ("count", "0,25")),
    ],
)
def test_what_is_typed_ahead_is_read(typed: str, ahead: tuple[str, str]) -> None:
    assert typed_ahead(typed) == ahead


@pytest.mark.parametrize("typed", ["", "4r", "99r", "kertas 4r", "5000", "50.00r", "r", "12ar"])
def test_names_and_codes_are_not_money(typed: str) -> None:
    assert typed_ahead(typed) is None


def test_the_line_holds_the_money_and_what_it_bought(counter: Counter, gula: bytes) -> None:
    till = Till(counter)
    till.set_asked("5000")
    assert till.pick(gula).kind == "added"
    line = till.priced.lines[0]
    assert (line.qty, line.unit_price, line.net, line.by_amount) == (312, 16_000, 5_000, True)
    assert till.asked is None
    till.pick(gula)
    assert [line.gross for line in till.priced.lines] == [5_000, 16_000]


def test_a_count_and_an_amount_never_wait_together(counter: Counter, gula: bytes) -> None:
    till = Till(counter)
    till.set_asked("5000")
    till.set_multiplier("3")
    assert (till.multiplier, till.asked) == (3_000, None)
    till.set_asked("5000")
    assert (till.multiplier, till.asked) == (None, 5_000)
    till.set_asked("")
    assert till.asked is None
    with pytest.raises(Refused, match="bad_amount"):
        till.set_asked("-5000")


def test_goods_in_pieces_are_refused_and_the_amount_waits_on(counter: Counter, gula: bytes) -> None:
    mi = add_goods(counter, "Mi goreng", 2_500)
    till = Till(counter)
    till.set_asked("5000")
    refused = till.pick(mi)
    assert refused.refusal is not None
    assert refused.refusal.code == "amount_needs_weighing"
    assert (till.cart.lines, till.asked) == ((), 5_000)
    till.pick(gula)
    assert till.priced.total == 5_000


def test_undo_and_a_new_quantity_end_the_amount(counter: Counter, gula: bytes) -> None:
    till = Till(counter)
    till.set_asked("5000")
    till.pick(gula)
    till.set_quantity(500)
    assert (till.priced.lines[0].net, till.priced.lines[0].by_amount) == (8_000, False)
    till.undo()
    assert till.priced.total == 5_000


def test_receipt_and_books_show_the_money_asked_for(counter: Counter, gula: bytes) -> None:
    till = Till(counter)
    till.set_asked("5000")
    till.pick(gula)
    done = till.pay([Tendered(TenderKind.CASH, 5_000)])
    text = to_text(layout(receipt_document(counter.db, counter.settings, done.receipt), 32), 32)
    assert ["0,312", "kg", "x", "16.000", "5.000"] in [line.split() for line in text.splitlines()]
    row = counter.db.one("SELECT qty, unit_price, gross, net FROM sale_line")
    assert row is not None and tuple(row) == (312, 16_000, 5_000, 5_000)
    assert stock_of(counter.db, gula) == 9_688
    assert verify(counter.db).ok


def test_giving_back_mirrors_the_share_of_the_money(counter: Counter, gula: bytes) -> None:
    till = Till(counter)
    till.set_asked("5000")
    till.pick(gula)
    done = till.pay([Tendered(TenderKind.CASH, 5_000)])
    part = make_refund(counter, done.receipt, [Return(1, 100)], "basah")
    rest = make_refund(counter, done.receipt, [Return(1, 212)], "basah")
    assert (part.total, rest.total) == (-1_602, -3_398)
    assert verify(counter.db).ok
