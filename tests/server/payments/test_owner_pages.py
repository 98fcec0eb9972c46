"""The owner connects the shop's own account, sees what needs a person, and gives money back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import update

from server.accounts.people import add_user
from server.db.schema import SHOP
from server.db.schema.payments import order_payment
from server.orders.door import PaidOrders
from server.orders.placing import Placed
from server.orders.refusals import BadBasket, WayNotOffered
from server.orders.stepping import take_steps
from server.payments import rows
from server.payments.accounts import Account, accounts_of, set_account, stop_using
from server.payments.asking import Ask, ask
from server.payments.connecting import connect_account
from server.payments.looking import look
from server.payments.midtrans import Access, Midtrans
from server.payments.paying import Paying
from server.payments.provider import Line, ProviderKeyWrong, ProviderSilent
from server.services import Services
from tests.helpers.near_gateway import NearGateway
from tests.helpers.orders import open_shop, order, read, stock_up
from tests.helpers.owing import check_all
from tests.helpers.sandbox import KEY, Sandbox
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import OWNER, PASSWORD
from tests.server.orders.test_pages import form_of
from tests.server.web.conftest import signed_in

__all__ = ["signed_in"]

PRICE = 20_000


@pytest.fixture
def shop_id(services: Services, sandbox: Sandbox) -> bytes:
    """A gerai whose provider is the sandbox, with an owner."""
    made = open_shop(services)
    add_user(services, OWNER, PASSWORD, made, "owner")
    set_account(services, made, Account("sandbox", KEY, base=sandbox.url))
    return made


def page_of(shop_id: bytes) -> str:
    """Where all of it is."""
    return f"/kelola/{shop_id.hex()}/pembayaran"


def paid(services: Services, sandbox: Sandbox, shop_id: bytes) -> Placed:
    """An order that was paid through the provider."""
    goods = stock_up(services, shop_id, "Gula", 5)
    placed = order(services, shop_id, [(goods, 2)], pay_way="gateway")
    take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    paying = Paying(services, PaidOrders())
    wanted = Ask(services.new_id(), placed.order_id, "qris", (Line("Gula", PRICE),), 900)
    made = ask(paying, shop_id, wanted)
    sandbox.act(made.provider_key, "pay")
    look(paying, shop_id, made.id)
    return placed


def connect(owner: Browser, shop_id: bytes, key: str, environment: str = "sandbox") -> str:
    """Send the form of the account; what is said then."""
    page = page_of(shop_id)
    fields = form_of(owner.get(page).text, f"{page}/akun")
    typed = {"csrf": fields["csrf"], "apa": "hubung", "lingkungan": environment,
             "kunci-server": key, "kunci-klien": ""}  # fmt: skip
    sent = owner.ask("POST", f"{page}/akun", data=typed)
    return owner.get(sent.headers["location"]).text if sent.status_code == 303 else sent.text


def test_a_key_is_tried_kept_sealed_and_never_shown(
    services: Services, shop_id: bytes, signed_in: Callable[..., Browser]
) -> None:
    owner = signed_in()
    stop_using(services, shop_id)
    for key, environment, said in (
        ("SB-Mid-server-wrong", "production", "Kunci ini tidak cocok"),
        ("", "sandbox", "Kunci ini tidak cocok"),
    ):
        text = connect(owner, shop_id, key, environment)
        assert said in text and "SB-Mid" not in text
        # Also at the field, which lies below: what is said at the top is out of sight there.
        field = re.search(r'<input id="kunci-server"[^>]*>(<p [^>]*>[^<]*)?', text)
        assert field and 'aria-invalid="true"' in field[0] and said in field[0]
        with services.store.reading_shop(shop_id) as tx:
            assert not any(one.is_active for one in accounts_of(tx))
    text = connect(owner, shop_id, KEY)
    assert "Akun terhubung" in text and KEY not in text
    with services.store.reading_shop(shop_id) as tx:
        assert [one.is_active for one in accounts_of(tx)] == [True]
    page = page_of(shop_id)
    fields = form_of(text, f"{page}/akun")
    owner.ask("POST", f"{page}/akun", data={**fields, "apa": "putus"})
    with services.store.reading_shop(shop_id) as tx:
        assert [one.is_active for one in accounts_of(tx)] == [False]


class Stranger(NearGateway):
    """A provider that does not know the key."""

    def connect(self, access: Access) -> Midtrans:
        raise ProviderKeyWrong()


def test_a_key_that_the_provider_does_not_know_is_not_kept(
    services: Services, shop_id: bytes
) -> None:
    with services.store.reading_shop(shop_id) as tx:
        before = accounts_of(tx)
    wrong = Account("production", "Mid-server-wrong")
    silent = NearGateway(services.now_ms)
    silent.lost = "before"
    for gateway, refusal in (
        (Stranger(services.now_ms), ProviderKeyWrong),
        (silent, ProviderSilent),
    ):
        with pytest.raises(refusal):
            connect_account(services, shop_id, wrong, gateway.connect)
    with services.store.reading_shop(shop_id) as tx:
        assert accounts_of(tx) == before


def test_what_is_owed_back_goes_back_once(
    services: Services, sandbox: Sandbox, shop_id: bytes, signed_in: Callable[..., Browser]
) -> None:
    placed, owner, page = paid(services, sandbox, shop_id), signed_in(), page_of(shop_id)
    take_steps(services, shop_id, placed.order_id, "shop", ["call_off"])
    fields = {**form_of(owner.get(page).text, page), "apa": "kembali"}
    assert fields["jumlah"] == str(PRICE)
    sent = owner.ask("POST", page, data={**fields, "jumlah": str(PRICE + 1)})
    assert sent.status_code == 422
    for _ in range(2):
        assert owner.ask("POST", page, data=fields).status_code == 303
    assert read(services, placed).story.standing.payment == "refunded"
    assert "Tidak ada uang yang harus dikembalikan" in owner.get(page).text
    check_all(services, shop_id)


def test_a_payment_in_trouble_says_what_to_do(
    services: Services, sandbox: Sandbox, shop_id: bytes, signed_in: Callable[..., Browser]
) -> None:
    paid(services, sandbox, shop_id)
    owner, page = signed_in(), page_of(shop_id)
    trouble(services, shop_id, "wrong_amount")
    text = owner.get(page).text
    assert "jumlah yang lain" in text and "Sudah saya urus" not in text
    fields = form_of(text, page)
    # What is not clear cannot be ticked off; the provider's answer clears it.
    owner.ask("POST", page, data={**fields, "apa": "urus"})
    assert "jumlah yang lain" in owner.get(page).text
    owner.ask("POST", page, data={**fields, "apa": "tanya"})
    assert "Semua pembayaran jelas" in owner.get(page).text
    trouble(services, shop_id, "charged_back")
    owner.ask("POST", page, data={**fields, "apa": "urus"})
    assert "Semua pembayaran jelas" in owner.get(page).text


def trouble(services: Services, shop_id: bytes, why: str) -> None:
    """Put the shop's payment on the list."""
    change = update(order_payment).where(order_payment.c.shop_id == SHOP).values(trouble=why)
    services.store.in_shop(shop_id, lambda tx: tx.run(change))
    with services.store.reading_shop(shop_id) as tx:
        assert [one.trouble for one in rows.troubled(tx)] == [why]


def test_no_provider_is_offered_above_its_limit(services: Services, shop_id: bytes) -> None:
    gold = stock_up(services, shop_id, "Emas", 5, price=500_000_000)
    with pytest.raises(WayNotOffered):
        order(services, shop_id, [(gold, 2)], pay_way="gateway")
    assert order(services, shop_id, [(gold, 1)], pay_way="gateway").number
    assert order(services, shop_id, [(gold, 2)]).number
    # What no books can hold is not ordered at all.
    ships = stock_up(services, shop_id, "Kapal", 99_999, price=9_999_999_999)
    with pytest.raises(BadBasket):
        order(services, shop_id, [(ships, 99_999)])


def test_a_viewer_changes_nothing(
    services: Services, shop_id: bytes, signed_in: Callable[..., Browser]
) -> None:
    add_user(services, "kasir@contoh.id", PASSWORD, shop_id, "manager")
    browser, page = signed_in("kasir@contoh.id"), page_of(shop_id)
    text = browser.get(page).text
    assert "Kunci server" not in text
    sent = browser.ask("POST", f"{page}/akun", data={"apa": "putus"})
    assert sent.status_code == 403
