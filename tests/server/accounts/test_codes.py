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
from server.accounts.people import add_user
from server.accounts.recovery import HOW_MANY, codes_left
from server.accounts.sessions import find_session
from server.accounts.setting_up import (
    PROPOSED_MS,
    YOUNG_MS,
    Proposal,
    Stage,
    confirm,
    look,
    propose,
    stage_of,
)
from server.accounts.signing_in import SignedIn, WrongSignIn, sign_in
from server.accounts.written import read_written, written_code
from server.db.schema.directory import account, recovery_code
from server.rates import TooManyTries
from server.services import Services
from server.shops.adding import add_shop
from tests.helpers.phones import Phone, give_phone

EMAIL, PASSWORD = "sri@toko.id", "kopi susu gula aren"
MINUTE = 60_000


@pytest.fixture
def sri(services: Services) -> bytes:
    return add_user(services, EMAIL, PASSWORD, add_shop(services, "W").id, "owner").account_id


def enter(services: Services, code: str = "", **more: str) -> SignedIn:
    return sign_in(services, EMAIL, PASSWORD, code=code, **more)


def waiting(services: Services, token: str) -> Proposal:
    found = look(services, token)
    assert isinstance(found, Proposal)
    return found


@pytest.mark.parametrize(
    ("in_force", "proposed", "is_young", "stage"),
    [
        (None, None, True, "begin"),
        (None, None, False, "ask"),
        (None, "A", False, "show"),
        ("A", None, True, "done"),
        ("A", "A", True, "done"),
        ("A", "B", False, "show"),
    ],
)
def test_how_far_setting_up_is(
    in_force: str | None, proposed: str | None, is_young: bool, stage: Stage
) -> None:
    assert stage_of(in_force, proposed, is_young=is_young) == stage


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
        sign_in(services, EMAIL, "a wrong password", code=code)
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
    assert sign_in(services, "ani@toko.id", PASSWORD, code=theirs).by_recovery


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
    for _ in range(5):
        with pytest.raises(WrongCode):
            enter(services, guess, address="6.6.6.6")
    for right in (guess, phone.spare[0], phone.code(clock.now_ms)):
        with pytest.raises(TooManyTries):
            enter(services, right, address="6.6.6.6")
    assert codes_left(services, sri) == HOW_MANY, "nothing was looked at"


def test_many_addresses_cannot_guess_recovery_codes_for_ever(
    services: Services, sri: bytes
) -> None:
    give_phone(services, sri)
    tried = 0
    with pytest.raises(TooManyTries):
        for n in range(200):
            with pytest.raises(WrongCode):
                enter(services, written_code(n.to_bytes(10, "big")), address=f"6.6.6.{n}")
            tried += 1
    assert tried == 100


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
    for old in phone.spare:
        with pytest.raises(WrongCode):
            enter(services, old, address=old)
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


def test_the_answer_that_was_lost_comes_again_with_codes_that_work(
    services: Services, sri: bytes, clock: Any
) -> None:
    token = enter(services).token
    phone = Phone(waiting(services, token).secret)
    code = phone.code(clock.now_ms)
    lost = confirm(services, token, sri, code)
    shown = confirm(services, token, sri, code)
    with pytest.raises(WrongCode):
        enter(services, lost[0])
    assert enter(services, shown[0]).by_recovery
    enter(services, phone.code(clock.now_ms))
    with pytest.raises(WrongCode):
        confirm(services, token, sri, code)
    assert look(services, token) == "done"


def test_guessing_the_first_code_ends_too(services: Services, sri: bytes) -> None:
    token = enter(services).token
    waiting(services, token)
    for _ in range(20):
        with pytest.raises(WrongCode):
            confirm(services, token, sri, "000000")
    with pytest.raises(TooManyTries):
        confirm(services, token, sri, "000000")


def test_the_password_is_asked_for_where_signing_in_is_long_ago(
    services: Services, sri: bytes, clock: Any
) -> None:
    token = enter(services).token
    clock.pass_ms(YOUNG_MS)
    assert look(services, token) == "ask"
    with pytest.raises(NothingProposed):
        confirm(services, token, sri, "000000")
    propose(services, token, sri)
    secret = waiting(services, token).secret
    clock.pass_ms(PROPOSED_MS)
    assert look(services, token) == "ask"
    with pytest.raises(NothingProposed):
        confirm(services, token, sri, Phone(secret).code(clock.now_ms))


def test_a_secret_that_waited_too_long_is_another_one(
    services: Services, sri: bytes, clock: Any
) -> None:
    token = enter(services).token
    clock.pass_ms(YOUNG_MS - 1)
    first = waiting(services, token).secret
    clock.pass_ms(PROPOSED_MS - 1)
    assert waiting(services, token).secret == first
    clock.pass_ms(1)
    assert look(services, token) == "ask"


def test_another_phone_takes_over_once_it_has_shown_a_code(
    services: Services, sri: bytes, clock: Any
) -> None:
    old = give_phone(services, sri)
    token = enter(services, old.code(clock.now_ms)).token
    assert look(services, token) == "done"
    for code, refusal in (("", CodeNeeded), ("000000", WrongCode)):
        with pytest.raises(refusal):
            propose(services, token, sri, code)
    propose(services, token, sri, old.code(clock.now_ms))
    proposal = waiting(services, token)
    assert proposal.replaces
    enter(services, old.spare[0], address="still in force")
    new = Phone(proposal.secret)
    confirm(services, token, sri, new.code(clock.now_ms))
    with pytest.raises(WrongCode):
        enter(services, old.spare[1])
    clock.pass_ms(MINUTE)
    with pytest.raises(WrongCode):
        enter(services, old.code(clock.now_ms))
    enter(services, new.code(clock.now_ms))


def test_who_came_in_by_recovery_may_set_another_phone_up_at_once(
    services: Services, sri: bytes, clock: Any
) -> None:
    """The last code would else open a door and no other one."""
    old = give_phone(services, sri)
    signed = enter(services, old.spare[0])
    proposal = waiting(services, signed.token)
    assert proposal.replaces
    confirm(services, signed.token, sri, Phone(proposal.secret).code(clock.now_ms))
    assert codes_left(services, sri) == HOW_MANY


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
