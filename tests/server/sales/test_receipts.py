"""A receipt on the web says what its paper says: lines, subtotal, discount, cash, four letters."""

from __future__ import annotations

from core.facts.selling import SaleCompleted, SaleLine, TenderPart, TenderSwapped
from core.ids import hash_mark
from server.sales.receipts import Paid, Receipt, Wanted, of_place, receipt, receipts
from server.services import Services
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_shop import TODAY, Till, at
from tests.server.sales.conftest import joined


def sold(till: Till, tender: TenderPart, change: int) -> int:
    """33.000 and 5.000 of goods: 1.000 off the second, 1.000 off the cart, 36.000 to pay."""
    till.number += 1
    lines = tuple(
        SaleLine(
            fresh_id(), name, "pcs", 1, count * 1000, price, price, count * price, own, share,
            count * price - own - share, 0,
        )
        for name, count, price, own, share in (
            ("Sabun", 2, 16_500, 0, 892), ("Kopi", 1, 5_000, 1_000, 108),
        )
    )  # fmt: skip
    fact = SaleCompleted(
        till.number, till.shift, "sale", lines, (tender,), 36_000, 0, change, True
    )  # fmt: skip
    return till.write(at(TODAY, 8), TODAY, fact)


def shown(services: Services, shop_id: bytes, till: Till, seq: int) -> Receipt:
    with services.store.reading_shop(shop_id) as tx:
        n = of_place(tx, till.counter.device, seq)
        assert n is not None
        found = receipt(tx, n)
    assert found is not None
    return found


def test_the_lines_add_up_to_what_is_printed_under_them(
    services: Services, shop_id: bytes, till: Till
) -> None:
    seq = sold(till, TenderPart("cash", 36_000, 50_000), 14_000)
    till.push(services, shop_id)
    found = shown(services, shop_id, till, seq)
    assert [(one.gross, one.discount) for one in found.lines] == [(33_000, 0), (5_000, 1_000)]
    assert (found.subtotal, found.discount, found.due) == (37_000, 1_000, 36_000)
    assert found.payments == [Paid("cash", 50_000, "")] and found.change == 14_000


def test_the_four_letters_are_those_of_the_paper(
    services: Services, shop_id: bytes, till: Till
) -> None:
    seq = sold(till, TenderPart("qris", 36_000, reference="R-1"), 0)
    till.push(services, shop_id)
    found = shown(services, shop_id, till, seq)
    assert found.proof == hash_mark(till.counter.entries[seq - 1].hash)
    assert found.payments == [Paid("qris", 36_000, "R-1")]


def test_a_swapped_tender_gave_no_change(services: Services, shop_id: bytes, till: Till) -> None:
    seq = sold(till, TenderPart("cash", 36_000, 50_000), 14_000)
    swap = TenderSwapped(till.counter.device, seq, 1, "cash", "qris", "R-2", "salah tekan")
    till.write(at(TODAY, 9), TODAY, swap)
    till.push(services, shop_id)
    found = shown(services, shop_id, till, seq)
    assert found.payments == [Paid("qris", 36_000, "R-2")] and found.change == 0


def test_a_number_is_found_however_its_letters_are_typed(
    services: Services, shop_id: bytes
) -> None:
    till = joined(services, shop_id, "K1b7q")
    sold(till, TenderPart("cash", 36_000, 36_000), 0)
    till.push(services, shop_id)
    for typed in ("K1b7q-000001", "k1b7q-000001", "K1B7Q", "b7q"):
        with services.store.reading_shop(shop_id) as tx:
            found = receipts(tx, Wanted(TODAY, TODAY, text=typed))
        assert [one.receipt for one in found.rows] == ["K1b7q-000001"], typed
        assert (found.count, found.total) == (1, 36_000), typed
