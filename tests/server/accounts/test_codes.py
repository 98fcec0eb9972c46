"""Codes from a phone and recovery codes: what signing in asks for beside the password."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from server.accounts import signing_in
from server.accounts.codes import (
    CodeNeeded,
    NothingProposed,
    OfficeKeepsCodes,
    WrongCode,
    drop_codes,
    renew_recovery,
    reset_codes,
)
from server.accounts.office import add_office_user
from server.accounts.people import add_user, set_password
from server.accounts.recovery import HOW_MANY, codes_left
from server.accounts.sessions import HALF_MS, find_session
from server.accounts.setting_up import (
    Proposal,
    confirm,
    look,
)
from server.accounts.signing_in import SignedIn, SignInAgain, WrongSignIn, give_code, sign_in
from server.accounts.written import read_written, written_code
from server.app.sweeping import sweep
from server.db.schema.directory import account, half_session, recovery_code
from server.rates import TooManyTries
from server.services import Services
from server.shops.adding import add_shop
from tests.helpers.phones import Phone, give_phone
from tests.server.accounts.conftest import EMAIL, PASSWORD


def half_of(services: Services, **more: str) -> str:
    """The first step: the password."""
    with pytest.raises(CodeNeeded) as asked:
        sign_in(services, EMAIL, PASSWORD, **more)
    return asked.value.half


def enter(services: Services, code: str = "", **more: str) -> SignedIn:
    """Both steps, the second where it is asked for."""
    try:
        return sign_in(services, EMAIL, PASSWORD, **more)
    except CodeNeeded as asked:
        return give_code(services, asked.half, code, **more)


def waiting(services: Services, token: str) -> Proposal:
    found = look(services, token)
    assert isinstance(found, Proposal)
    return found


def test_a_recovery_code_is_read_however_it_was_copied() -> None:
    code = written_code(bytes(range(10)))
    assert len(code) == 19 and code.count("-") == 3
    for typed in (code.lower(), code.replace("-", " "), f" {code} "):
        assert read_written(typed) == read_written(code)
    assert read_written("o0-i1-b8") == b"OOIIBB"


def test_six_digits_are_asked_for_and_hold_once(services: Services, sri: bytes, clock: Any) -> None:
    token = enter(services).token
    proposal = waiting(services, token)
    assert "otpauth://totp/Huyula:sri%40toko.id" in proposal.uri and not proposal.replaces
    enter(services)
    phone = Phone(proposal.secret)
    with pytest.raises(WrongCode):
        confirm(services, token, sri, "000000")
    first = phone.code(clock.now_ms)
    assert len(set(confirm(services, token, sri, first))) == HOW_MANY
    with pytest.raises(WrongCode):
        enter(services, first)
    with pytest.raises(CodeNeeded):
        enter(services)
    code = phone.code(clock.now_ms)
    with pytest.raises(WrongSignIn):
        sign_in(services, EMAIL, "a wrong password")
    enter(services, f"{code[:3]} {code[3:]}")
    with pytest.raises(WrongCode):
        enter(services, code)
    drop_codes(services, sri)
    enter(services)
    assert codes_left(services, sri) == 0
    assert waiting(services, token).secret != phone.secret, "what was proposed before is void"


def test_a_phone_may_be_half_a_minute_off_and_not_more(
    services: Services, sri: bytes, clock: Any
) -> None:
    phone = give_phone(services, sri)
    clock.pass_ms(90_000)
    code = phone.code(clock.now_ms)
    clock.pass_ms(30_000)
    with pytest.raises(WrongCode):
        enter(services, code)
    clock.pass_ms(-30_000)
    enter(services, code)


def test_a_recovery_code_opens_once_and_its_hash_alone_is_kept(
    services: Services, sri: bytes
) -> None:
    phone = give_phone(services, sri)
    one, two = phone.spare[:2]
    assert not enter(services, phone.code(services.now_ms())).by_recovery
    assert enter(services, one.lower().replace("-", " ")).by_recovery
    with pytest.raises(WrongCode) as refused:
        enter(services, one)
    assert refused.value.details == {"why": "recovery"}
    assert codes_left(services, sri) == HOW_MANY - 1
    with services.store.reading_directory() as tx:
        kept = repr([tuple(row) for row in tx.rows(select(recovery_code))]).encode()
    for code in phone.spare:
        assert code.encode() not in kept and read_written(code) not in kept
    assert enter(services, two).by_recovery


def test_a_recovery_code_is_its_accounts_own(services: Services, sri: bytes) -> None:
    give_phone(services, sri)
    other = add_user(services, "ani@toko.id", PASSWORD, add_shop(services, "X").id, "owner")
    theirs = give_phone(services, other.account_id).spare[0]
    with pytest.raises(WrongCode):
        enter(services, theirs)
    with pytest.raises(CodeNeeded) as asked:
        sign_in(services, "ani@toko.id", PASSWORD)
    assert give_code(services, asked.value.half, theirs).by_recovery


def test_of_two_who_use_one_code_at_once_one_gets_in(services: Services, sri: bytes) -> None:
    code, got = give_phone(services, sri).spare[0], []
    together = threading.Barrier(2)

    def try_it() -> None:
        together.wait()
        try:
            got.append(enter(services, code).by_recovery)
        except WrongCode:
            got.append(False)

    threads = [threading.Thread(target=try_it) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(got) == [False, True]


@pytest.mark.parametrize("guess", ["123", "AAAA-BBBB-CCCC-DDDD"])
def test_guessing_codes_ends_soon_of_either_kind(
    services: Services, sri: bytes, clock: Any, guess: str
) -> None:
    phone = give_phone(services, sri)
    half, other = (half_of(services, address="6.6.6.6") for _ in range(2))
    for _ in range(5):
        with pytest.raises(WrongCode):
            give_code(services, half, guess, address="6.6.6.6")
    for right in (guess, phone.spare[0], phone.code(clock.now_ms)):
        for one in (half, other):
            with pytest.raises(TooManyTries):
                give_code(services, one, right, address="6.6.6.6")
    for _ in range(3):
        half_of(services, address="6.6.6.6")
    with pytest.raises(TooManyTries):
        sign_in(services, EMAIL, PASSWORD, address="6.6.6.6")
    assert codes_left(services, sri) == HOW_MANY, "nothing was looked at"


def test_many_addresses_cannot_guess_recovery_codes_for_ever(
    services: Services, sri: bytes
) -> None:
    give_phone(services, sri)
    half, tried = half_of(services), 0
    with pytest.raises(TooManyTries):
        for n in range(200):
            with pytest.raises(WrongCode):
                give_code(services, half, written_code(n.to_bytes(10, "big")), address=f"6.6.6.{n}")
            tried += 1
    assert tried == 100


def test_who_owes_the_code_is_not_in_and_begins_again_after_a_while(
    services: Services, sri: bytes, clock: Any
) -> None:
    phone = give_phone(services, sri)
    half = half_of(services)
    assert find_session(services, half) is None
    with pytest.raises(CodeNeeded):
        give_code(services, half, " ")
    clock.pass_ms(HALF_MS - 1)
    assert give_code(services, half, phone.code(clock.now_ms)).session.account_id == sri
    with pytest.raises(SignInAgain):
        give_code(services, half, phone.code(clock.now_ms))
    late = half_of(services)
    clock.pass_ms(HALF_MS)
    for gone in (late, "", "x" * 43):
        with pytest.raises(SignInAgain):
            give_code(services, gone, phone.code(clock.now_ms))
    assert codes_left(services, sri) == HOW_MANY
    assert sweep(services) >= 1
    with services.store.reading_directory() as tx:
        assert tx.rows(select(half_session)) == []


@pytest.mark.parametrize("by", ["password", "operator"])
def test_half_a_session_ends_with_the_password_or_the_codes(
    services: Services, sri: bytes, by: str
) -> None:
    phone = give_phone(services, sri)
    half = half_of(services)
    if by == "password":
        set_password(services, sri, "teh tarik tanpa gula")
    else:
        reset_codes(services, sri)
    with pytest.raises(SignInAgain):
        give_code(services, half, phone.spare[0])


def test_new_recovery_codes_take_the_place_of_the_old(
    services: Services, sri: bytes, clock: Any
) -> None:
    with pytest.raises(NothingProposed):
        renew_recovery(services, sri, "")
    phone = give_phone(services, sri)
    with pytest.raises(CodeNeeded):
        renew_recovery(services, sri, " ")
    with pytest.raises(WrongCode):
        renew_recovery(services, sri, "000000")
    fresh = renew_recovery(services, sri, phone.code(clock.now_ms))
    half = half_of(services)
    for old in phone.spare:
        with pytest.raises(WrongCode):
            give_code(services, half, old, address=old)
    assert enter(services, fresh[0]).by_recovery
    assert len(renew_recovery(services, sri, fresh[1])) == HOW_MANY


def test_codes_put_in_force_end_every_other_session(
    services: Services, sri: bytes, clock: Any
) -> None:
    here, there = enter(services).token, enter(services).token
    theirs = waiting(services, there)
    phone = Phone(waiting(services, here).secret)
    confirm(services, here, sri, phone.code(clock.now_ms))
    assert find_session(services, here) is not None and find_session(services, there) is None
    with pytest.raises(NothingProposed):
        confirm(services, there, sri, Phone(theirs.secret).code(clock.now_ms))
    enter(services, phone.code(clock.now_ms))


def test_who_signs_in_while_codes_are_put_in_force_is_asked_for_one(
    services: Services, sri: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the password and the session: no session without a code may come of it."""
    right: Callable[..., bool] = signing_in.is_right

    def meanwhile(*given: Any) -> bool:
        give_phone(services, sri)
        return right(*given)

    monkeypatch.setattr(signing_in, "is_right", meanwhile)
    with pytest.raises(CodeNeeded):
        enter(services)


def test_the_office_cannot_do_without_and_the_operator_can_take_codes_away(
    services: Services, sri: bytes
) -> None:
    phone = give_phone(services, sri)
    token = enter(services, phone.spare[0]).token
    add_office_user(services, EMAIL, PASSWORD)
    with pytest.raises(OfficeKeepsCodes):
        drop_codes(services, sri)
    with pytest.raises(CodeNeeded):
        enter(services)
    assert reset_codes(services, sri) == (True, 1)
    assert find_session(services, token) is None and codes_left(services, sri) == 0
    with services.store.reading_directory() as tx:
        assert tuple(tx.rows(select(account.c.totp_secret, account.c.totp_step))[0]) == (None, None)
    enter(services)
