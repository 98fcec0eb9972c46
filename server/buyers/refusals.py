"""What a buyer's account is refused for."""

from __future__ import annotations

from core.errors import Refused


class BadBuyer(Refused):
    """What was typed cannot be kept; `why`: "name", "phone", "address",
    "two_addresses" or "consent"."""

    code = "buyer_bad"


class WrongBuyer(Refused):
    """Number or password is wrong; which of them is not said."""

    code = "buyer_wrong"


class WrongCode(Refused):
    """There is no account with that recovery code, or it was used."""

    code = "buyer_wrong_code"


class WrongPassword(Refused):
    """The present password, asked for before something that cannot be undone, is not right."""

    code = "buyer_wrong_password"


class PasswordTaken(Refused):
    """Another account of this number has the same password, so they could not be told apart."""

    code = "buyer_password_taken"


class TooManyAddresses(Refused):
    """An account keeps at most `most` addresses."""

    code = "buyer_addresses"


class SignedOut(Refused):
    """The session has ended, or its account is gone."""

    code = "buyer_signed_out"


class NoSuchBuyer(Refused):
    """There is no such account."""

    code = "buyer_unknown"
