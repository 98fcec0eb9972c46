"""The office: who may come in, what it sees of people, what it decides, and that it is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.errors import Refused
from server.accounts.office import (
    add_office_user,
    is_in_office,
    office_users,
    remove_office_user,
)
from server.accounts.people import add_user
from server.orders.cases import agree_cases, open_cases
from server.orders.placing import Placed
from server.orders.reviewing import read_review, report_review, shown_reviews, write_review
from server.orders.stepping import take_steps
from server.orders.sweeping import sweep_shop
from server.orders.terms import HOUR_MS
from server.services import Services
from server.web import office as office_pages
from tests.helpers.orders import open_shop, order, read, stock_up
from tests.helpers.phones import add_officer
from tests.helpers.statements import statements
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_shop import OWNER, PASSWORD, Clock
from tests.server.orders.test_complaints import complained
from tests.server.orders.test_pages import HOSTILE
from tests.server.orders.test_reviews import completed

DINAS = "dinas@gorontalo.contoh"
SignIn = Callable[..., Browser]


def escalated(services: Services, shop_id: bytes) -> Placed:
    """A complaint that the shop's answer did not end."""
    placed = complained(services, shop_id)
    for who, name, amount in (("shop", "answer", 20_000), ("buyer", "ask_office", 0)):
        take_steps(services, shop_id, placed.order_id, who, [name], amount=amount, reason="x")  # type: ignore[arg-type,list-item]
    return placed


def path_of(placed: Placed) -> str:
    return f"/dinas/{placed.shop_id.hex()}/{placed.order_id.hex()}"


def decide(browser: Browser, path: str, **fields: str) -> int:
    """Send the page's form."""
    form = next(one for one in PageReader(browser.get(path).text).forms if one.action == path)
    return browser.ask("POST", path, data={**form.fields, **fields}).status_code


def test_the_office_sees_the_story_without_the_person_and_decides_with_words(
    services: Services, shop_id: bytes, signed_in: SignIn
) -> None:
    phone = add_officer(services, DINAS)
    placed, office = escalated(services, shop_id), signed_in(DINAS, phone=phone)
    assert office.get("/").headers["location"] == "/dinas"
    path = path_of(placed)
    assert path in office.get("/dinas").text
    text = office.get(path).text
    assert "gulanya kurang" in text and "Keluhan diteruskan ke Dinas" in text
    assert "Ibu Hadija" not in text and "81244001234" not in text
    assert decide(office, path, langkah="compensate", kembali="5000", alasan=" ") == 422
    assert decide(office, path, langkah="compensate", kembali="x", alasan="Kurang") == 422
    assert decide(office, path, langkah="compensate", kembali="5000", alasan="Kurang 1 kg") == 303
    found = read(services, placed)
    at = found.story.standing
    assert (at.order, at.total, at.to_give_back) == ("completed", 15_000, 5_000)
    assert (found.happened[-1].who, found.happened[-1].reason) == ("office", "Kurang 1 kg")
    assert open_cases(services, "complaint") == []
    shown = Browser(services).get(f"/pesanan/{placed.key.hex()}").text
    assert "Kurang 1 kg" in shown


def test_nobody_else_comes_in_and_no_other_order_is_seen(
    services: Services, shop_id: bytes, signed_in: SignIn, browser: Browser
) -> None:
    placed = escalated(services, shop_id)
    other = order(services, shop_id, [(stock_up(services, shop_id, "Beras", 5), 1)])
    add_user(services, OWNER, PASSWORD, shop_id, "owner")
    phone = add_officer(services, DINAS)
    owner, office = signed_in(OWNER), signed_in(DINAS, phone=phone)
    for path in ("/dinas", path_of(placed)):
        assert browser.get(path).headers["location"].startswith("/masuk")
        assert owner.get(path).status_code == 404
    assert office.get(path_of(other)).status_code == 404
    assert office.get(f"/kelola/{shop_id.hex()}").status_code == 404
    remove_office_user(services, DINAS)
    assert office.get("/dinas").status_code == 404
    with pytest.raises(Refused, match="not_found"):
        remove_office_user(services, DINAS)


def test_silence_brings_a_case_and_a_lost_note_is_made_up_for(
    services: Services, shop_id: bytes, clock: Clock
) -> None:
    placed = complained(services, shop_id)
    agree_cases(services, shop_id)
    assert open_cases(services, "complaint") == []
    clock.now_ms += 73 * HOUR_MS
    sweep_shop(services, shop_id)
    (case,) = open_cases(services, "complaint")
    assert (case.shop_id, case.order_id) == (shop_id, placed.order_id)
    take_steps(services, shop_id, placed.order_id, "buyer", ["uphold"])
    assert open_cases(services, "complaint") == []


def test_a_reported_review_is_hidden_with_a_reason_or_left(
    services: Services, shop_id: bytes, signed_in: SignIn
) -> None:
    rude, fair = completed(services, shop_id, stock_up(services, shop_id, "Beras", 9), 2)
    for one in (rude, fair):
        write_review(services, shop_id, one.order_id, 1, "", HOSTILE)
    with pytest.raises(Refused, match="order_no_reason"):
        report_review(services, shop_id, rude.order_id, " ")
    for one in (rude, fair):
        report_review(services, shop_id, one.order_id, "Menghina")
    phone = add_officer(services, DINAS)
    office = signed_in(DINAS, phone=phone)
    listed = office.get("/dinas").text
    assert "alert(1)" not in listed and "Menghina" not in listed, "only where it lies, and on whom"
    page = f"{path_of(rude)}/ulasan"
    assert page in listed
    text = office.get(page).text
    assert "&lt;script&gt;" in text and "<script>alert" not in text and "Menghina" in text
    csrf = PageReader(text).forms[0].fields["csrf"]
    for one, answer, why, status in (
        (rude, "sembunyikan", "", 422),
        (rude, "sembunyikan", "Kata kasar", 303),
        (fair, "biarkan", "", 303),
        (fair, "biarkan", "", 404),
    ):
        fields = {"csrf": csrf, "putusan": answer, "alasan": why}
        sent = office.ask("POST", f"{path_of(one)}/ulasan", data=fields)
        assert sent.status_code == status
    with services.store.reading_shop(shop_id) as tx:
        hidden, left = read_review(tx, rude.order_id), read_review(tx, fair.order_id)
        assert shown_reviews(tx).written == 1
    assert hidden is not None and (hidden.hidden_why, hidden.report) == ("Kata kasar", "")
    assert left is not None and (left.hidden_why, left.report) == ("", "")


def test_the_list_asks_no_more_however_much_there_is_to_decide(
    services: Services, shop_id: bytes, signed_in: SignIn
) -> None:
    phone = add_officer(services, DINAS)
    office = signed_in(DINAS, phone=phone)

    def reported(shop: bytes, goods: bytes) -> None:
        (placed,) = completed(services, shop, goods)
        write_review(services, shop, placed.order_id, 1, "Ani", "Kasar")
        report_review(services, shop, placed.order_id, "Menghina")

    def asked() -> int:
        office.get("/dinas")
        with statements(services.store.engine) as told:
            text = office.get("/dinas").text
        assert text.count(" · Pesanan ") == sum(
            len(open_cases(services, kind))
            for kind in ("complaint", "review")  # type: ignore[arg-type]
        )
        return len(told)

    empty = asked()
    for shop in (shop_id, open_shop(services, "Toko Lain"), open_shop(services, "Toko Ketiga")):
        escalated(services, shop)
        reported(shop, stock_up(services, shop, "Beras", 9))
    assert len(open_cases(services, "complaint")) == len(open_cases(services, "review")) == 3
    assert asked() == empty


def test_beyond_what_is_listed_the_oldest_come_first_and_a_late_one_is_still_decided(
    services: Services, shop_id: bytes, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_pages, "MOST", 1)
    first, last = completed(services, shop_id, stock_up(services, shop_id, "Beras", 9), 2)
    for one in (first, last):
        write_review(services, shop_id, one.order_id, 1, "", "Kasar")
        report_review(services, shop_id, one.order_id, "Menghina")
    phone = add_officer(services, DINAS)
    office = signed_in(DINAS, phone=phone)
    text = office.get("/dinas").text
    shown = [one for one in (first, last) if path_of(one) in text]
    assert len(shown) == 1 and "paling lama" in text
    (hidden,) = {first, last} - set(shown)
    assert decide(office, f"{path_of(hidden)}/ulasan", putusan="biarkan") == 303


def test_an_account_may_work_in_shops_and_in_the_office(services: Services, shop_id: bytes) -> None:
    added = add_user(services, DINAS, PASSWORD, shop_id, "viewer")
    assert not is_in_office(services, added.account_id)
    assert not add_office_user(services, DINAS.upper(), "another password")
    assert is_in_office(services, added.account_id) and office_users(services) == [DINAS]
