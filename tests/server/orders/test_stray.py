"""Money without an order, and orders without money: each finds the other, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.errors import Refused
from core.ledger import account_id
from server.accounts.people import add_user
from server.ledger.accounts import balance_of
from server.orders.placing import Placed
from server.orders.stepping import take_steps
from server.orders.stray import give_money_back, note_money, strays, tie_money, unpaid_orders
from server.services import Services
from tests.helpers.orders import BUYER, open_shop, order, read, set_plain, stock_up
from tests.helpers.owing import check_all
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import OWNER, PASSWORD
from tests.server.orders.test_pages import form_of

PRICE = 10_000
BY = bytes(16)
DAY = "2026-11-20"
MONEY = bytes(15) + b"m"


@pytest.fixture
def shop_id(services: Services) -> bytes:
    """A shop that is paid on its own account, too."""
    made = open_shop(services)
    set_plain(services, made, transfer_accounts=["BRI 1"])
    return made


def waiting(services: Services, shop_id: bytes, qty: int = 2) -> Placed:
    """An order that is to be paid to the shop before."""
    goods = stock_up(services, shop_id, f"Gula {qty}", 5)
    buyer = BUYER._replace(origin="")
    placed = order(services, shop_id, [(goods, qty)], pay_way="to_shop", buyer=buyer)
    take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    return placed


def left(services: Services, shop_id: bytes) -> list[tuple[int, str]]:
    """What is left of which money."""
    with services.store.reading_shop(shop_id) as tx:
        return [(one.left, one.note) for one in strays(tx)[0]]


def bank(services: Services, shop_id: bytes) -> int:
    """What the books say is on the shop's account."""
    with services.store.reading_shop(shop_id) as tx:
        return balance_of(tx, account_id(shop_id, "bank")).balance


def test_money_is_tied_to_its_order_and_the_rest_stays(services: Services, shop_id: bytes) -> None:
    placed = waiting(services, shop_id)
    for _ in range(2):
        note_money(services, shop_id, MONEY, 25_000, DAY, "dari Ibu Sri", BY)
    assert left(services, shop_id) == [(25_000, "dari Ibu Sri")]
    tie_money(services, shop_id, MONEY, placed.number, BY)
    assert read(services, placed).story.standing.payment == "paid"
    assert left(services, shop_id) == [(5_000, "dari Ibu Sri")]
    assert bank(services, shop_id) == 25_000
    check_all(services, shop_id)
    give_money_back(services, shop_id, MONEY, BY)
    assert (left(services, shop_id), bank(services, shop_id)) == ([], 20_000)
    for again in (
        lambda: give_money_back(services, shop_id, MONEY, BY),
        lambda: tie_money(services, shop_id, MONEY, placed.number, BY),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "stray_gone"
    check_all(services, shop_id)


def test_what_does_not_fit_changes_nothing(services: Services, shop_id: bytes) -> None:
    placed = waiting(services, shop_id)
    note_money(services, shop_id, MONEY, 19_999, DAY, "", BY)
    for number, code in ((placed.number, "stray_too_small"), (77, "stray_no_order")):
        with pytest.raises(Refused) as refused:
            tie_money(services, shop_id, MONEY, number, BY)
        assert refused.value.code == code
    assert left(services, shop_id) == [(19_999, "")]
    check_all(services, shop_id)


def test_money_for_an_order_that_was_called_off_is_owed_back(
    services: Services, shop_id: bytes
) -> None:
    placed = waiting(services, shop_id)
    take_steps(services, shop_id, placed.order_id, "buyer", ["cancel"])
    note_money(services, shop_id, MONEY, 20_000, DAY, "", BY)
    tie_money(services, shop_id, MONEY, placed.number, BY)
    assert read(services, placed).story.standing.to_give_back == 20_000
    check_all(services, shop_id)


def test_the_owner_ticks_off_writes_down_and_ties(
    services: Services, shop_id: bytes, signed_in: Callable[..., Browser]
) -> None:
    add_user(services, OWNER, PASSWORD, shop_id, "owner")
    owner, page = signed_in(), f"/kelola/{shop_id.hex()}/uang"
    one, other, third = (waiting(services, shop_id, qty) for qty in (1, 2, 3))
    take_steps(services, shop_id, other.order_id, "buyer", ["claim"])
    with services.store.reading_shop(shop_id) as tx:
        assert [(it.number, it.owed, it.claimed) for it in unpaid_orders(tx)] == [
            (other.number, 20_000, True), (one.number, 10_000, False), (third.number, 30_000, False)
        ]  # fmt: skip
    fields = form_of(owner.get(page).text, page)
    assert fields["pesanan"] == other.order_id.hex()
    sent = owner.ask("POST", page, data={**fields, "apa": "belum"})
    assert (sent.status_code, read(services, other).story.standing.payment) == (303, "due")
    owner.ask("POST", page, data={**fields, "apa": "masuk"})
    assert read(services, other).story.standing.payment == "paid"
    typed = {"apa": "catat", "jumlah": "30.000", "tanggal": DAY, "catatan": "<b>Ibu Sri</b>",
             "formulir": "a", "csrf": fields["csrf"]}  # fmt: skip
    for _ in range(2):
        assert owner.ask("POST", page, data=typed).status_code == 303
    text = owner.get(page).text
    assert left(services, shop_id) == [(30_000, "<b>Ibu Sri</b>")]
    assert f"Untuk pesanan {third.number}" in text and "&lt;b&gt;Ibu Sri" in text
    assert owner.ask("POST", page, data={**typed, "jumlah": "-1"}).status_code == 422
    money = text.partition('name="uang" value="')[2][:32]
    tie = {"apa": "ikat", "uang": money, "csrf": fields["csrf"], "nomor": str(third.number)}
    assert owner.ask("POST", page, data=tie).status_code == 303
    assert owner.ask("POST", page, data=tie).status_code == 422
    assert left(services, shop_id) == []
    check_all(services, shop_id)


def test_another_shops_money_is_unknown(
    services: Services, shop_id: bytes, signed_in: Callable[..., Browser]
) -> None:
    add_user(services, OWNER, PASSWORD, shop_id, "owner")
    other = open_shop(services, "Toko Lain")
    note_money(services, other, MONEY, 5_000, DAY, "", BY)
    owner, page = signed_in(), f"/kelola/{shop_id.hex()}/uang"
    fields = {"csrf": form_of(owner.get(page).text, page)["csrf"], "apa": "kembali"}
    for money in (MONEY.hex(), "x"):
        assert owner.ask("POST", page, data={**fields, "uang": money}).status_code == 404
    assert owner.get(f"/kelola/{other.hex()}/uang").status_code == 404
    assert left(services, other) == [(5_000, "")]
