"""The office comes in with codes from a phone alone: by any page, in any order, in any session."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from server.accounts.codes import reset_codes
from server.accounts.office import add_office_user
from server.accounts.people import add_user, find_account
from server.accounts.reading import has_totp
from server.accounts.recovery import HOW_MANY, codes_left
from server.accounts.sessions import HALF_MS
from server.accounts.setting_up import YOUNG_MS
from server.services import Services
from server.web.pages import PAGES
from tests.helpers.orders import read
from tests.helpers.phones import Phone, add_officer, give_phone, secret_on
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_shop import PASSWORD, Clock
from tests.server.orders.test_office import DINAS, decide, escalated, path_of

SignIn = Callable[..., Browser]
MUST = "wajib"


def set_up(browser: Browser, now_ms: int, page: str = "/akun/kode") -> Phone:
    """Scan the picture of the page, type the first code."""
    phone = Phone(secret_on(browser.get(page).text))
    answer = browser.submit(page, "/pasang", kode=phone.code(now_ms))
    assert answer.status_code == 200
    phone.spare = re.findall(r"<li>([A-Z2-7-]{19})</li>", answer.text)
    assert len(phone.spare) == HOW_MANY
    return phone


def test_after_the_password_the_codes_come_first_and_then_the_office(
    services: Services, shop_id: bytes, clock: Clock, browser: Browser
) -> None:
    add_office_user(services, DINAS, PASSWORD)
    placed = escalated(services, shop_id)
    wanted = path_of(placed)
    door = browser.get(wanted).headers["location"]
    led = browser.submit(door, "/masuk", email=DINAS, sandi=PASSWORD).headers["location"]
    assert led.startswith("/akun/kode?lanjut=")
    page = browser.get(led)
    assert page.status_code == 200 and MUST in page.text and "<svg" in page.text
    phone = Phone(secret_on(page.text))
    done = browser.submit(led, "/pasang", kode=phone.code(clock.now_ms))
    assert wanted in PageReader(done.text).links, "on to where one was going"
    assert "gulanya kurang" in browser.get(wanted).text
    assert "/masuk/kode" in Browser(services).sign_in(DINAS).text, "asked for from now on"


def test_no_page_and_no_form_of_the_office_opens_before(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    add_office_user(services, DINAS, PASSWORD)
    placed = escalated(services, shop_id)
    browser.sign_in(DINAS)
    csrf = PageReader(browser.get("/akun").text).forms[0].fields["csrf"]
    tried = 0
    for page in PAGES:
        if page.reach != "office":
            continue
        path = page.path.replace("{shop}", shop_id.hex()).replace("{order}", placed.order_id.hex())
        if page.method == "GET":
            answer = browser.get(path)
            assert answer.headers["location"].startswith("/akun/kode?lanjut=%2Fdinas"), path
        else:
            fields = {"csrf": csrf, "langkah": "uphold", "putusan": "biarkan", "alasan": "Cukup"}
            answer = browser.post(path, fields)
            assert answer.status_code == 403 and "Itu belum dilakukan" in answer.text, path
            assert PageReader(answer.text).forms, "and the way on"
        tried += 1
    assert tried >= 5
    assert browser.get("/").headers["location"] == "/dinas"
    assert read(services, placed).story.standing.order == "escalated"


@pytest.mark.parametrize("later_ms", [0, YOUNG_MS])
def test_a_session_from_before_the_role_is_led_there_too(
    services: Services, shop_id: bytes, clock: Clock, signed_in: SignIn, later_ms: int
) -> None:
    add_user(services, DINAS, PASSWORD, shop_id, "owner")
    browser = signed_in(DINAS)
    assert browser.get("/dinas").status_code == 404
    add_office_user(services, DINAS, PASSWORD)
    clock.now_ms += later_ms
    assert browser.get("/dinas").headers["location"].startswith("/akun/kode")
    assert browser.get(f"/kelola/{shop_id.hex()}").status_code == 200, "the shop is its own"
    if later_ms:
        asked = browser.get("/akun/kode").text
        assert "secret=" not in asked and 'name="sandi"' in asked
        wrong = browser.submit("/akun/kode", "/akun/kode", sandi="bukan itu")
        assert wrong.status_code == 422 and "tidak cocok" in wrong.text
        assert "secret=" not in wrong.text
        assert browser.submit("/akun/kode", "/akun/kode", sandi=PASSWORD).status_code == 303
    set_up(browser, clock.now_ms)
    assert browser.get("/dinas").status_code == 200


def test_codes_taken_away_lead_there_again(
    services: Services, shop_id: bytes, clock: Clock, signed_in: SignIn
) -> None:
    phone = add_officer(services, DINAS)
    office = signed_in(DINAS, phone=phone)
    assert office.get("/dinas").status_code == 200
    reset_codes(services, find_account(services, DINAS))
    assert office.get("/dinas").headers["location"].startswith("/masuk")
    office.sign_in(DINAS)
    assert office.get("/dinas").headers["location"].startswith("/akun/kode")
    assert set_up(office, clock.now_ms).secret != phone.secret
    assert office.get("/dinas").status_code == 200


def test_the_office_cannot_switch_codes_off_and_is_told_why(
    services: Services, signed_in: SignIn
) -> None:
    phone = add_officer(services, DINAS)
    office = signed_in(DINAS, phone=phone)
    page = office.get("/akun").text
    assert "jadi kode tidak dapat dilepas" in page and "/akun/kode/lepas" not in page
    csrf = PageReader(page).forms[0].fields["csrf"]
    forged = office.post("/akun/kode/lepas", {"csrf": csrf, "sandi": PASSWORD})
    assert forged.status_code == 422 and 'role="alert"' in forged.text
    assert has_totp(services, find_account(services, DINAS))
    english = office.get("/akun", headers={"accept-language": "en"}).text
    assert "cannot be switched off" in english


def test_steps_in_a_wrong_order_open_nothing(
    services: Services, clock: Clock, browser: Browser
) -> None:
    """Confirmed before a secret was shown; with a secret of one's own; codes before codes."""
    add_office_user(services, DINAS, PASSWORD)
    account = find_account(services, DINAS)
    browser.sign_in(DINAS)
    csrf = PageReader(browser.get("/akun").text).forms[0].fields["csrf"]
    own = Phone("A" * 32)
    first = browser.post("/akun/kode/pasang", {"csrf": csrf, "kode": own.code(clock.now_ms)})
    assert first.status_code == 422 and "mulailah lagi" in first.text
    secret = secret_on(first.text)
    for fields in (
        {"rahasia": own.secret, "kode": own.code(clock.now_ms)},
        {"totp_proposed": own.secret, "kode": own.code(clock.now_ms)},
        {"kode": ""},
        {"kode": "AAAA-BBBB-CCCC-DDDD"},
        {},
    ):
        answer = browser.post("/akun/kode/pasang", {"csrf": csrf, **fields})
        assert answer.status_code == 422 and secret_on(answer.text) == secret
    given = {"csrf": csrf, "sandi": PASSWORD, "kode": ""}
    assert browser.post("/akun/pemulihan", given).headers["location"] == "/akun/kode"
    assert browser.post("/akun/kode/lepas", given).status_code == 422
    assert not has_totp(services, account) and codes_left(services, account) == 0
    assert browser.get("/dinas").status_code == 303
    stranger = Browser(services)
    assert stranger.get("/akun/kode").headers["location"].startswith("/masuk")
    set_up(browser, clock.now_ms)
    assert browser.get("/akun/kode").headers["location"] == "/akun", "shown no second time"
    assert browser.get("/akun/kode/pasang").status_code in (404, 405)


def test_an_open_session_does_not_give_the_codes_to_another_phone(
    services: Services, clock: Clock, signed_in: SignIn
) -> None:
    phone = add_officer(services, DINAS)
    office = signed_in(DINAS, phone=phone)
    for sandi, kode in ((PASSWORD, ""), (PASSWORD, "000000"), ("bukan itu", phone.spare[0])):
        answer = office.submit("/akun", "/akun/kode", sandi=sandi, kode=kode)
        assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
        assert office.get("/akun/kode").headers["location"] == "/akun"
    led = office.submit("/akun", "/akun/kode", sandi=PASSWORD, kode=phone.spare[0])
    assert led.headers["location"].startswith("/akun/kode")
    newer = set_up(office, clock.now_ms)
    clock.now_ms += 60_000
    assert Browser(services).sign_in(DINAS, kode=phone.code(clock.now_ms)).status_code == 401
    assert Browser(services).sign_in(DINAS, kode=newer.code(clock.now_ms)).status_code == 303


def test_guessing_at_an_open_session_ends(
    services: Services, clock: Clock, signed_in: SignIn
) -> None:
    phone = add_officer(services, DINAS)
    office = signed_in(DINAS, phone=phone)
    guesses = {"/akun/kode": "ABCD-ABCD-ABCD-ABCD", "/akun/pemulihan": "000000"}
    said = [
        office.submit("/akun", action, sandi=PASSWORD, kode=guess).status_code
        for _ in range(6)
        for action, guess in guesses.items()
    ]
    assert said == [422] * 10 + [429] * 2
    right = office.submit("/akun", "/akun/pemulihan", sandi=PASSWORD, kode=phone.spare[0])
    assert right.status_code == 429 and "Terlalu banyak percobaan" in right.text


def test_a_lost_phone_a_recovery_code_and_another_phone(
    services: Services, clock: Clock, browser: Browser
) -> None:
    phone = add_officer(services, DINAS)
    wrong = browser.sign_in(DINAS, pulih="AAAA-BBBB-CCCC-DDDD")
    assert wrong.status_code == 401 and "tidak dikenal atau sudah dipakai" in wrong.text
    assert "<details open>" in wrong.text
    led = browser.sign_in(DINAS, pulih=phone.spare[0].lower()).headers["location"]
    page = browser.get(led)
    assert "sisanya 9" in page.text and "/" in PageReader(page.text).links, "or skip it"
    assert browser.get("/dinas").status_code == 200
    assert Browser(services).sign_in(DINAS, pulih=phone.spare[0]).status_code == 401
    newer = set_up(browser, clock.now_ms, led)
    assert Browser(services).sign_in(DINAS, pulih=phone.spare[1]).status_code == 401
    assert Browser(services).sign_in(DINAS, pulih=newer.spare[1]).status_code == 303


def test_the_code_comes_too_late_and_one_begins_again(
    services: Services, clock: Clock, browser: Browser
) -> None:
    phone = add_officer(services, DINAS)
    asked = browser.sign_in(DINAS)
    clock.now_ms += HALF_MS
    late = browser.give_code(asked, kode=phone.code(clock.now_ms))
    assert late.status_code == 401 and "masuklah lagi dari awal" in late.text
    assert 'name="sandi"' in late.text and f'value="{DINAS}"' in late.text
    assert browser.sign_in(DINAS, kode=phone.code(clock.now_ms)).status_code == 303


def test_the_page_says_how_many_are_left_and_makes_new_ones(
    services: Services, clock: Clock, signed_in: SignIn
) -> None:
    phone = add_officer(services, DINAS)
    office = signed_in(DINAS, phone=phone)
    assert "Sisa 10 dari 10." in office.get("/akun").text
    for one in phone.spare[:7]:
        assert Browser(services, address=one).sign_in(DINAS, pulih=one).status_code == 303
    assert "Tinggal 3 kode." in office.get("/akun").text
    made = office.submit("/akun", "/akun/pemulihan", sandi=PASSWORD, kode=phone.code(clock.now_ms))
    fresh = re.findall(r"<li>([A-Z2-7-]{19})</li>", made.text)
    assert made.headers["cache-control"] == "no-store" and len(fresh) == HOW_MANY
    page = office.get("/akun").text
    assert "Sisa 10 dari 10." in page and not [one for one in fresh if one in page]
    assert Browser(services).sign_in(DINAS, pulih=phone.spare[8]).status_code == 401
    assert Browser(services).sign_in(DINAS, pulih=fresh[8]).status_code == 303


def test_an_owner_who_chose_codes_gets_the_same_and_may_leave_them(
    services: Services, shop_id: bytes, clock: Clock, signed_in: SignIn
) -> None:
    added = add_user(services, "ani@contoh.id", PASSWORD, shop_id, "owner")
    owner = signed_in("ani@contoh.id")
    assert MUST not in owner.get("/akun").text and MUST not in owner.get("/akun/kode").text
    set_up(owner, clock.now_ms)
    assert "Sisa 10 dari 10." in owner.get("/akun").text
    assert owner.submit("/akun", "/akun/kode/lepas", sandi=PASSWORD).status_code == 303
    assert codes_left(services, added.account_id) == 0
    assert "Sisa" not in owner.get("/akun").text


@pytest.mark.parametrize("way", ["gate", "door"])
def test_what_was_being_written_waits_behind_the_codes(
    services: Services, shop_id: bytes, clock: Clock, signed_in: SignIn, way: str
) -> None:
    """The operator takes the codes away while a decision is being written."""
    phone = add_officer(services, DINAS)
    office, placed = signed_in(DINAS, phone=phone), escalated(services, shop_id)
    path, account = path_of(placed), find_account(services, DINAS)
    form = next(one for one in PageReader(office.get(path).text).forms if one.action == path)
    typed = {**form.fields, "langkah": "uphold", "alasan": "Timbangannya benar"}
    reset_codes(services, account)
    if way == "gate":
        office.sign_in(DINAS)
        csrf = PageReader(office.get("/akun").text).forms[0].fields["csrf"]
        led = office.post(path, {**typed, "csrf": csrf})
    else:
        door = PageReader(office.post(path, typed).text).forms[0]
        led = office.post(door.action, {**door.fields, "email": DINAS, "sandi": PASSWORD})
    assert "masih ada dan belum terkirim" in led.text
    phone = Phone(secret_on(led.text))
    form = next(one for one in PageReader(led.text).forms if one.action.endswith("/pasang"))
    wrong = office.post(form.action, {**form.fields, "kode": "1"})
    form = next(one for one in PageReader(wrong.text).forms if one.action.endswith("/pasang"))
    done = office.post(form.action, {**form.fields, "kode": phone.code(clock.now_ms)})
    back = next(one for one in PageReader(done.text).forms if one.action == path)
    shown = office.post(path, back.fields)
    assert "Timbangannya benar" in shown.text and "Periksalah, lalu kirim" in shown.text
    assert decide(office, path, langkah="uphold", alasan="Timbangannya benar") == 303


def test_words_of_who_came_by_recovery_wait_too(
    services: Services, shop_id: bytes, signed_in: SignIn, clock: Clock
) -> None:
    phone = add_officer(services, DINAS)
    office, placed = signed_in(DINAS, phone=phone), escalated(services, shop_id)
    path = path_of(placed)
    form = next(one for one in PageReader(office.get(path).text).forms if one.action == path)
    clock.now_ms += 40 * 24 * 3_600_000
    door = PageReader(office.post(path, {**form.fields, "alasan": "Sudah cukup"}).text).forms[0]
    asked = office.post(door.action, {**door.fields, "email": DINAS, "sandi": PASSWORD})
    led = office.give_code(office.give_code(asked, kode="1"), pulih=phone.spare[0])
    assert "sisanya 9" in led.text
    back = next(one for one in PageReader(led.text).forms if one.action == path)
    assert "Sudah cukup" in office.post(path, back.fields).text


def test_codes_of_an_owner_hold_when_the_office_is_added(
    services: Services, shop_id: bytes, signed_in: SignIn
) -> None:
    added = add_user(services, DINAS, PASSWORD, shop_id, "owner")
    phone = give_phone(services, added.account_id)
    browser = signed_in(DINAS, phone=phone)
    add_office_user(services, DINAS, PASSWORD)
    assert browser.get("/dinas").status_code == 200
