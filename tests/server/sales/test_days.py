"""A day's sums against figures reckoned by hand: tax inside, tax on top, no cost, refunds."""

from __future__ import annotations

from core.facts.catalog import OpeningStock, ProductAdded, ProductRecord
from core.facts.selling import Refers, SaleCompleted, SaleLine, TenderPart
from server.sales.days import best_goods, by_hour, by_tender, day_figures, day_total, last_day
from server.sales.receipts import Wanted, receipts
from server.services import Services
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_shop import TODAY, Till, at


def product(till: Till, name: str, price: int, cost: int | None) -> ProductRecord:
    """A product with ten on the shelf, or with nothing where it has no cost."""
    record = ProductRecord(fresh_id(), "", name, "", "", "pcs", price, cost)
    opening = OpeningStock(record.product_id, 10_000, 10 * cost) if cost else None
    till.write(at(TODAY, 6), TODAY, ProductAdded(record, opening))
    return record


def line(record: ProductRecord, count: int, tax: int = 0, discount: int = 0) -> SaleLine:
    gross = record.price * count
    return SaleLine(
        record.product_id, record.name, "pcs", 1, count * 1000, record.price, record.price,
        gross, discount, 0, gross - discount, tax,
    )  # fmt: skip


def sell(
    till: Till, hour: int, lines: list[SaleLine], *, inside: bool = True, kind: str = "cash"
) -> int:
    till.number += 1
    total = sum(one.net + (0 if inside else one.tax) for one in lines)
    fact = SaleCompleted(
        till.number, till.shift, "refund" if any(one.refers for one in lines) else "sale",
        tuple(lines), (TenderPart(kind, total),), total, 0, 0, inside,
    )  # fmt: skip
    return till.write(at(TODAY, hour), TODAY, fact)


def test_sums_profit_and_what_has_no_cost(services: Services, shop_id: bytes, till: Till) -> None:
    rice, credit = product(till, "Beras", 11_100, 8_000), product(till, "Pulsa", 22_200, None)
    sold = sell(till, 8, [line(rice, 2, tax=2_200), line(credit, 1, tax=2_200)])
    sell(till, 8, [line(rice, 1, tax=1_221), line(credit, 1, tax=2_442)], inside=False, kind="qris")
    sell(till, 9, [line(rice, 1, discount=1_100, tax=991)])
    back = line(rice, -1, tax=-1_100)
    given = SaleLine(
        *[getattr(back, name) for name in back.__struct_fields__[:12]],
        refers=Refers(till.counter.device, sold, 1),
        back_to="stock",
    )
    sell(till, 15, [given])
    till.push(services, shop_id)
    with services.store.reading_shop(shop_id) as tx:
        figures = day_figures(tx, TODAY)
        hours = by_hour(tx, TODAY, "Asia/Makassar")
        tenders = by_tender(tx, TODAY)
        best = best_goods(tx, TODAY, 1)
        assert day_total(tx, TODAY) == (figures.total, figures.count)
        assert day_figures(tx, "2026-11-23").total == 0 and last_day(tx) == TODAY
    first, second, third = 44_400, 33_300 + 1_221 + 2_442, 10_000
    assert figures.total == first + second + third - 11_100
    assert (figures.count, figures.refunds, figures.refunded) == (3, 1, -11_100)
    assert figures.average == (first + second + third) // 3 and figures.discount == 1_100
    # Rice alone, without its tax: 2 + 1 + 1 sold, 1 back, at 8.000 each.
    rice_net = (22_200 - 2_200) + 11_100 + (10_000 - 991) - (11_100 - 1_100)
    assert figures.profit == rice_net - 3 * 8_000 and figures.uncosted == 2
    assert [(one.hour, one.count) for one in hours] == [(8, 2), (9, 1), (15, 1)]
    assert [(one.kind, one.amount, one.count) for one in tenders] == [
        ("cash", first + third - 11_100, 3),
        ("qris", second, 1),
    ]
    assert [(one.name, one.qty, one.net) for one in best] == [("Pulsa", 2_000, 44_400)]


def test_without_tax_what_has_no_cost_is_no_profit_either(
    services: Services, shop_id: bytes, till: Till
) -> None:
    rice, credit = product(till, "Beras", 10_000, 8_000), product(till, "Pulsa", 22_000, None)
    sell(till, 8, [line(rice, 2), line(credit, 1)])
    till.push(services, shop_id)
    with services.store.reading_shop(shop_id) as tx:
        figures = day_figures(tx, TODAY)
    assert (figures.total, figures.profit, figures.uncosted) == (42_000, 4_000, 1)


def test_receipts_are_in_the_order_of_the_clock_whoever_sent_first(
    services: Services, shop_id: bytes, till: Till, second_till: Till
) -> None:
    rice = product(till, "Beras", 10_000, 8_000)
    for counter, hour in ((till, 8), (second_till, 9), (till, 12)):
        sell(counter, hour, [line(rice, 1)])
    till.push(services, shop_id)
    second_till.push(services, shop_id)
    with services.store.reading_shop(shop_id) as tx:
        page = receipts(tx, Wanted(TODAY, TODAY))
        middle = page.rows[1]
        older = receipts(tx, Wanted(TODAY, TODAY, before=(middle.at_ms, middle.n)))
        odd = receipts(tx, Wanted(TODAY, TODAY, text="%"))
    times = [one.at_ms for one in page.rows]
    assert times == sorted(times, reverse=True) and page.before is None
    assert [one.n for one in older.rows] == [page.rows[2].n] and older.count == 3
    assert odd.rows == [] and odd.total == 0
