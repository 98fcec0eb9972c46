"""What other counters of the shop write shows by itself, and what of it is no news here."""

from __future__ import annotations

from pathlib import Path

import msgspec
from pytestqt.qtbot import QtBot

from pos.catalog.goods import by_barcode
from pos.catalog.products import change_product, product_record
from pos.customers.people import add_customer
from pos.selling.carts import park, parked
from pos.shifts.drawer import start_shift
from pos.ui.catalog.goods import GoodsPage
from pos.ui.catalog.long_list import Listed
from pos.ui.customers.screen import CustomersPage
from pos.ui.selling.parked import ParkedPanel
from pos.ui.widgets.tile import Tile
from tests.helpers.counter import StillClock, cart_of, sell
from tests.helpers.real_server import RealServer
from tests.ui.hands import MI, Hands
from tests.ui.sync.linked import PATIENCE_MS, Other, in_step, join


def test_what_another_counter_writes_shows_by_itself(
    linked: Hands, other: Other, qtbot: QtBot
) -> None:
    """Nobody asks for a round here: the server tells that there is news."""
    counter, ways = other.counter, linked.window.ways
    start_shift(counter, 0)
    mi = by_barcode(counter.db, MI)[0].product_id

    ways.goods()
    goods = linked.window.pages.currentWidget()
    assert isinstance(goods, GoodsPage)

    def row_of_mi() -> Listed:
        rows = (goods.model.row(number) for number in range(goods.model.count()))
        return next(row for row in rows if row.id == mi)

    before = row_of_mi()
    record = product_record(counter.db, mi)
    change_product(counter, msgspec.structs.replace(record, price=2_900))
    other.sync()
    qtbot.waitUntil(lambda: "2.900" in row_of_mi().price, timeout=PATIENCE_MS)
    sell(counter, cart_of(counter, (mi, 2_000)))
    other.sync()
    qtbot.waitUntil(lambda: row_of_mi().stock != before.stock, timeout=PATIENCE_MS)

    ways.customers()
    people = linked.window.pages.currentWidget()
    assert isinstance(people, CustomersPage)
    assert people.model.count() == 0
    add_customer(counter, "Ibu Yusna", credit_limit=50_000)
    other.sync()
    qtbot.waitUntil(lambda: people.model.count() == 1, timeout=PATIENCE_MS)

    linked.press("Esc")
    for count, name in ((1, "meja 3"), (2, "meja 4")):
        park(counter, cart_of(counter, (mi, 1_000)), name)
        other.sync()
        if count == 1:
            qtbot.waitUntil(lambda: bool(parked(linked.counter.db)), timeout=PATIENCE_MS)
            linked.press("F7")
        model = linked.see(ParkedPanel, "parked_panel").model
        qtbot.waitUntil(lambda c=count, m=model: m.count() == c, timeout=PATIENCE_MS)


def test_the_tiles_follow_another_counters_price(linked: Hands, other: Other, qtbot: QtBot) -> None:
    linked.press("Esc")
    linked.tap("show_tiles", "category_mi")
    mi = by_barcode(other.counter.db, MI)[0].product_id
    record = product_record(other.counter.db, mi)
    change_product(other.counter, msgspec.structs.replace(record, price=2_950))
    other.sync()

    def prices() -> list[str]:
        return [one.accessibleName() for one in linked.window.findChildren(Tile) if one.isVisible()]

    qtbot.waitUntil(lambda: any("2.950" in text for text in prices()), timeout=PATIENCE_MS)


def notices(hands: Hands) -> dict[str, str]:
    """What is noticed on the selling screen, by what it is about."""
    found = {}
    for one in hands.window.selling.notices.waiting():
        assert callable(one.text)
        found[one.key] = one.text()
    return found


def test_lines_of_other_counters_are_no_copy_of_this_one(
    linked: Hands, other: Other, qtbot: QtBot
) -> None:
    """A second counter gets a code of its own: that opens a line, but not here."""
    assert other.counter.line.reason == "enrolled"
    start_shift(other.counter, 0)
    other.sync()
    here = linked.counter.db
    qtbot.waitUntil(
        lambda: here.scalar("SELECT 1 FROM line WHERE device=?", (other.counter.line.device,)),
        timeout=PATIENCE_MS,
    )
    qtbot.waitUntil(lambda: in_step(linked), timeout=PATIENCE_MS)
    assert "new_line" not in notices(linked)


def test_who_joins_second_is_told_the_new_code(
    linked: Hands, server: RealServer, qtbot: QtBot, tmp_path: Path, clock: StillClock
) -> None:
    first = Other(tmp_path / "first", server, clock)
    try:
        join(linked, server, qtbot)
        said = notices(linked)["new_line"]
        assert linked.counter.register in said and "dari server toko" in said
        assert "salinan" not in said
    finally:
        first.counter.close()
