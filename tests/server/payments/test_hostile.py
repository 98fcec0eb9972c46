"""Notifications of strangers, answers that do not fit, and a death between two steps."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from server.app.application import assemble
from server.config import Config
from server.db.store import Store
from server.http.problems import NotFound
from server.payments.looking import look
from server.payments.midtrans import Access, Midtrans
from server.payments.provider import Charge, Charged, Said
from server.payments.requests import notify_address, payment_routes
from server.payments.signature import signature
from server.services import Services
from tests.helpers.asgi import ask
from tests.helpers.paid_orders import PaidShop
from tests.helpers.sandbox import KEY, Sandbox, listening


def _told(key: str, server_key: str = KEY, **more: Any) -> bytes:
    told = {
        "order_id": key,
        "status_code": "200",
        "gross_amount": "28000.00",
        "transaction_status": "settlement",
        "fraud_status": "accept",
        "transaction_id": "x",
        **more,
    }
    made = signature(told["order_id"], told["status_code"], told["gross_amount"], server_key)
    return json.dumps({"signature_key": made, **told}).encode()


def test_forged_and_unknown_ones_store_nothing_and_ask_nobody(paid: PaidShop) -> None:
    made = paid.ask(paid.wanted(paid.order()))
    before = paid.count_words()
    paid.sandbox.act(made.provider_key, "pay")
    key = made.provider_key
    for raw in (
        b"",
        b"{}",
        b"[]",
        b"\xff\xfe",
        b"[" * 50_000,
        b"{" + b" " * 100_000 + b"}",
        _told(key, "SB-Mid-server-guessed"),
        _told(key, signature_key=""),
        _told(key, signature_key=None),
        _told(key, signature_key="\ud800"),
        _told("HY-none"),
        _told(key + "\0"),
        b'{"order_id":1}',
    ):
        assert paid.hear(raw) == "ignored"
    assert paid.count_words() == before and paid.payment(made.id).state == "pending"


def test_another_shops_key_signs_nothing_here(
    services: Services, sandbox: Sandbox, paid: PaidShop
) -> None:
    other = PaidShop(services, sandbox, "SB-Mid-server-toko-b")
    other.paying = paid.paying
    made = paid.ask(paid.wanted(paid.order()))
    paid.sandbox.act(made.provider_key, "pay")
    assert other.hear(_told(made.provider_key, "SB-Mid-server-toko-b")) == "ignored"
    assert paid.payment(made.id).state == "pending"
    # Its own is taken whoever hears it: the shop comes from the order's key.
    assert other.hear(_told(made.provider_key)) == "taken"
    assert paid.payment(made.id).state == "paid" and other.count_words() == 0


def test_a_good_signature_says_nothing_that_the_provider_does_not(paid: PaidShop) -> None:
    order = paid.order()
    with listening() as ear:
        made = paid.ask(paid.wanted(order, notify=ear.url))
        ear.wait(1)
    told = json.loads(ear.heard[0])
    assert paid.hear(json.dumps({**told, "transaction_status": "settlement"}).encode()) == "taken"
    assert paid.payment(made.id).state == "pending" and paid.door.names(order) == ["asked"]


def test_replayed_it_is_kept_once_and_changes_nothing(paid: PaidShop) -> None:
    order = paid.order()
    with listening() as ear:
        made = paid.ask(paid.wanted(order, notify=ear.url))
        ear.wait(1)
        paid.sandbox.act(made.provider_key, "pay")
        ear.wait(2)
    for _ in range(3):
        for raw in reversed(ear.heard):
            assert paid.hear(raw) == "taken"
    kept = paid.count_words()
    # Days later, by somebody who kept them.
    paid.poll(86_400_000)
    assert [paid.hear(raw) for raw in ear.heard] == ["taken", "taken"]
    assert paid.count_words() == kept and paid.words(made).count("notification") == 2
    assert paid.door.names(order) == ["asked", "settled"]
    assert paid.balances(order)["clearing"] == 28_000


def test_by_the_providers_own_id_alone(paid: PaidShop) -> None:
    made = paid.ask(paid.wanted(paid.order()))
    paid.sandbox.act(made.provider_key, "pay")
    own = paid.payment(made.id).transaction_id
    assert paid.hear(_told("another-key", transaction_id=own)) == "taken"
    assert paid.payment(made.id).state == "paid"


def test_genuine_while_the_provider_is_silent_comes_again(paid: PaidShop) -> None:
    made = paid.ask(paid.wanted(paid.order()))
    paid.sandbox.act(made.provider_key, "pay")
    paid.sandbox.wish(status="error_before")
    assert paid.hear(_told(made.provider_key)) == "later"
    assert "notification" in paid.words(made)
    paid.sandbox.wish()
    assert paid.poll() == 1 and paid.payment(made.id).state == "paid"


def test_the_address_answers_everybody_alike_and_never_moves(paid: PaidShop) -> None:
    app = assemble(paid.services, Config(), routes=payment_routes(paid.door))
    made = paid.ask(paid.wanted(paid.order()))
    place = notify_address("https://gerai.id/", "midtrans").removeprefix("https://gerai.id")
    genuine = _told(made.provider_key)
    for path in (place, f"{place}/", "/bayar/elsewhere/kabar"):
        answers = [ask(app, "POST", path, content=raw) for raw in (genuine, b"{}", b"x" * 90_000)]
        assert {(one.status_code, one.text) for one in answers} == {(200, "OK")}
    assert ask(app, "GET", place).status_code == 405
    assert ask(app, "POST", place, content=b"x" * (9 * 1024 * 1024)).status_code == 413
    paid.sandbox.wish(status="error_before")
    assert ask(app, "POST", place, content=genuine).status_code == 503
    assert ask(app, "POST", place, content=b"{}").status_code == 200


def test_it_is_an_address_of_the_server(store: Store) -> None:
    app = assemble(Services(store), Config())
    assert ask(app, "POST", "/bayar/midtrans/kabar", content=b"{}").status_code == 200


class _Odd(Midtrans):
    """Says what it is told to say, once that is given."""

    says: Said | None = None

    def status(self, key: str, *, within_s: float = 0) -> Said | None:
        said = super().status(key, within_s=within_s)
        return _Odd.says if _Odd.says and said else said


@pytest.fixture
def odd(services: Services, sandbox: Sandbox) -> PaidShop:
    _Odd.says = None
    return PaidShop(services, sandbox, connect=_Odd)


@pytest.mark.parametrize(
    ("more", "trouble"),
    [
        ({"amount": 1}, "wrong_amount"),
        ({"amount": 28_001}, "wrong_amount"),
        ({"order_key": "HY-x", "transaction_id": "x"}, "other_order"),
    ],
)
def test_an_answer_about_something_else_pays_nothing(
    odd: PaidShop, more: dict[str, Any], trouble: str
) -> None:
    order = odd.order()
    made = odd.ask(odd.wanted(order))
    said = Said(odd.payment(made.id).transaction_id, made.provider_key, "paid", 28_000)
    _Odd.says = said._replace(**more)
    odd.poll()
    assert odd.troubled() == [(made.id, trouble)] and odd.door.names(order) == ["asked"]
    _Odd.says = said._replace(order_key="HY-other", fee=196)
    odd.poll(60_000)
    assert odd.troubled() == [] and odd.payment(made.id).state == "paid"
    assert odd.balances(order)["fees"] == 196 and odd.balances(order)["clearing"] == 27_804
    odd.check_books()


class _Killed(BaseException):
    """The process died."""


class _Dying(Midtrans):
    """Reaches the provider, and the process dies with its answer."""

    def charge(self, charge: Charge) -> Charged:
        super().charge(charge)
        raise _Killed


def test_killed_between_charge_and_answer(services: Services, sandbox: Sandbox) -> None:
    paid = PaidShop(services, sandbox, connect=_Dying)
    order = paid.order()
    wanted = paid.wanted(order)
    with pytest.raises(_Killed):
        paid.ask(wanted)
    assert paid.payment(wanted.payment_id).state == "asking"
    # The buyer paid by the code in the app's history, all the same.
    sandbox.act(paid.payment(wanted.payment_id).provider_key, "pay")
    assert paid.poll() == 1
    assert paid.payment(wanted.payment_id).state == "paid"
    assert paid.door.names(order) == ["asked", "settled"]
    paid.check_books()


def test_killed_before_anything_was_written(
    services: Services, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order's key was claimed in the directory, and no payment: that is forgotten."""
    paid = PaidShop(services, sandbox)
    order = paid.order()

    def die(*_given: object) -> bool:
        raise _Killed

    with monkeypatch.context() as patched:
        patched.setattr("server.payments.rows.add_payment", die)
        with pytest.raises(_Killed):
            paid.ask(paid.wanted(order))
    assert paid.poll() == 1 and paid.poll(1_000) == 0
    assert paid.poll(400_000) == 1 and paid.poll(400_000) == 0
    # Once more in its place, and it is followed as any other.
    made = paid.ask(paid.wanted(order))
    sandbox.act(made.provider_key, "pay")
    assert paid.poll() == 1 and paid.payment(made.id).state == "paid"
    assert paid.poll(400_000) == 0


def test_an_order_that_does_not_take_money_loses_none(paid: PaidShop) -> None:
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    paid.sandbox.act(made.provider_key, "pay")
    paid.door.refusing = NotFound()
    paid.poll()
    assert paid.troubled() == [(made.id, f"order:{NotFound.code}")]
    assert paid.balances(order)["clearing"] == 0
    paid.door.refusing = None
    assert look(paid.paying, paid.shop, made.id).state == "paid"
    assert paid.balances(order)["clearing"] == 28_000 and paid.troubled() == []
    paid.check_books()


def test_in_whatever_order_they_come_the_end_is_the_same(paid: PaidShop) -> None:
    chance = random.Random(7)
    for acts in (["pay"], ["expire", "settle"], ["deny"], ["pay", "refund"], ["pay", "chargeback"]):
        order = paid.order()
        with listening() as ear:
            made = paid.ask(paid.wanted(order, notify=ear.url))
            for what in acts:
                paid.sandbox.act(made.provider_key, what, amount=28_000)
            ear.wait(1 + len(acts))
        heard = [*ear.heard, *ear.heard]
        chance.shuffle(heard)
        for raw in heard:
            assert paid.hear(raw) == "taken"
        wanted = {
            "pay": ["asked", "settled"],
            "settle": ["asked", "settled"],
            "deny": ["asked", "failed"],
            "refund": ["asked", "settled", "refunded"],
            "chargeback": ["asked", "settled", "charged_back"],
        }
        assert paid.door.names(order) == wanted[acts[-1]]
    paid.check_books()


def test_keys_are_told_to_nobody(paid: PaidShop) -> None:
    made = paid.ask(paid.wanted(paid.order()))
    with paid.services.store.reading_shop(paid.shop) as tx:
        from server.payments import rows

        text = "".join(word.body for word in rows.words_of(tx, made.id))
    assert KEY not in text and KEY not in repr(paid.services)
    assert KEY not in repr(Access("sandbox", KEY))
