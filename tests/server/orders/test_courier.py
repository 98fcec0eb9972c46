"""Orders that a courier brings: a fixed fee, or one that the shop says and the buyer agrees to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.orders.rules import FeeOpen, NotPossible, WrongAmount
from server.orders.refusals import BadContact, WayNotOffered
from server.orders.stepping import take_steps
from server.services import Services
from server.storefront.settings import FEE_LATER, CourierWay
from tests.helpers.orders import order, read, set_plain, stock_up
from tests.helpers.owing import check_all, check_statement
from tests.helpers.web_browser import Browser
from tests.helpers.web_gerai import open_gerai, set_gerai
from tests.helpers.web_shop import Sample
from tests.server.orders.test_pages import add, checkout, form_of, send

SignIn = Callable[..., Browser]
SENT = {"way": "courier", "pay_way": "to_shop", "address": "Jalan Danau 1, Marisa"}
ACCOUNT = ("BRI 1234-01-000123-50-1 a.n. Sri Hadija",)


def offer(services: Services, shop_id: bytes, fee: int) -> bytes:
    """A shop that sends by courier and is paid in advance; returns something that it sells."""
    set_plain(services, shop_id, transfer_accounts=ACCOUNT)
    set_gerai(services, shop_id, gerai_courier=CourierWay("JNE, bentor", fee))
    return stock_up(services, shop_id, "Beras", 10)


def test_a_fixed_fee_is_in_the_total_and_the_order_goes_on_as_any(
    services: Services, shop_id: bytes
) -> None:
    rice = offer(services, shop_id, 15_000)
    placed = order(services, shop_id, [(rice, 2)], fee=15_000, **SENT)
    found = read(services, placed)
    assert (found.placed.way, found.placed.area, found.placed.fee) == ("courier", "", 15_000)
    assert found.story.standing.total == 35_000 and found.contact is not None
    assert found.contact.address == "Jalan Danau 1, Marisa"
    take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    assert read(services, placed).story.standing.owed == 35_000


def test_what_cannot_be_sent_so_is_refused(services: Services, shop_id: bytes) -> None:
    rice = offer(services, shop_id, 15_000)
    for changes, why in (
        ({"fee": 9_000}, "fee"),
        ({"fee": 15_000, "pay_way": "at_handover"}, "courier"),
    ):
        with pytest.raises(WayNotOffered) as refused:
            order(services, shop_id, [(rice, 1)], **{**SENT, **changes})
        assert refused.value.details["why"] == why
    with pytest.raises(BadContact):
        order(services, shop_id, [(rice, 1)], fee=15_000, **{**SENT, "address": " "})
    set_gerai(services, shop_id, gerai_courier=CourierWay())
    with pytest.raises(WayNotOffered):
        order(services, shop_id, [(rice, 1)], fee=0, **SENT)


def test_a_fee_that_is_said_later_is_agreed_to_before_anything_is_owed(
    services: Services, shop_id: bytes
) -> None:
    rice = offer(services, shop_id, FEE_LATER)
    set_plain(services, shop_id, gerai_auto_accept=True)
    placed = order(services, shop_id, [(rice, 2)], fee=FEE_LATER, **SENT)
    assert read(services, placed).story.standing.order == "placed", "no accepting by itself"
    with pytest.raises(FeeOpen):
        take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    lines = read(services, placed).story.lines
    with pytest.raises(FeeOpen):
        take_steps(services, shop_id, placed.order_id, "shop", ["propose"], lines=lines)
    take_steps(services, shop_id, placed.order_id, "shop", ["propose"], lines=lines, fee=22_000)
    take_steps(services, shop_id, placed.order_id, "buyer", ["agree"])
    story = read(services, placed).story
    assert (story.fee, story.standing.order, story.standing.owed) == (22_000, "accepted", 42_000)


def test_what_is_agreed_to_is_the_proposal_that_was_seen(
    services: Services, shop_id: bytes
) -> None:
    rice = offer(services, shop_id, FEE_LATER)
    placed = order(services, shop_id, [(rice, 2)], fee=FEE_LATER, **SENT)
    lines = read(services, placed).story.lines
    for fee in (10_000, 90_000):
        take_steps(services, shop_id, placed.order_id, "shop", ["propose"], lines=lines, fee=fee)
        if fee == 90_000:
            with pytest.raises(NotPossible):
                take_steps(services, shop_id, placed.order_id, "buyer", ["agree"], seen=30_000)
        take_steps(services, shop_id, placed.order_id, "buyer", ["agree"], seen=20_000 + fee)
    assert read(services, placed).story.standing.owed == 110_000


def test_once_it_is_paid_a_fee_can_only_become_less(services: Services, shop_id: bytes) -> None:
    rice = offer(services, shop_id, 15_000)
    placed = order(services, shop_id, [(rice, 2)], fee=15_000, **SENT)
    key, lines = placed.order_id, read(services, placed).story.lines
    take_steps(services, shop_id, key, "shop", ["accept"])
    take_steps(services, shop_id, key, "shop", ["see"])
    with pytest.raises(WrongAmount) as refused:
        take_steps(services, shop_id, key, "shop", ["propose"], lines=lines, fee=16_000)
    assert refused.value.details["most"] == 15_000
    take_steps(services, shop_id, key, "shop", ["propose"], lines=lines, fee=9_000)
    take_steps(services, shop_id, key, "buyer", ["agree"])
    at = read(services, placed).story.standing
    assert (at.total, at.to_give_back) == (29_000, 6_000)
    check_all(services, shop_id)
    check_statement(services, shop_id)


def test_from_the_basket_to_the_agreed_fee_on_pages_without_a_script(
    services: Services, sample: Sample, signed_in: SignIn, browser: Browser
) -> None:
    open_gerai(services, sample, gerai_collect=False, gerai_areas=())
    rice, code = offer(services, sample.shop_id, FEE_LATER), sample.shop_id.hex()
    add(browser, sample.shop_id, rice, "2")
    assert "Lewat kurir (JNE, bentor)" in browser.get("/pesan").text
    typed = {f"ambil-{code}": "courier", "alamat": "Jalan Danau 1"}
    refused = send(browser, "/pesan", checkout(browser, **typed))
    assert refused.status_code == 422 and "dibayar dahulu" in refused.text
    paid = {**typed, f"bayar-{code}": "to_shop"}
    path = send(browser, "/pesan", checkout(browser, **paid)).headers["location"]
    assert "disebut toko" in browser.get(path).text
    owner = signed_in()
    listed = owner.get(f"/kelola/{code}/pesanan").text
    assert "lewat kurir" in listed
    own = next(
        one for one in listed.split('"') if one.startswith(f"/kelola/{code}/pesanan/")
        and len(one.rsplit("/", 1)[1]) == 32
    )  # fmt: skip
    page = owner.get(own).text
    assert 'value="accept"' not in page and "Sebutkan ongkos kurir" in page
    csrf = form_of(page, own)["csrf"]
    typed = {"csrf": csrf, "langkah": "propose", "jumlah-0": "2", "ongkos": "22.000"}
    for odd in ("-5.000", "10.000.001", "99999999999999"):
        assert owner.post(own, {**typed, "ongkos": odd}).status_code == 422
    answer = owner.post(own, typed)
    assert answer.status_code == 303
    offered = owner.get(own).text
    assert "Tawaran toko" in offered and "Rp\xa042.000" in offered
    text = browser.get(path).text
    assert "Ongkos kurir" in text and "Rp\xa022.000" in text and "Rp\xa042.000" in text
    step = f"{path}/langkah"
    agreed = {**form_of(text, step), "langkah": "agree"}
    assert agreed["tawaran"] == "42000"
    assert send(browser, step, {**agreed, "tawaran": "41000"}).status_code == 422
    send(browser, step, agreed)
    assert "Rp\xa042.000" in browser.get(path).text
