"""Setting codes up: what a session proposes, what it asks for first, and another phone."""

from __future__ import annotations

from typing import Any

import pytest

from server.accounts.codes import CodeNeeded, NothingProposed, WrongCode
from server.accounts.recovery import HOW_MANY, codes_left
from server.accounts.setting_up import (
    PROPOSED_MS,
    YOUNG_MS,
    Stage,
    confirm,
    look,
    propose,
    stage_of,
)
from server.rates import TooManyTries
from server.services import Services
from tests.helpers.phones import Phone, give_phone
from tests.server.accounts.conftest import MINUTE
from tests.server.accounts.test_codes import enter, waiting


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
