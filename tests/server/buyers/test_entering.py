"""Making an account, signing in and coming back: what a stranger may try, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.accounts.passwords import WeakPassword
from server.app.sweeping import sweep
from server.buyers import details, entering, sealing
from server.buyers.details import (
    change_details,
    change_password,
    details_of,
    renew_code,
    sessions_of,
)
from server.buyers.entering import NewBuyer, recover, register, sign_in
from server.buyers.forgetting import UNUSED_DAYS, delete_account
from server.buyers.keeping import addresses_of, keep_address, keep_orders, orders_of
from server.buyers.refusals import (
    BadBuyer,
    PasswordTaken,
    SignedOut,
    WrongBuyer,
    WrongCode,
    WrongPassword,
)
from server.buyers.sessions import IDLE_MS, LONGEST_MS, Entered, end, end_all, find
from server.db.schema.buyers import buyer, buyer_address, buyer_order, buyer_session
from server.rates import TooManyTries
from server.services import Services

PHONE, PASSWORD, OTHER = "0812-4400-1234", "ikan bakar rica", "pisang goroho muda"
HERE, THERE = "10.0.0.0/24", "10.9.9.0/24"
KEY = bytes(range(16))


def made(services: Services, password: str = PASSWORD, **changed: Any) -> Entered:
    """An account of Ibu Hadija."""
    new = NewBuyer("Ibu Hadija", PHONE, password, True)._replace(**changed)
    return register(services, new, HERE)


def all_rows(services: Services) -> list[Any]:
    """Everything that is kept of buyers."""
    with services.store.reading_directory() as tx:
        tables = (buyer, buyer_session, buyer_address, buyer_order)
        return [tuple(row) for table in tables for row in tx.rows(select(table))]


def test_who_made_an_account_signs_in_however_the_number_is_written(services: Services) -> None:
    first = made(services)
    again = sign_in(services, "+62 812 4400 1234", PASSWORD, HERE)
    assert again.token != first.token and again.known.csrf != first.known.csrf
    assert again.known.buyer_id == first.known.buyer_id and again.code == ""
    found = find(services, again.token)
    assert found == again.known and details_of(services, again.known).name == "Ibu Hadija"
    end(services, again.token)
    assert find(services, again.token) is None and find(services, first.token) == first.known
    assert end_all(services, first.known.buyer_id) == 1
    assert find(services, first.token) is None


def test_a_known_number_is_answered_as_an_unknown_one_and_opens_nothing(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    stretched = []
    real = sealing.stretch
    monkeypatch.setattr(
        sealing, "stretch", lambda *given: stretched.append(given[0]) or real(*given)
    )
    first = made(services)
    keep_orders(services, first.known, [KEY])
    second = made(services, OTHER, name="Orang Lain")
    assert second.code and second.known.buyer_id != first.known.buyer_id
    assert orders_of(services, second.known) == []
    assert details_of(services, first.known).name == "Ibu Hadija"
    for phone in (PHONE, "0813-9999-0000", "nonsense"):
        with pytest.raises(WrongBuyer):
            sign_in(services, phone, "ketan hitam manis", HERE)
    # One stretch each, whether the number is known or not.
    assert len(stretched) == 5
    assert sign_in(services, PHONE, OTHER, HERE).known.buyer_id == second.known.buyer_id


def test_the_form_sent_twice_is_one_account_and_shows_a_code_that_opens_it(
    services: Services, clock: Any
) -> None:
    first, second = made(services), made(services, name="Nama Lain")
    assert second.known.buyer_id == first.known.buyer_id
    assert details_of(services, second.known).name == "Ibu Hadija"
    # The first answer may never have been seen: what is on the screen last is what opens.
    with pytest.raises(WrongCode):
        recover(services, first.code, OTHER, HERE)
    clock.pass_ms(16 * 60_000)
    assert made(services).code == ""
    assert recover(services, second.code, OTHER, HERE).known.key == first.known.key


def test_nothing_in_the_database_says_who_it_is_or_opens_an_order(services: Services) -> None:
    one = made(services)
    keep_orders(services, one.known, [KEY])
    keep_address(services, one.known, "Jalan Danau 5")
    kept = repr(all_rows(services)).encode()
    for secret in (b"Hadija", b"Danau", one.token.encode(), one.code.encode()):
        assert secret not in kept
    assert repr(KEY)[2:-1].encode() not in kept
    assert repr(one.known.key)[2:-1].encode() not in kept


@pytest.mark.parametrize(
    "changed", [{"name": " "}, {"name": "x" * 81}, {"phone": "021-555"}, {"agreed": False}]
)
def test_what_cannot_be_kept_is_refused(services: Services, changed: dict[str, Any]) -> None:
    with pytest.raises(BadBuyer):
        made(services, **changed)
    assert all_rows(services) == []


@pytest.mark.parametrize("password", ["pendek", "081244001234", "aaaaaaaaaaaa", "x" * 257])
def test_passwords_that_are_guessed_first_are_refused(services: Services, password: str) -> None:
    with pytest.raises(WeakPassword):
        made(services, password)


def test_guessing_stops_and_an_own_account_of_the_number_does_not_begin_it_anew(
    services: Services, clock: Any
) -> None:
    made(services)
    made(services, OTHER)
    with pytest.raises(TooManyTries):
        for n in range(20):
            with pytest.raises(WrongBuyer):
                sign_in(services, PHONE, f"tebakan ke {n:03}", HERE)
            sign_in(services, PHONE, OTHER, HERE)
    with pytest.raises(TooManyTries):
        made(services)
    assert sign_in(services, PHONE, PASSWORD, THERE)
    clock.pass_ms(16 * 60_000)
    assert sign_in(services, PHONE, PASSWORD, HERE)


def test_the_recovery_code_opens_once_and_everybody_else_is_out(services: Services) -> None:
    one = made(services)
    keep_orders(services, one.known, [KEY])
    typed = one.code.lower().replace("-", " ").replace("o", "0").replace("i", "1")
    back = recover(services, typed, OTHER, HERE)
    assert back.code not in ("", one.code) and find(services, one.token) is None
    assert [kept.key for kept in orders_of(services, back.known)] == [KEY]
    for code in (one.code, "AAAA-BBBB", ""):
        with pytest.raises(WrongCode):
            recover(services, code, PASSWORD, HERE)
    with pytest.raises(WrongBuyer):
        sign_in(services, PHONE, PASSWORD, HERE)
    assert sign_in(services, PHONE, OTHER, HERE).known.key == one.known.key
    with pytest.raises(TooManyTries):
        for _ in range(21):
            with pytest.raises(WrongCode):
                recover(services, "AAAA", PASSWORD, HERE)


def test_a_new_password_ends_every_session_and_a_new_code_the_old_one(services: Services) -> None:
    one = made(services)
    with pytest.raises(WrongPassword):
        change_password(services, one.known, OTHER, OTHER, HERE)
    other = change_password(services, one.known, PASSWORD, OTHER, HERE)
    assert find(services, one.token) is None and find(services, other.token) == other.known
    assert len(sessions_of(services, other.known)) == 1
    code = renew_code(services, other.known, OTHER)
    with pytest.raises(WrongCode):
        recover(services, one.code, PASSWORD, HERE)
    assert recover(services, code, PASSWORD, HERE).known.key == one.known.key


def test_name_and_number_are_corrected_with_the_password(services: Services) -> None:
    one = made(services)
    with pytest.raises(WrongPassword):
        change_details(services, one.known, "Hadija", PHONE, OTHER, HERE)
    change_details(services, one.known, "Hadija", "0813-1111-2222", PASSWORD, HERE)
    assert details_of(services, one.known)[:2] == ("Hadija", "6281311112222")
    assert sign_in(services, "0813-1111-2222", PASSWORD, HERE).known.key == one.known.key
    with pytest.raises(WrongBuyer):
        sign_in(services, PHONE, PASSWORD, HERE)
    made(services)
    with pytest.raises(PasswordTaken):
        change_details(services, one.known, "Hadija", PHONE, PASSWORD, HERE)


@pytest.mark.parametrize("way", ["details", "password", "code"])
def test_who_takes_a_number_and_password_at_the_same_instant_is_told_so(
    services: Services, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other account is not seen yet when this one looks, and is there when it writes."""
    made(services)
    here = way == "details"
    mine = made(services, PASSWORD, phone="0813-1111-2222") if here else made(services, OTHER)
    looks: list[None] = []
    look = entering.refuse_taken

    def late(*given: Any) -> None:
        looks.append(None)
        if len(looks) > 1:
            look(*given)

    for module in (details, entering):
        monkeypatch.setattr(module, "refuse_taken", late)
    with pytest.raises(PasswordTaken):
        if way == "details":
            change_details(services, mine.known, "Hadija", PHONE, PASSWORD, HERE)
        elif way == "password":
            change_password(services, mine.known, OTHER, PASSWORD, HERE)
        else:
            recover(services, mine.code, PASSWORD, HERE)
    assert len(looks) == 2


@pytest.mark.parametrize("way", ["details", "password", "code"])
def test_whether_a_number_and_password_are_taken_is_no_way_to_guess_on(
    services: Services, way: str
) -> None:
    """Accounts of one's own are made everywhere, and go over to somebody's number and password."""
    made(services)

    def guess(n: int) -> None:
        typed, wanted = f"sandi sendiri {n:03}", f"tebakan ke {n:03}"
        number = f"0813-1111-{n:04}" if way == "details" else PHONE
        password = wanted if way == "details" else typed
        mine = register(services, NewBuyer("Orang Lain", number, password, True), f"10.1.{n}.0/24")
        if way == "details":
            change_details(services, mine.known, "Orang Lain", PHONE, wanted, HERE)
        elif way == "password":
            change_password(services, mine.known, typed, wanted, HERE)
        else:
            recover(services, mine.code, wanted, HERE)

    for n in range(10):
        guess(n)
    with pytest.raises(TooManyTries):
        guess(10)
    # Who asks too often may still sign in.
    assert sign_in(services, PHONE, PASSWORD, HERE)


def test_a_password_changed_meanwhile_is_not_changed_back(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, real = made(services), details.sealed_details

    def meanwhile(*given: Any) -> bytes:
        change_password(services, one.known, PASSWORD, OTHER, HERE)
        return real(*given)

    monkeypatch.setattr(details, "sealed_details", meanwhile)
    with pytest.raises(WrongPassword):
        change_details(services, one.known, "Hadija", PHONE, PASSWORD, HERE)
    assert sign_in(services, PHONE, OTHER, HERE)
    with pytest.raises(WrongBuyer):
        sign_in(services, PHONE, PASSWORD, HERE)


def test_guessing_at_an_open_session_stops(services: Services) -> None:
    one = made(services)
    with pytest.raises(TooManyTries):
        for _ in range(11):
            with pytest.raises(WrongPassword):
                renew_code(services, one.known, OTHER)


def test_a_session_ends_by_itself_and_is_swept(services: Services, clock: Any) -> None:
    one, idle = made(services), sign_in(services, PHONE, PASSWORD, HERE)
    for _ in range(3):
        clock.pass_ms(IDLE_MS - 60_000)
        assert find(services, one.token) == one.known
    assert find(services, idle.token) is None
    clock.pass_ms(IDLE_MS - 60_000)
    assert find(services, one.token) is None
    clock.pass_ms(LONGEST_MS)
    sweep(services)
    assert sessions_of(services, one.known) == []
    assert details_of(services, one.known).name == "Ibu Hadija"


@pytest.mark.parametrize("token", ["", "x", "ü" * 50, "x" * 1_000_000])
def test_a_token_of_nobody(services: Services, token: str) -> None:
    assert find(services, token) is None


def test_deleted_is_gone_at_once_and_only_one_account(services: Services) -> None:
    one, other = made(services), made(services, OTHER)
    for known in (one.known, other.known):
        keep_orders(services, known, [KEY])
        keep_address(services, known, "Jalan Danau 5")
    delete_account(services, one.known)
    assert find(services, one.token) is None
    for late in (keep_orders, keep_address):
        with pytest.raises(SignedOut):
            late(services, one.known, "x" if late is keep_address else [KEY])  # type: ignore[operator]
    assert len(all_rows(services)) == 4
    assert [one.text for one in addresses_of(services, other.known)] == ["Jalan Danau 5"]


def test_an_account_that_nobody_used_for_two_years_goes(services: Services, clock: Any) -> None:
    one = made(services)
    keep_orders(services, one.known, [KEY])
    clock.pass_ms((UNUSED_DAYS - 1) * 24 * 3_600_000)
    used = made(services, OTHER)
    sweep(services)
    assert details_of(services, one.known).name == "Ibu Hadija"
    clock.pass_ms(2 * 24 * 3_600_000)
    sweep(services)
    with pytest.raises(SignedOut):
        details_of(services, one.known)
    assert details_of(services, used.known).name == "Ibu Hadija"
