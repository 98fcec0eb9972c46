"""Reviews: only of goods that were handed over, by who ordered; answered, hidden, forgotten."""

from __future__ import annotations

import pytest

from core.errors import Refused
from core.orders.reviews import EDIT_MS, MOST_WORDS, tenths
from server.db.schema.catalog import alias
from server.db.transaction import ShopTx
from server.orders.placing import Placed
from server.orders.reviewing import (
    answer_review,
    hide_review,
    own_reviews,
    product_reviews,
    read_review,
    shown_reviews,
    write_review,
)
from server.orders.sweeping import erase_buyer
from server.services import Services
from server.storefront.addresses import name_of
from tests.helpers.orders import hand_over, open_shop, order, stock_up, walk
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import Clock
from tests.server.orders.test_pages import HOSTILE, form_of, send
from tests.server.storefront.test_gerai import data_of


def completed(services: Services, shop_id: bytes, goods: bytes, count: int = 1) -> list[Placed]:
    """Orders that were handed over and found good."""
    placed = [order(services, shop_id, [(goods, 1)]) for _ in range(count)]
    for one in placed:
        hand_over(services, one)
        walk(services, one, "buyer", "complete")
    return placed


@pytest.mark.parametrize(
    ("stars", "count", "expected"), [(0, 0, 0), (5, 1, 50), (9, 2, 45), (14, 3, 47), (13, 3, 43)]
)
def test_the_average_in_tenths(stars: int, count: int, expected: int) -> None:
    assert tenths(stars, count) == expected


def test_a_review_is_written_once_changed_for_a_week_and_counted(
    services: Services, clock: Clock
) -> None:
    shop_id = open_shop(services)
    rice = stock_up(services, shop_id, "Beras", 9)
    first, second = completed(services, shop_id, rice, 2)
    write_review(services, shop_id, first.order_id, 5, " Ibu  Ani ", "x" * 900)
    write_review(services, shop_id, second.order_id, 2, "", "")
    write_review(services, shop_id, second.order_id, 3, "", "Kurang rapi")
    with services.store.reading_shop(shop_id) as tx:
        found = shown_reviews(tx)
        assert (found.written, found.tenths, found.more) == (2, 40, False)
        assert {(one.stars, one.name, len(one.words)) for one in found.newest} == {
            (5, "Ibu Ani", MOST_WORDS), (3, "", 11),
        }  # fmt: skip
        assert {one.number for one in own_reviews(tx)} == {first.number, second.number}
    clock.now_ms += EDIT_MS
    with pytest.raises(Refused, match="review_closed"):
        write_review(services, shop_id, first.order_id, 1, "", "")


def test_only_what_was_handed_over_and_completed_is_reviewed(services: Services) -> None:
    shop_id, other = open_shop(services), open_shop(services, "Toko Lain")
    rice = stock_up(services, shop_id, "Beras", 9)
    placed = order(services, shop_id, [(rice, 1)])
    called_off = order(services, shop_id, [(rice, 1)])
    walk(services, called_off, "buyer", "cancel")
    hand_over(services, placed)
    for shop, key, code in (
        (shop_id, placed.order_id, "review_not_yet"),
        (shop_id, called_off.order_id, "review_not_yet"),
        (other, placed.order_id, "not_found"),
        (shop_id, fresh_id(), "not_found"),
    ):
        with pytest.raises(Refused, match=code):
            write_review(services, shop, key, 5, "", "")
    for key in (placed.order_id, fresh_id()):
        with pytest.raises(Refused, match="not_found"):
            answer_review(services, shop_id, key, "Terima kasih")


def test_what_is_hidden_counts_no_more_and_what_is_forgotten_keeps_its_stars(
    services: Services,
) -> None:
    shop_id = open_shop(services)
    rice = stock_up(services, shop_id, "Beras", 9)
    first, second = completed(services, shop_id, rice, 2)
    write_review(services, shop_id, first.order_id, 1, "Ani", "Kasar sekali")
    write_review(services, shop_id, second.order_id, 4, "Budi", "Baik")
    answer_review(services, shop_id, second.order_id, "Terima kasih, Pak Budi")
    hide_review(services, shop_id, first.order_id, "Menghina orang")
    erase_buyer(services, shop_id, second.order_id)
    with services.store.reading_shop(shop_id) as tx:
        found, hidden = shown_reviews(tx), read_review(tx, first.order_id)
    assert (found.written, found.tenths) == (1, 40)
    (one,) = found.newest
    assert (one.name, one.words, one.answer) == ("", "", "")
    assert hidden is not None and hidden.hidden_why == "Menghina orang"
    with pytest.raises(Refused, match="review_not_yet"):
        write_review(services, shop_id, second.order_id, 5, "Budi", "Lagi")
    hide_review(services, shop_id, first.order_id, "")
    with services.store.reading_shop(shop_id) as tx:
        assert shown_reviews(tx).written == 2


def test_a_buyer_reviews_on_the_orders_page_and_the_gerai_shows_it_as_text(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    name = name_of(services, shop_id)
    before = browser.get(f"/toko/{name}").text
    assert "Ulasan pembeli" not in before
    (placed,) = completed(services, shop_id, stock_up(services, shop_id, "Beras", 9))
    page = f"/pesanan/{placed.key.hex()}"
    fields = form_of(browser.get(page).text, f"{page}/ulasan")
    bad = send(browser, f"{page}/ulasan", {**fields, "bintang": "9"})
    assert bad.status_code == 422 and "satu sampai lima" in bad.text
    typed = {**fields, "bintang": "4", "kata": HOSTILE, "nama": HOSTILE[:20]}
    assert send(browser, f"{page}/ulasan", {**typed, "csrf": "0"}).status_code == 403
    assert send(browser, f"{page}/ulasan", typed).status_code == 303
    for path in (f"/toko/{name}", f"/toko/{name}/ulasan", page):
        shown = browser.get(path).text
        assert "★★★★☆" in shown and "&lt;script&gt;" in shown and "<script>alert" not in shown
    answer_review(services, shop_id, placed.order_id, "Terima kasih")
    assert "Terima kasih" in browser.get(f"/toko/{name}").text
    assert '"stars": 4' in browser.get(f"{page}/data.json").text


def test_a_products_page_has_the_reviews_of_orders_of_it_alone_and_tells_their_average(
    services: Services, browser: Browser
) -> None:
    shop_id = open_shop(services)
    rice, sugar = (stock_up(services, shop_id, name, 9) for name in ("Beras", "Gula"))
    first, second = completed(services, shop_id, rice, 2)
    both = order(services, shop_id, [(rice, 1), (sugar, 1)])
    hand_over(services, both)
    walk(services, both, "buyer", "complete")
    place = f"/toko/{name_of(services, shop_id)}"
    paths = {key: f"{place}/{key.hex()}" for key in (rice, sugar)}
    assert "aggregateRating" not in browser.get(paths[rice]).text, "none, so no average"
    write_review(services, shop_id, first.order_id, 5, "Ibu Ani", f"Pulen {HOSTILE}")
    write_review(services, shop_id, second.order_id, 1, "", "")
    write_review(services, shop_id, both.order_id, 4, "", "Lengkap")
    text = browser.get(paths[rice]).text
    assert "Ulasan barang ini" in text and HOSTILE not in text and "Pulen" in text
    rating = {"@type": "AggregateRating", "ratingValue": "3.0", "reviewCount": 2,
              "bestRating": 5, "worstRating": 1}  # fmt: skip
    assert data_of(text)["aggregateRating"] == rating
    assert "Lengkap" not in text, "of a whole basket"
    sweet = browser.get(paths[sugar]).text
    assert "Lengkap" not in sweet and "aggregateRating" not in sweet
    assert "Lengkap" in browser.get(f"{place}/ulasan").text
    hide_review(services, shop_id, second.order_id, "kasar")
    rating |= {"ratingValue": "5.0", "reviewCount": 1}
    assert data_of(browser.get(paths[rice]).text)["aggregateRating"] == rating


def test_goods_that_were_merged_bring_their_reviews_along(services: Services) -> None:
    shop_id = open_shop(services)
    rice, twin = (stock_up(services, shop_id, name, 9) for name in ("Beras", "Beras pulo"))
    (placed,) = completed(services, shop_id, twin)
    write_review(services, shop_id, placed.order_id, 4, "", "Pulen")
    with services.store.reading_shop(shop_id) as tx:
        assert product_reviews(tx, rice, 3).written == 0

    def merge(tx: ShopTx) -> None:
        tx.insert(alias, table_name="product", source=twin, target=rice, n=1)

    services.store.in_shop(shop_id, merge)
    with services.store.reading_shop(shop_id) as tx:
        assert [one.words for one in product_reviews(tx, rice, 3).newest] == ["Pulen"]
