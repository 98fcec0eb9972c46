"""A complaint's way to its end, answered or left to the office, and where its words lie."""

from __future__ import annotations

import pytest

from core.errors import Refused
from server.orders.placing import Placed
from server.orders.stepping import take_steps
from server.orders.sweeping import sweep_shop
from server.orders.terms import HOUR_MS
from server.services import Services
from server.sync.verifying import verify
from tests.helpers.orders import hand_over, order, read, stock_up
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import Clock
from tests.server.orders.test_pages import form_of, send

SECRET = "Saya Hadija, gulanya kurang"


def complained(services: Services, shop_id: bytes) -> Placed:
    """An order of which the buyer complained, in words."""
    placed = order(services, shop_id, [(stock_up(services, shop_id, "Gula", 9), 2)])
    hand_over(services, placed)
    take_steps(services, shop_id, placed.order_id, "buyer", ["complain"], reason=SECRET)
    return placed


def test_what_a_buyer_complains_of_is_a_message_and_in_no_fact(
    services: Services, shop_id: bytes
) -> None:
    found = read(services, complained(services, shop_id))
    assert [one.reason for one in found.happened] == ["", ""]
    assert [(one.who, one.text) for one in found.messages] == [("buyer", SECRET)]


def test_an_answer_that_pleases_or_is_met_with_silence_ends_it_with_the_money_back(
    services: Services, shop_id: bytes, clock: Clock
) -> None:
    first, second = complained(services, shop_id), complained(services, shop_id)
    for one in (first, second):
        take_steps(services, shop_id, one.order_id, "shop", ["answer"], amount=15_000,
                   reason="Maaf")  # fmt: skip
    take_steps(services, shop_id, first.order_id, "buyer", ["settle"])
    clock.now_ms += 73 * HOUR_MS
    sweep_shop(services, shop_id)
    for one in (first, second):
        at = read(services, one).story.standing
        assert (at.order, at.total, at.to_give_back) == ("completed", 15_000, 5_000)
    assert verify(services, shop_id).ok


def test_a_shop_that_says_nothing_comes_before_the_office(
    services: Services, shop_id: bytes, clock: Clock
) -> None:
    placed = complained(services, shop_id)
    clock.now_ms += 73 * HOUR_MS
    sweep_shop(services, shop_id)
    found = read(services, placed).story
    assert found.standing.order == "escalated" and "office_by" in found.terms
    with pytest.raises(Refused, match="order_step_not_yours"):
        take_steps(services, shop_id, placed.order_id, "shop", ["compensate"], amount=1)
    take_steps(services, shop_id, placed.order_id, "office", ["accept_back"], reason="Rusak")
    at = read(services, placed).story.standing
    assert (at.order, at.to_give_back) == ("returned", 20_000)


def test_the_way_on_the_pages_of_buyer_and_owner(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    placed = complained(services, shop_id)
    page = f"/pesanan/{placed.key.hex()}"
    assert "Dinas yang memutuskan" in browser.get(page).text
    take_steps(services, shop_id, placed.order_id, "shop", ["answer"], amount=20_000, reason="Pas")
    text = browser.get(page).text
    assert "tanpa mengembalikan uang" in text and "Setuju dengan jawaban toko" in text
    fields = form_of(text, f"{page}/langkah")
    asked = send(browser, f"{page}/langkah", {**fields, "langkah": "ask_office", "alasan": "Tidak"})
    assert asked.status_code == 303
    assert "Menunggu putusan Dinas" in browser.get(page).text
