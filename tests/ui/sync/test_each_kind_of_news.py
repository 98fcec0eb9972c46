"""Every kind of thing that two counters of a shop must both know reaches the list that is open."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from core import cart as carts
from core.facts.stock import StockLine
from core.money import format_rupiah
from pos.catalog.goods import by_barcode
from pos.catalog.products import change_product, product_record
from pos.customers.accounts import customer, find_customers, lendable
from pos.customers.people import add_customer, change_customer, repay
from pos.selling.carts import CartGone, fetch, park, parked
from pos.shifts.drawer import start_shift
from pos.staff.people import add_staff
from pos.stock.moving import receive
from pos.ui.catalog.goods import GoodsPage
from pos.ui.customers.screen import CustomersPage
from pos.ui.selling.buyer import CustomerPanel
from pos.ui.selling.parked import ParkedPanel
from pos.ui.selling.price_check import PriceCheckPanel
from tests.helpers.counter import add_goods, cart_of, sell
from tests.ui.hands import MI, Hands
from tests.ui.sync.linked import PATIENCE_MS, Other, in_step

Until = Callable[[Callable[[], bool]], None]
LIMIT = 20_000


@pytest.fixture
def until(qtbot: QtBot) -> Until:
    return lambda true: qtbot.waitUntil(true, timeout=PATIENCE_MS)


def _goods(hands: Hands) -> dict[str, str]:
    """Names and stock in the open list of goods."""
    page = hands.window.pages.currentWidget()
    assert isinstance(page, GoodsPage)
    rows = [page.model.row(at) for at in range(page.model.count())]
    return {row.name: row.stock for row in rows}


def _people(hands: Hands) -> CustomersPage:
    page = hands.window.pages.currentWidget()
    assert isinstance(page, CustomersPage)
    return page


def owed(rupiah: int) -> str:
    return f"Utang {format_rupiah(rupiah)}, batas {format_rupiah(LIMIT)}"


def may_lend(rupiah: int) -> str:
    amount = format_rupiah(rupiah)
    return f"Kasir ini masih boleh memberi kasbon {amount}, selebihnya bagian kasir lain"


def test_new_goods_and_received_ones(linked: Hands, other: Other, until: Until) -> None:
    linked.window.ways.goods()
    before = _goods(linked)
    made = add_goods(other.counter, "Kopi bubuk", 12_000, qty=5_000)
    other.sync()
    until(lambda: _goods(linked) == {**before, "Kopi bubuk": "5"})
    receive(other.counter, [StockLine(made, 7_000, 63_000)])
    other.sync()
    until(lambda: _goods(linked)["Kopi bubuk"] == "12")


def test_a_customers_new_name(linked: Hands, other: Other, until: Until) -> None:
    linked.window.ways.customers()
    who = add_customer(other.counter, "Ibu Yusna")
    other.sync()
    until(lambda: _people(linked).who.text() == "Ibu Yusna")
    change_customer(other.counter, who, name="Ibu Yusna Hasan")
    other.sync()
    until(lambda: _people(linked).who.text() == "Ibu Yusna Hasan")


def test_what_is_owed_and_what_this_counter_may_lend(
    linked: Hands, other: Other, until: Until
) -> None:
    """More than its own share at one takes from the other's; what is paid back is dealt again."""
    start_shift(other.counter, 0)
    who = add_customer(other.counter, "Ibu Yusna", credit_limit=LIMIT)
    goods = add_goods(other.counter, "Beras", 11_000)
    linked.window.ways.customers()
    other.sync()
    shown = _people(linked).facts.text
    until(lambda: shown().splitlines() == [owed(0), may_lend(10_000)])
    sell(
        other.counter, carts.set_customer(cart_of(other.counter, (goods, 1_000)), who),
        ("credit", 11_000),
    )  # fmt: skip
    other.sync()
    until(lambda: shown().splitlines()[0] == owed(11_000))
    # All that is left of the limit is this counter's: nothing lies with the other one.
    assert lendable(linked.counter.db, customer(linked.counter.db, who)) == 9_000
    repay(other.counter, who, 11_000)
    other.sync()
    until(lambda: shown().splitlines() == [owed(0), may_lend(10_000)])


def test_who_would_lend_more_than_this_counters_share_is_told_how_much_it_is(
    linked: Hands, other: Other, until: Until
) -> None:
    """Not that the limit would be passed, which it would not; a manager may allow it."""
    here = linked.counter
    who = add_customer(other.counter, "Ibu Yusna", credit_limit=LIMIT)
    goods = add_goods(other.counter, "Beras", 11_000)
    other.sync()
    until(lambda: bool(here.db.scalar("SELECT amount FROM allotment WHERE customer_id=?", (who,))))
    here.staff_id = add_staff(here, "Budi", "cashier")
    cart = carts.set_customer(cart_of(here, (goods, 1_000)), who)
    linked.desk.run(lambda: sell(here, cart, ("credit", 11_000)))
    assert linked.panel == "override"
    assert f"kasbon {format_rupiah(10_000)} kepada Ibu Yusna" in linked.words


def test_where_nothing_is_split_nothing_is_said_of_it(hands: Hands) -> None:
    add_customer(hands.counter, "Ibu Yusna", credit_limit=LIMIT)
    hands.window.ways.customers()
    assert _people(hands).facts.text() == owed(0)


def test_a_cart_taken_at_one_is_gone_at_the_other(
    linked: Hands, other: Other, until: Until
) -> None:
    here, there = linked.counter, other.counter
    mi = by_barcode(there.db, MI)[0].product_id
    for name in ("meja 3", "meja 4"):
        park(there, cart_of(there, (mi, 1_000)), name)
    other.sync()
    until(lambda: len(parked(here.db)) == 2)
    linked.press("Esc", "F7")
    panel = linked.see(ParkedPanel, "parked_panel")
    first, second = parked(there.db)
    fetch(there, first.id)
    other.sync()
    until(lambda: panel.model.count() == 1)
    assert panel.model.row(0).name == "meja 4"
    linked.press("Enter")
    assert [line[0] for line in linked.cart] == ["Mi goreng"]
    until(lambda: in_step(linked))
    other.sync()
    assert not parked(there.db)
    with pytest.raises(CartGone):
        fetch(there, second.id)


def test_the_chosen_cart_stays_chosen_when_another_counter_takes_one_above_it(
    linked: Hands, other: Other, until: Until
) -> None:
    """Else Enter would take up a cart that nobody chose."""
    here, there = linked.counter, other.counter
    mi = by_barcode(there.db, MI)[0].product_id
    for name in ("meja 3", "meja 4", "meja 5"):
        park(there, cart_of(there, (mi, 1_000)), name)
    other.sync()
    until(lambda: len(parked(here.db)) == 3)
    linked.press("Esc", "F7", "Down")
    panel = linked.see(ParkedPanel, "parked_panel")
    fetch(there, parked(there.db)[0].id)
    other.sync()
    until(lambda: panel.model.count() == 2)
    linked.press("Enter")
    until(lambda: in_step(linked))
    assert [cart.name for cart in parked(here.db)] == ["meja 5"]


@pytest.mark.parametrize("typed", ["", "m"])
def test_chosen_goods_stay_chosen_when_another_counter_adds_some_above_them(
    linked: Hands, other: Other, until: Until, typed: str
) -> None:
    """Else what is received or set right would be of goods that nobody chose."""
    linked.window.ways.goods()
    page = linked.window.pages.currentWidget()
    assert isinstance(page, GoodsPage)
    linked.type(typed)
    linked.press("Down")
    chosen = page.chosen()
    assert chosen is not None and page.table.current_row() == 1
    before = page.model.count()
    add_goods(other.counter, "M")
    add_goods(other.counter, "Aneka mi")
    other.sync()
    until(lambda: page.model.count() == before + 2)
    now = page.chosen()
    assert now is not None and now.name == chosen.name


def test_who_buys_is_chosen_from_a_list_that_follows(
    linked: Hands, other: Other, until: Until
) -> None:
    add_customer(other.counter, "Ibu Yusna", credit_limit=LIMIT)
    other.sync()
    until(lambda: bool(find_customers(linked.counter.db)))
    linked.press("Esc")
    linked.tap("customer")
    panel = linked.see(CustomerPanel, "customer_panel")
    add_customer(other.counter, "Bapak Anton", credit_limit=LIMIT)
    other.sync()
    until(lambda: panel.model.count() == 2)
    linked.press("Enter")
    who = linked.desk.till.cart.customer_id
    assert who is not None and customer(linked.counter.db, who).name == "Ibu Yusna"


def test_what_a_search_found_shows_the_price_and_stock_of_now(
    linked: Hands, other: Other, until: Until
) -> None:
    """Row by row: none moves from under a finger or the chosen line."""
    there = other.counter
    linked.press("Esc")
    linked.type("mi")
    model, table = linked.window.selling.results_model, linked.window.selling.results
    linked.press("Down")
    names = [model.row(at).name for at in range(model.count())]
    at = names.index("Mi goreng")
    mi = model.row(at).id
    change_product(there, msgspec.structs.replace(product_record(there.db, mi), price=2_900))
    receive(there, [StockLine(mi, 7_000, 14_000)])
    other.sync()
    until(lambda: (model.row(at).price, model.row(at).stock) == (2_900, 17_000))
    assert [model.row(at).name for at in range(model.count())] == names
    assert table.current_row() == 1


def test_a_checked_price_follows_while_it_is_shown(
    linked: Hands, other: Other, until: Until
) -> None:
    there = other.counter
    mi = by_barcode(there.db, MI)[0].product_id
    linked.press("Esc")
    linked.tap("price_check")
    linked.scan(MI)
    panel = linked.see(PriceCheckPanel, "price_check")
    assert "2.500" in panel.prices.text()
    linked.type("sab")
    change_product(there, msgspec.structs.replace(product_record(there.db, mi), price=2_900))
    other.sync()
    until(lambda: "2.900" in panel.prices.text())
    assert panel.search.text() == "sab"
