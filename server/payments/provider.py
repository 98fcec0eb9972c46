"""The port to a payment provider: what it is asked, what it says, and how it refuses."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, Protocol

from core.errors import Refused
from server.payments.states import State

Method = Literal["qris", "gopay", "bank_transfer", "snap"]
_MOST_KEY: Final = 100
Environment = Literal["sandbox", "production"]


class ProviderSilent(Refused):
    """The provider did not answer in time, or not with sense: what became of it is unknown.

    `why`: unreachable, late, code, unreadable.
    """

    code = "provider_silent"


class ProviderKeyWrong(Refused):
    """The provider does not know this server key (often: the other environment's)."""

    code = "provider_key_wrong"


class ProviderRefused(Refused):
    """The provider says no to what it was asked; `said` has its words."""

    code = "provider_refused"


class MethodNotOpen(Refused):
    """The merchant account may not take this way of paying."""

    code = "payment_method_not_open"


class KeyUsed(Refused):
    """The provider has an order with this key already."""

    code = "provider_key_used"


class NotPossibleThere(Refused):
    """The transaction does not stand so that this can be done with it."""

    code = "provider_not_possible"


class UnknownThere(Refused):
    """The provider knows no such transaction."""

    code = "provider_unknown"


def is_key(text: str) -> bool:
    """Whether a text can be an order key or a provider's id: letters that need no escaping."""
    return 0 < len(text) <= _MOST_KEY and all(
        letter.isascii() and (letter.isalnum() or letter in "-_.~") for letter in text
    )


class Line(NamedTuple):
    """A line of what is paid for (rupiah); a discount is below zero."""

    name: str
    amount: int


class Charge(NamedTuple):
    """What a provider is asked to collect. `amount` in rupiah, the sum of the lines.

    `order_key` is ours and used once; `repeat_key` (at most 36 characters) marks repetitions of
    the same request. `life_s` seconds after `asked_ms` it may no longer be paid. `bank` is for a
    bank transfer alone. `notify` is where the provider tells us, `back` where it sends the buyer.
    """

    order_key: str
    repeat_key: str
    method: Method
    amount: int
    lines: tuple[Line, ...]
    asked_ms: int
    life_s: int
    bank: str = ""
    notify: str = ""
    back: str = ""


class RefundSaid(NamedTuple):
    """One refund that the provider has made."""

    key: str
    amount: int


class Said(NamedTuple):
    """What a provider says of a transaction. Amounts in rupiah, instants UTC milliseconds.

    `state` is None where it says nothing we act on; `channel` is its own word for how it was
    paid; `fee` is None while it is not known; `raw` is the answer as it came.
    """

    transaction_id: str
    order_key: str
    state: State | None
    amount: int
    channel: str = ""
    fee: int | None = None
    settled_ms: int | None = None
    expires_ms: int | None = None
    refunds: tuple[RefundSaid, ...] = ()
    raw: str = ""


class Shown(NamedTuple):
    """What the buyer needs in order to pay; empty where the method has no such thing."""

    qr: str = ""
    deeplink: str = ""
    page: str = ""
    bank: str = ""
    account: str = ""
    biller: str = ""


class Charged(NamedTuple):
    """A charge's answer."""

    said: Said
    shown: Shown


class Provider(Protocol):
    """A provider, spoken to with one merchant account. Never inside a database transaction.

    Every call may raise `ProviderSilent` (it may have been done all the same), `ProviderKeyWrong`
    and `ProviderRefused`.
    """

    def request_of(self, charge: Charge) -> str:
        """The body that `charge` sends, as it is kept; no key is in it."""

    def charge(self, charge: Charge) -> Charged:
        """Ask it to collect.

        Raises:
            KeyUsed: it has an order with this key.
            MethodNotOpen: the merchant account may not.
        """

    def status(self, key: str, *, within_s: float = 0) -> Said | None:
        """What it says now, by our order key or its transaction id; None: it knows no such thing.

        `within_s`: seconds that all of it may take, 0 for the usual ones.
        """

    def cancel(self, key: str) -> None:
        """Call off what was not paid yet.

        Raises:
            NotPossibleThere, UnknownThere: nothing to call off.
        """

    def expire(self, key: str) -> None:
        """End the time in which it may be paid.

        Raises:
            NotPossibleThere, UnknownThere: nothing to end.
        """

    def refund(
        self, key: str, refund_key: str, amount: int, reason: str, *, direct: bool = False
    ) -> None:
        """Give money back; the same `refund_key` is the same refund. `direct`: to where it came
        from at once, for the ways of paying that can.

        Raises:
            NotPossibleThere, UnknownThere: it cannot be given back so.
        """
