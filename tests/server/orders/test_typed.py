"""A form that is refused comes back with what was typed, its sentence linked to the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from server.accounts.people import add_user
from server.orders.cases import agree_cases
from server.orders.placing import Placed
from server.orders.refusals import TooManyMessages
from server.orders.reviewing import report_review, write_review
from server.orders.talking import MOST_MESSAGES, say
from server.services import Services
from server.web import reviews
from tests.helpers.orders import hand_over, order, stock_up, walk
from tests.helpers.phones import add_officer
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_shop import OWNER, PASSWORD
from tests.server.orders.test_complaints import complained
from tests.server.orders.test_office import DINAS, decide, escalated, path_of
from tests.server.orders.test_pages import HOSTILE, form_of, send
from tests.server.orders.test_reviews import completed

SignIn = Callable[..., Browser]


def comes_back(answer: httpx.Response, field: str, fault: str = "", words: str = HOSTILE) -> None:
    """422, the words in their field as text, the sentence beside the field at fault, which is
    where the reader is put and where the sentence at the top leads."""
    assert answer.status_code == 422 and "<script>alert" not in answer.text
    page, fault = PageReader(answer.text), fault or field
    assert len(set(page.ids)) == len(page.ids)
    values = {str(one.get("id")): one for one in page.inputs}
    typed = values[field]
    name = str(typed["name"])
    held = typed.get("value") if typed["tag"] == "input" else None
    assert words in ([held] if held is not None else [one.fields.get(name) for one in page.forms])
    marked = [given for _, given in page.tags if "aria-describedby" in given]
    (at,) = [given for given in marked if given["aria-describedby"] == f"{fault}-said"]
    assert at["id"] == fault and f"{fault}-said" in page.ids and f"#{fault}" in page.links
    assert len([given for _, given in page.tags if "autofocus" in given]) == 1


def talked_out(services: Services, placed: Placed) -> None:
    """As many messages as an order has."""
    for _ in range(MOST_MESSAGES):
        say(services, placed.shop_id, placed.order_id, "shop", "Ya")


def refuses_once(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, error: Exception) -> None:
    """The next command is refused."""

    def refused(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(module, name, refused)


def test_a_message_that_is_one_too_many_comes_back_to_both(
    services: Services, shop_id: bytes, browser: Browser, signed_in: SignIn
) -> None:
    placed = order(services, shop_id, [(stock_up(services, shop_id, "Beras", 9), 1)])
    talked_out(services, placed)
    page = f"/pesanan/{placed.key.hex()}"
    csrf = form_of(browser.get(page).text, f"{page}/pesan")
    said = send(browser, f"{page}/pesan", {**csrf, "pesan": HOSTILE})
    comes_back(said, "say-pesan")
    assert "data-tunggu" not in said.text, "the page does not renew itself over what is typed"
    english = send(browser, f"{page}/pesan", {**csrf, "pesan": HOSTILE, "bahasa": "en"})
    comes_back(english, "say-pesan")
    assert 'lang="en"' in english.text
    add_user(services, OWNER, PASSWORD, shop_id, "owner")
    owner, path = signed_in(OWNER), f"/kelola/{shop_id.hex()}/pesanan/{placed.order_id.hex()}"
    fields = form_of(owner.get(path).text, path)
    comes_back(owner.post(path, {**fields, "langkah": "say", "pesan": HOSTILE}), "say-pesan")


def test_a_complaint_that_cannot_be_made_any_more_is_there_to_be_copied(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    placed = order(services, shop_id, [(stock_up(services, shop_id, "Beras", 9), 1)])
    hand_over(services, placed)
    page = f"/pesanan/{placed.key.hex()}"
    fields = form_of(browser.get(page).text, f"{page}/langkah")
    walk(services, placed, "buyer", "complete")
    wish = {**fields, "langkah": "complain", "alasan": HOSTILE}
    said = send(browser, f"{page}/langkah", wish)
    assert said.status_code == 422 and 'role="alert"' in said.text
    assert 'class="kept">&lt;script&gt;alert(1)' in said.text and "<script>alert" not in said.text
    assert "Salin dari sini" in said.text
    english = send(browser, f"{page}/langkah", {**wish, "bahasa": "en"})
    assert english.status_code == 422 and "Copy it from here" in english.text


def test_a_review_without_stars_keeps_its_words(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    (placed,) = completed(services, shop_id, stock_up(services, shop_id, "Beras", 9))
    page = f"/pesanan/{placed.key.hex()}"
    fields = form_of(browser.get(page).text, f"{page}/ulasan")
    typed = {**fields, "bintang": "9", "kata": HOSTILE, "nama": "Ani <b>"}
    said = send(browser, f"{page}/ulasan", typed)
    comes_back(said, "ulasan-kata", "ulasan-bintang")
    assert "Ani &lt;b&gt;" in said.text
    write_review(services, shop_id, placed.order_id, 5, "", "")
    assert 'value="5" checked' in browser.get(page).text, "as it was where nothing was refused"


def test_the_shops_answer_and_offer_come_back(
    services: Services, shop_id: bytes, signed_in: SignIn
) -> None:
    placed = complained(services, shop_id)
    fresh = order(services, shop_id, [(stock_up(services, shop_id, "Beras", 9), 2)])
    add_user(services, OWNER, PASSWORD, shop_id, "owner")
    owner, base = signed_in(OWNER), f"/kelola/{shop_id.hex()}/pesanan"
    path = f"{base}/{placed.order_id.hex()}"
    fields = {**form_of(owner.get(path).text, path), "langkah": "answer", "alasan": HOSTILE}
    for back in ("banyak", "999.999.999"):
        said = owner.post(path, {**fields, "kembali": back})
        comes_back(said, "answer-alasan", "answer-kembali")
        assert f'value="{back}"' in said.text
    path = f"{base}/{fresh.order_id.hex()}"
    fields = {**form_of(owner.get(path).text, path), "langkah": "propose", "jumlah-0": "dua"}
    said = owner.post(path, fields)
    comes_back(said, "propose-jumlah-0", words="dua")
    assert '<details class="card" open>' in said.text


def test_the_offices_decision_comes_back(
    services: Services, shop_id: bytes, signed_in: SignIn
) -> None:
    phone = add_officer(services, DINAS)
    placed, office = escalated(services, shop_id), signed_in(DINAS, phone=phone)
    path = path_of(placed)
    fields = form_of(office.get(path).text, path)
    typed = {**fields, "langkah": "compensate", "kembali": "x", "alasan": HOSTILE}
    said = office.post(path, typed)
    comes_back(said, "putusan-alasan", "putusan-kembali")
    assert '<option value="compensate" selected>' in said.text and 'value="x"' in said.text
    comes_back(office.post(path, {**typed, "langkah": ""}), "putusan-alasan", "putusan-langkah")
    said = office.post(path, {**typed, "alasan": " ", "kembali": "5000"})
    comes_back(said, "putusan-alasan", words=" ")
    assert decide(office, path, langkah="uphold", alasan="Sudah cukup") == 303
    late = office.post(path, {**typed, "kembali": "5000"})
    assert late.status_code == 422 and 'class="kept">&lt;script' in late.text


def test_what_is_written_at_a_review_comes_back(
    services: Services, shop_id: bytes, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    (placed,) = completed(services, shop_id, stock_up(services, shop_id, "Beras", 9))
    write_review(services, shop_id, placed.order_id, 1, "", "Kurang")
    add_user(services, OWNER, PASSWORD, shop_id, "owner")
    phone = add_officer(services, DINAS)
    owner, key = signed_in(OWNER), placed.order_id.hex()
    page = f"/kelola/{shop_id.hex()}/ulasan"
    fields = {"csrf": form_of(owner.get(page).text, f"{page}/{key}")["csrf"]}
    said = owner.post(f"{page}/{key}", {**fields, "langkah": "lapor", "lapor": "  "})
    comes_back(said, f"lapor{key}-lapor", words="  ")
    assert "<details open>" in said.text
    with monkeypatch.context() as patched:
        refuses_once(patched, reviews, "answer_review", TooManyMessages(most=60))
        said = owner.post(f"{page}/{key}", {**fields, "jawab": HOSTILE})
    comes_back(said, f"jawab{key}-jawab")
    report_review(services, shop_id, placed.order_id, "Menghina")
    agree_cases(services, shop_id)
    office = signed_in(DINAS, phone=phone)
    page = f"{path_of(placed)}/ulasan"
    bare = {**form_of(office.get(page).text, page), "putusan": "sembunyikan", "alasan": " "}
    comes_back(office.post(page, bare), "ulasan-alasan", words=" ")
    for answer in ("sembunyikan", "biarkan"):
        lost = {**bare, "putusan": answer, "alasan": "Kata kasar", "isi-lagi": "1"}
        said = office.post(page, lost)
        assert said.status_code == 422 and "belum terkirim. Periksalah" in said.text
        assert form_of(said.text, page)["alasan"] == "Kata kasar"
    assert "Menghina" in office.get(page).text, "not decided yet"
