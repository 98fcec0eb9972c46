"""How long each side has: the shop's settings, and instants that follow from its hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from core.orders.standing import PayWay
from core.orders.steps import Action
from core.tax import TaxRule
from server.db.transaction import ShopTx
from server.payments.accounts import accounts_of as merchant_accounts
from server.payments.asking import MOST_RUPIAH
from server.shops.reading import ShopHere
from server.storefront.hours import standing
from server.storefront.settings import GeraiFields

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
AFTER_OPENING_MS: Final = 30 * MINUTE_MS
OFFICE_MS: Final = 14 * 24 * HOUR_MS
"""In which the office decides on a complaint."""

PAY_HERE: Final = "gerai_pay_here"
PAY_AHEAD: Final = "gerai_pay_ahead"
"""Whether orders may be paid at the handover, and in advance to the shop's QRIS or account."""

UNKNOWN_HOURS_MS: Final = HOUR_MS
"""To answer, where the shop says no hours."""


LENGTHS: Final[dict[str, tuple[int, int, int]]] = {
    "gerai_accept_minutes": (15, 5, 240),
    "gerai_agree_minutes": (60, 5, 1_440),
    "gerai_pay_minutes": (60, 15, 1_440),
    "gerai_collect_hours": (48, 1, 336),
    "gerai_inspect_hours": (24, 1, 336),
    "gerai_answer_hours": (72, 24, 168),
    "gerai_settle_hours": (72, 24, 168),
    "gerai_travel_hours": (168, 1, 720),
}
"""Settings in the order of `Terms`: as usual, least, most."""


class Terms(NamedTuple):
    """Durations in ms; `auto_accept`: the shop takes what its stock promises without asking."""

    accept_ms: int
    agree_ms: int
    pay_ms: int
    collect_ms: int
    inspect_ms: int
    answer_ms: int
    settle_ms: int
    travel_ms: int
    auto_accept: bool

    def until_ms(self, action: Action, now_ms: int) -> int:
        """When a term ends that begins now; 0 for an action that begins none."""
        lasts: dict[Action, int] = {
            "start_agree": self.agree_ms,
            "start_pay": self.pay_ms,
            "start_collect": self.collect_ms,
            "start_inspect": self.inspect_ms,
            "start_answer": self.answer_ms,
            "start_settle": self.settle_ms,
            "start_office": OFFICE_MS,
        }
        return now_ms + lasts[action] if action in lasts else 0


def terms_of(here: ShopHere) -> Terms:
    """The shop's terms; what it does not set, or sets beyond reason, is as usual."""
    lengths: list[Any] = [length_of(here, name) * _unit_ms(name) for name in LENGTHS]
    return Terms._make([*lengths, here.setting("gerai_auto_accept", bool, False)])


def length_of(here: ShopHere, name: str) -> int:
    """A length of `LENGTHS` as the shop has it, in the unit of its name."""
    usual, least, most = LENGTHS[name]
    found = here.setting(name, int, usual)
    return found if least <= found <= most else usual


def _unit_ms(name: str) -> int:
    return MINUTE_MS if name.endswith("_minutes") else HOUR_MS


def accept_by_ms(here: ShopHere, fields: GeraiFields, now_ms: int) -> int:
    """Until when the shop answers: soon while it is open, else soon after it opens."""
    at = standing(fields.gerai_hours, fields.gerai_holidays, now_ms, here.zone)
    terms = terms_of(here)
    if at.kind == "open":
        return now_ms + terms.accept_ms
    if not at.day:
        return now_ms + max(UNKNOWN_HOURS_MS, terms.accept_ms)
    opening = datetime.fromisoformat(at.day).replace(tzinfo=ZoneInfo(here.zone))
    opening += timedelta(minutes=at.minute)
    return int(opening.timestamp() * 1000) + max(AFTER_OPENING_MS, terms.accept_ms)


def accounts_of(here: ShopHere) -> tuple[str, ...]:
    """The shop's own accounts, as its counters show them."""
    kind: Any = tuple[str, ...]
    found: tuple[str, ...] = here.setting("transfer_accounts", kind, ())
    return found


def pay_ways(tx: ShopTx, here: ShopHere) -> tuple[PayWay, ...]:
    """How this shop takes payment for orders."""
    in_advance = bool(accounts_of(here)) or bool(here.setting("qris_code", str, ""))
    ways: list[PayWay] = []
    if here.setting(PAY_HERE, bool, True):
        ways.append("at_handover")
    if in_advance and here.setting(PAY_AHEAD, bool, True):
        ways.append("to_shop")
    if any(one.is_active for one in merchant_accounts(tx)):
        ways.append("gateway")
    return tuple(ways) or ("at_handover",)


def offered(ways: Sequence[PayWay], total: int) -> tuple[PayWay, ...]:
    """Those ways by which so much (rupiah) can be paid: a provider has a limit."""
    return tuple(way for way in ways if way != "gateway" or total <= MOST_RUPIAH)


def tax_of(here: ShopHere) -> TaxRule | None:
    """The tax that the shop charges, as its counters reckon it."""
    points = here.setting("tax_basis_points", int, 0)
    if not 0 < points <= 10_000:
        return None
    name = here.setting("tax_name", str, "PPN")
    return TaxRule(name, points, here.setting("tax_included", bool, True), "down")
