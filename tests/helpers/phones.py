"""A phone with codes, as everybody of the office has one."""

from __future__ import annotations

import re

import pyotp

from server.accounts.codes import locked_account, put_in_force
from server.accounts.office import add_office_user
from server.accounts.people import find_account
from server.accounts.totp import STEP_S, new_secret
from server.services import Services
from tests.helpers.web_shop import PASSWORD


class Phone:
    """Shows codes, each once: on a clock that stands, three of them."""

    def __init__(self, secret: str) -> None:
        """`secret`: what was scanned."""
        self.secret = secret
        self.spare: list[str] = []
        self._shown = 0

    def code(self, now_ms: int) -> str:
        """The next code that the server takes: of the step before now at the earliest."""
        self._shown = max(now_ms // 1000 // STEP_S - 1, self._shown + 1)
        return pyotp.TOTP(self.secret).generate_otp(self._shown)


def secret_on(page: str) -> str:
    """The secret that a page of setting up shows."""
    (secret,) = set(re.findall(r"secret=([A-Z2-7]{32})", page))
    return secret


def give_phone(services: Services, account_id: bytes) -> Phone:
    """Codes are in force for an account, shown by this phone; every session of it has ended."""
    phone = Phone(new_secret(services))
    with services.store.directory() as tx:
        row = locked_account(tx, account_id)
        assert row is not None
        code = phone.code(services.now_ms())
        phone.spare = put_in_force(services, tx, row, phone.secret, code)
    return phone


def add_officer(services: Services, email: str) -> Phone:
    """Somebody who works in the office, with a phone that is set up."""
    add_office_user(services, email, PASSWORD)
    return give_phone(services, find_account(services, email))
