"""Orders that are paid through the gateway, on each engine: with every fault that it knows."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from requests import post

from server.payments import rows
from server.payments.accounts import NoProviderAccount, stop_using
from server.payments.asking import BadPayment, PaidAlready, PaymentOpen
from server.payments.looking import call_off, look
from server.payments.midtrans import Access, Midtrans
from server.payments.polling import poll_due
from server.payments.provider import Line, ProviderKeyWrong
from server.services import Services
from tests.helpers.paid_orders import PaidShop
from tests.helpers.sandbox import Sandbox, listening, until


def test_asked_paid_and_told(paid: PaidShop) -> None:
    order = paid.order()
    with listening(paid.ear) as ear:
        made = paid.ask(paid.wanted(order, notify=ear.url))
        assert (made.state, made.amount, made.attempt) == ("pending", 28_000, 1)
        assert made.shown.qr.startswith("000201") and made.provider_key.endswith("-1")
        paid.sandbox.act(made.provider_key, "pay")
        until(lambda: paid.payment(made.id).state == "paid")
        ear.wait(2)
    assert paid.door.names(order) == ["asked", "settled"]
    assert paid.door.standings[order].payment == "paid"
    assert paid.balances(order) == {
        "clearing": 28_000,
        "receivable": -28_000,
        "payable": 0,
        "fees": 0,
    }
    assert paid.words(made).count("request") == 1 and "notification" in paid.words(made)
    paid.check_books()


@pytest.mark.parametrize("notify", ["lost", "doubled", "reordered", "delayed", "forged"])
def test_whatever_becomes_of_notifications_it_is_paid_once(paid: PaidShop, notify: str) -> None:
    paid.sandbox.wish(notify=notify, delay_s=0.3)
    order = paid.order()
    with listening(paid.ear) as ear:
        made = paid.ask(paid.wanted(order, notify=ear.url))
        paid.sandbox.act(made.provider_key, "pay")
        ear.wait({"lost": 0, "doubled": 10, "forged": 12}.get(notify, 2))
        while not paid.payment(made.id).paid_ms:
            assert notify == "lost" and paid.poll()
    paid.poll()
    assert paid.payment(made.id).state == "paid"
    assert paid.door.names(order) == ["asked", "settled"]
    assert paid.balances(order)["clearing"] == 28_000
    paid.check_books()


@pytest.mark.parametrize("charge", ["error_before", "error_after", "late"])
def test_a_charge_without_an_answer_is_healed_by_asking_again(
    services: Services, sandbox: Sandbox, charge: str
) -> None:
    paid = PaidShop(services, sandbox, connect=lambda access: Midtrans(access, timeout_s=0.7))
    sandbox.wish(charge=charge, delay_s=1.2)
    order = paid.order()
    wanted = paid.wanted(order)
    made = paid.ask(wanted)
    assert made.state == "asking" and not any(made.shown)
    with pytest.raises(PaymentOpen):
        paid.ask(paid.wanted(order))
    paid.sandbox.wish()
    again = paid.ask(wanted)
    assert again.state == "pending" and again.shown.qr and again.id == made.id
    assert paid.door.names(order) == ["asked"]


def test_a_charge_that_never_came_through_fails_by_itself_and_another_may_be_begun(
    paid: PaidShop,
) -> None:
    paid.sandbox.wish(charge="error_before")
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    assert paid.poll() == 1 and paid.payment(made.id).state == "asking"
    assert paid.poll(60_000) == 1 and paid.payment(made.id).state == "failed"
    assert paid.door.names(order) == ["asked", "failed"]
    paid.sandbox.wish()
    second = paid.ask(paid.wanted(order))
    assert second.attempt == 2 and second.provider_key.endswith("-2")


def test_a_charge_that_came_through_unheard_is_found_and_paid(paid: PaidShop) -> None:
    paid.sandbox.wish(charge="error_after")
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    assert made.state == "asking"
    paid.sandbox.act(made.provider_key, "pay")
    assert paid.poll() == 1
    assert paid.payment(made.id).state == "paid"
    assert paid.door.names(order) == ["asked", "settled"]


def test_refused_money_lets_another_attempt_begin(paid: PaidShop) -> None:
    order = paid.order()
    first = paid.ask(paid.wanted(order))
    with pytest.raises(PaymentOpen):
        paid.ask(paid.wanted(order))
    paid.sandbox.act(first.provider_key, "deny")
    paid.poll()
    assert paid.payment(first.id).state == "failed"
    second = paid.ask(paid.wanted(order, method="gopay"))
    paid.sandbox.act(second.provider_key, "pay")
    paid.poll()
    assert paid.door.names(order) == ["asked", "failed", "asked", "settled"]
    with pytest.raises(PaidAlready):
        paid.ask(paid.wanted(order))


def test_money_after_its_time_is_taken_in(paid: PaidShop) -> None:
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    paid.sandbox.act(made.provider_key, "expire")
    paid.poll(901_000)
    assert paid.payment(made.id).state == "expired"
    assert paid.door.standings[order].payment == "due"
    paid.sandbox.act(made.provider_key, "settle")
    # The 20 minutes after its end.
    assert paid.poll(20 * 60_000) == 1
    assert paid.payment(made.id).state == "paid"
    assert paid.door.standings[order].payment == "paid"


def test_money_for_an_order_that_was_called_off_is_owed_back_and_revives_nothing(
    paid: PaidShop,
) -> None:
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    standing = paid.door.standings[order]
    paid.door.standings[order] = standing._replace(order="cancelled")
    paid.sandbox.act(made.provider_key, "pay")
    paid.poll()
    after = paid.door.standings[order]
    assert (after.order, after.payment, after.to_give_back) == ("cancelled", "refund_due", 28_000)
    assert paid.balances(order)["payable"] == 28_000
    done = paid.refund(paid.payment(made.id), 28_000)
    assert done.state == "done"
    assert paid.door.standings[order].payment == "refunded"
    assert paid.balances(order) == {"clearing": 0, "receivable": 0, "payable": 0, "fees": 0}
    paid.check_books()


def test_who_pays_two_attempts_gets_one_back(paid: PaidShop) -> None:
    order = paid.order()
    first = paid.ask(paid.wanted(order))
    paid.sandbox.act(first.provider_key, "expire")
    paid.poll(901_000)
    second = paid.ask(paid.wanted(order))
    paid.sandbox.act(first.provider_key, "settle")
    paid.sandbox.act(second.provider_key, "pay")
    look(paid.paying, paid.shop, second.id)
    look(paid.paying, paid.shop, first.id)
    after = paid.door.standings[order]
    assert (after.paid, after.payment, after.to_give_back) == (56_000, "refund_due", 28_000)
    assert paid.refund(paid.payment(first.id), 28_000).state == "done"
    assert paid.door.standings[order].payment == "paid"
    assert paid.balances(order)["clearing"] == 28_000
    paid.check_books()


def test_once_paid_another_open_attempt_is_called_off(paid: PaidShop) -> None:
    order = paid.order()
    first = paid.ask(paid.wanted(order))
    paid.sandbox.act(first.provider_key, "expire")
    paid.poll(901_000)
    second = paid.ask(paid.wanted(order))
    paid.sandbox.act(first.provider_key, "settle")
    look(paid.paying, paid.shop, first.id)
    assert paid.poll() == 1
    assert paid.payment(second.id).state == "cancelled" and paid.troubled() == []
    assert paid.door.standings[order].payment == "paid"


def test_called_off_by_us(paid: PaidShop) -> None:
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    assert call_off(paid.paying, paid.shop, made.id).state == "cancelled"
    assert paid.door.names(order) == ["asked", "failed"]
    late = paid.ask(paid.wanted(order))
    paid.sandbox.act(late.provider_key, "pay")
    assert call_off(paid.paying, paid.shop, late.id).state == "paid"


@pytest.mark.parametrize("what", ["chargeback", "deny"])
def test_money_that_is_taken_back_is_owed_again_and_on_the_list(paid: PaidShop, what: str) -> None:
    order = paid.order()
    with listening(paid.ear) as ear:
        made = paid.ask(paid.wanted(order, notify=ear.url))
        paid.sandbox.act(made.provider_key, "pay")
        until(lambda: paid.payment(made.id).state == "paid")
        paid.sandbox.act(made.provider_key, what)
        until(lambda: paid.payment(made.id).state == "charged_back")
    assert paid.door.names(order) == ["asked", "settled", "charged_back"]
    assert paid.troubled() == [(made.id, "charged_back")]
    assert paid.balances(order) == {"clearing": 0, "receivable": 0, "payable": 0, "fees": 0}
    paid.check_books()


@pytest.mark.parametrize("what", ["chargeback", "deny"])
def test_money_that_is_taken_back_is_found_by_asking_where_nobody_tells(
    paid: PaidShop, what: str
) -> None:
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    paid.sandbox.act(made.provider_key, "pay")
    assert paid.poll() == 1 and paid.payment(made.id).state == "paid"
    assert paid.poll(10 * 60_000) == 1 and paid.payment(made.id).state == "paid"
    paid.sandbox.act(made.provider_key, what)
    paid.poll(2 * 86_400_000)
    assert paid.payment(made.id).state == "charged_back"
    assert paid.troubled() == [(made.id, "charged_back")]
    paid.check_books()


def test_where_a_check_is_not_answered_nobody_has_to_look_and_the_next_one_is_made(
    paid: PaidShop,
) -> None:
    made = paid.ask(paid.wanted(paid.order()))
    paid.sandbox.act(made.provider_key, "pay")
    paid.poll()
    paid.sandbox.wish(status="error_before")
    assert paid.poll(2 * 86_400_000) == 1 and paid.troubled() == []
    assert paid.poll(130 * 86_400_000) == 1 and paid.troubled() == []
    assert paid.payment(made.id).next_poll_ms is None


def test_what_was_missed_for_long_and_what_is_due_just_now_are_asked_about_by_turns(
    paid: PaidShop,
) -> None:
    store = paid.services.store
    with store.directory() as tx:
        for number in range(10):
            rows.claim(tx, "midtrans", f"HY-{number}", paid.shop, number, number)
    with store.reading_directory() as reading:
        due = rows.due_places(reading, 10**6, 4)
    assert {place.order_key for _, place in due} == {"HY-0", "HY-1", "HY-8", "HY-9"}


def test_a_charge_back_of_which_the_payment_was_never_heard_is_both(paid: PaidShop) -> None:
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    paid.sandbox.act(made.provider_key, "pay")
    paid.sandbox.act(made.provider_key, "chargeback")
    paid.poll()
    assert paid.door.names(order) == ["asked", "settled", "charged_back"]
    assert paid.balances(order)["clearing"] == 0


def test_snap_is_chosen_on_a_page(paid: PaidShop) -> None:
    order = paid.order()
    made = paid.ask(paid.wanted(order, method="snap"))
    assert made.shown.page.startswith(paid.sandbox.url) and made.state == "pending"
    paid.poll()
    paid.poll(60_000)
    assert paid.payment(made.id).state == "pending"
    post(made.shown.page, data={"what": "qris:"}, timeout=10)
    post(made.shown.page, data={"what": "pay"}, timeout=10)
    assert look(paid.paying, paid.shop, made.id).state == "paid"
    assert paid.payment(made.id).channel == "qris"
    never = paid.ask(paid.wanted(paid.order(), method="snap"))
    paid.poll(901_000)
    assert paid.payment(never.id).state == "expired"


def test_many_ask_at_once_and_one_attempt_is_made(paid: PaidShop) -> None:
    order = paid.order()
    wanted = paid.wanted(order)
    with ThreadPoolExecutor(6) as pool:
        same = list(pool.map(lambda _: paid.ask(wanted), range(6)))
    assert {one.provider_key for one in same} == {same[0].provider_key}
    assert paid.door.names(order) == ["asked"]

    other = paid.order()
    refused = 0

    def begin(_number: int) -> None:
        nonlocal refused
        try:
            paid.ask(paid.wanted(other))
        except PaymentOpen:
            refused += 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(begin, range(6)))
    assert refused == 5 and paid.door.names(other) == ["asked"]


def test_heard_and_asked_by_many_at_once_it_settles_once(paid: PaidShop) -> None:
    order = paid.order()
    with listening() as ear:
        made = paid.ask(paid.wanted(order, notify=ear.url))
        ear.wait(1)
        paid.sandbox.act(made.provider_key, "pay")
        ear.wait(2)
    gate = threading.Barrier(8)

    def one(number: int) -> str:
        gate.wait()
        return paid.hear(ear.heard[number % 2])

    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(one, range(8)))
    assert set(heard) <= {"taken", "later"}
    paid.poll()
    assert paid.door.names(order) == ["asked", "settled"]
    paid.check_books()


def test_a_silent_provider_is_asked_by_the_schedule_and_then_a_person_is(paid: PaidShop) -> None:
    made = paid.ask(paid.wanted(paid.order()))
    paid.sandbox.wish(status="error_before")
    begun = paid.services.now_ms()
    asked = []
    for _ in range(40):
        next_ms = paid.payment(made.id).next_poll_ms
        if next_ms is None:
            break
        asked.append((next_ms - begun) // 1000)
        assert paid.poll(next_ms - paid.services.now_ms()) == 1
    assert asked == [20, 60, 180, 600, 900, 900 + 1_200, 900 + 21_600]
    assert paid.troubled() == [(made.id, "unanswered")]
    assert paid.payment(made.id).state == "pending"
    # Word that comes later is heard all the same, and the list is shorter by it.
    paid.sandbox.wish()
    paid.sandbox.act(made.provider_key, "settle")
    assert look(paid.paying, paid.shop, made.id).state == "paid"
    assert paid.troubled() == []


def test_what_cannot_be_asked(paid: PaidShop) -> None:
    order = paid.order()
    for more, why in (
        ({"lines": (Line("x", 0),)}, "amount"),
        ({"life_s": 1}, "life"),
        ({"method": "cheque"}, "method"),
        ({"method": "bank_transfer", "bank": "x"}, "bank"),
        ({"bank": "bca"}, "bank"),
    ):
        with pytest.raises(BadPayment) as refused:
            paid.ask(paid.wanted(order, **more))
        assert refused.value.details["why"] == why
    wanted = paid.wanted(order)
    paid.ask(wanted)
    with pytest.raises(BadPayment):
        paid.ask(wanted._replace(method="gopay"))
    stop_using(paid.services, paid.shop)
    with pytest.raises(NoProviderAccount):
        paid.ask(paid.wanted(paid.order()))


def test_a_clear_no_ends_the_attempt(paid: PaidShop) -> None:
    order = paid.order()
    paid.door.standings[order] = paid.door.standings[order]._replace(order="cancelled")
    with pytest.raises(Exception, match="order_step"):
        paid.ask(paid.wanted(order))
    assert paid.door.calls == []

    other = PaidShop(paid.services, paid.sandbox, connect=_wrong_key)
    order = other.order()
    with pytest.raises(ProviderKeyWrong):
        other.ask(other.wanted(order))
    assert other.door.names(order) == ["asked", "failed"]
    assert poll_due(other.paying) == 0


def _wrong_key(access: Access) -> Midtrans:
    return Midtrans(access._replace(server_key="Mid-server-real"))
