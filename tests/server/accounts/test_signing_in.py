from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from server.accounts import signing_in
from server.accounts.people import set_password
from server.accounts.sessions import (
    IDLE_MS,
    LONGEST_MS,
    WrongCsrf,
    check_csrf,
    end_all_sessions,
    end_session,
    find_session,
)
from server.accounts.signing_in import WrongSignIn, sign_in
from server.app.sweeping import sweep
from server.db.schema.directory import account, rate
from server.db.schema.directory import session as session_table
from server.failures import DatabaseBusy
from server.rates import TooManyTries
from server.services import PasswordCost, Services
from tests.server.accounts.conftest import EMAIL, MINUTE, PASSWORD


def test_signing_in_begins_a_session_that_its_token_finds(services: Services, sri: bytes) -> None:
    done = sign_in(services, " SRI@toko.id", PASSWORD)
    found = find_session(services, done.token)
    assert found == done.session and found.account_id == sri
    with services.store.reading_directory() as tx:
        kept = tx.one(select(session_table))
    assert done.token.encode() not in bytes(kept.token_hash)  # type: ignore[union-attr]


def test_each_signing_in_is_another_session(services: Services, sri: bytes) -> None:
    one, two = (sign_in(services, EMAIL, PASSWORD) for _ in range(2))
    assert one.token != two.token and one.session.csrf != two.session.csrf
    end_session(services, one.token)
    assert find_session(services, one.token) is None
    assert find_session(services, two.token) is not None
    assert end_all_sessions(services, sri) == 1
    assert find_session(services, two.token) is None


def test_a_session_ends_by_itself(services: Services, sri: bytes, clock: Any) -> None:
    idle = sign_in(services, EMAIL, PASSWORD).token
    used = sign_in(services, EMAIL, PASSWORD).token
    for _ in range(4):
        clock.pass_ms(IDLE_MS - MINUTE)
        assert find_session(services, used) is not None
    assert find_session(services, idle) is None
    clock.pass_ms(LONGEST_MS)
    assert find_session(services, used) is None
    assert sweep(services) >= 2
    with services.store.reading_directory() as tx:
        assert tx.rows(select(session_table)) == []


@pytest.mark.parametrize("token", ["", "x", "ü" * 50, "x" * 1_000_000])
def test_a_token_of_nobody(services: Services, token: str) -> None:
    assert find_session(services, token) is None


def test_a_form_must_bring_the_sessions_secret(services: Services, sri: bytes) -> None:
    session = sign_in(services, EMAIL, PASSWORD).session
    check_csrf(session, session.csrf)
    for given in ("", "x", session.csrf + "x", "ü"):
        with pytest.raises(WrongCsrf):
            check_csrf(session, given)


def test_unknown_and_wrong_are_said_in_the_same_words(services: Services, sri: bytes) -> None:
    refused = []
    for email in (EMAIL, "nobody@toko.id", "not an address", ""):
        with pytest.raises(WrongSignIn) as error:
            sign_in(services, email, "a wrong password", address="1.2.3.4")
        refused.append(error.value.details)
    assert refused == [{}] * 4


def test_guesses_from_one_address_end_and_the_owner_gets_in_from_hers(
    services: Services, sri: bytes, clock: Any
) -> None:
    for _ in range(5):
        with pytest.raises(WrongSignIn):
            sign_in(services, EMAIL, "guess number one", address="6.6.6.6")
    with pytest.raises(TooManyTries) as refused:
        sign_in(services, EMAIL, PASSWORD, address="6.6.6.6")
    assert 0 < refused.value.details["retry_s"] <= 900
    sign_in(services, EMAIL, PASSWORD, address="1.1.1.1")
    clock.pass_ms(15 * MINUTE)
    sign_in(services, EMAIL, PASSWORD, address="6.6.6.6")


def test_signing_in_rightly_begins_the_count_anew(services: Services, sri: bytes) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongSignIn):
                sign_in(services, EMAIL, "guess number one", address="1.1.1.1")
        sign_in(services, EMAIL, PASSWORD, address="1.1.1.1")


def test_one_address_cannot_try_many_accounts(services: Services, sri: bytes) -> None:
    tried = 0
    with pytest.raises(TooManyTries):
        for n in range(200):
            with pytest.raises(WrongSignIn):
                sign_in(services, f"a{n}@toko.id", "guess number one", address="6.6.6.6")
            tried += 1
    assert tried == 100


def test_many_addresses_cannot_try_one_account_for_ever(services: Services, sri: bytes) -> None:
    tried = 0
    with pytest.raises(TooManyTries):
        for n in range(200):
            with pytest.raises(WrongSignIn):
                sign_in(services, EMAIL, "guess number one", address=f"6.6.6.{n}")
            tried += 1
    assert tried == 100


def test_counts_are_swept_after_a_day(services: Services, sri: bytes, clock: Any) -> None:
    sign_in(services, EMAIL, PASSWORD, address="1.1.1.1")
    clock.pass_ms(25 * 60 * MINUTE)
    sweep(services)
    with services.store.reading_directory() as tx:
        assert tx.rows(select(rate)) == []


@pytest.mark.parametrize("passes", [1, 2], ids=["as it was", "to be hashed anew"])
def test_a_password_that_is_changed_while_one_signs_in_stays_changed(
    services: Services, sri: bytes, monkeypatch: pytest.MonkeyPatch, passes: int
) -> None:
    dearer = replace(services, password_cost=PasswordCost(passes, 8, 1))
    right, newest = signing_in.is_right, "teh tarik tanpa gula"

    def meanwhile(*given: Any) -> bool:
        set_password(services, sri, newest)
        return right(*given)

    with monkeypatch.context() as patched:
        patched.setattr(signing_in, "is_right", meanwhile)
        with pytest.raises(DatabaseBusy):
            sign_in(dearer, EMAIL, PASSWORD)
    with pytest.raises(WrongSignIn):
        sign_in(services, EMAIL, PASSWORD)
    sign_in(services, EMAIL, newest)


def test_a_dearer_hash_is_made_when_the_password_is_next_seen(
    services: Services, sri: bytes, clock: Any
) -> None:
    dearer = Services(services.store, now_ms=clock, password_cost=PasswordCost(2, 16, 1))
    sign_in(dearer, EMAIL, PASSWORD)
    with services.store.reading_directory() as tx:
        assert "m=16,t=2" in tx.scalar(select(account.c.password))
    sign_in(dearer, EMAIL, PASSWORD)
