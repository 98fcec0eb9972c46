"""Who may do what: roles, acts, and the limits that an owner can change per person."""

from __future__ import annotations

from typing import Any, Literal

Act = Literal[
    "sell",
    "discount",
    "price_change",
    "open_article",
    "refund",
    "swap_tender",
    "reprint",
    "drop_parked",
    "drawer",
    "cash_in",
    "cash_out",
    "credit",
    "credit_over_limit",
    "shift",
    "repayment",
    "see_cost",
    "see_reports",
    "see_expected_cash",
    "edit_goods",
    "adjust_stock",
    "customers",
    "import",
    "printers",
    "settings",
    "staff",
    "backup",
]

# True: allowed; False: needs a manager; a number is a limit (rupiah, or basis points for
# discounts) up to which it is allowed. Cashier's defaults as Indonesian owners guard them.
CASHIER: dict[str, bool | int] = {
    "sell": True,
    "discount": 500,
    "price_change": False,
    "open_article": 50_000,
    "refund": False,
    "swap_tender": False,
    "reprint": True,
    "drop_parked": False,
    "drawer": False,
    "cash_in": True,
    "cash_out": 0,
    "credit": True,
    "credit_over_limit": False,
    "shift": True,
    "repayment": True,
    "see_cost": False,
    "see_reports": False,
    "see_expected_cash": False,
    "edit_goods": False,
    "adjust_stock": False,
    "customers": True,
    "import": False,
    "printers": True,
    "settings": False,
    "staff": False,
    "backup": False,
}
MANAGER: dict[str, bool | int] = {
    **dict.fromkeys(CASHIER, True),
    "discount": 2000,
    "settings": False,
    "staff": False,
}
OWNER: dict[str, bool | int] = dict.fromkeys(CASHIER, True)
ROLES: dict[str, dict[str, bool | int]] = {"owner": OWNER, "manager": MANAGER, "cashier": CASHIER}


def allowed(role: str, changed: dict[str, Any], act: str, amount: int = 0) -> bool:
    """Whether a role, with an owner's changes for this person, may do an act.

    `amount` is what the act is about: basis points for a discount, rupiah elsewhere. An owner
    may always do everything.
    """
    if role == "owner":
        return True
    rule = changed.get(act, ROLES.get(role, CASHIER).get(act, False))
    if isinstance(rule, bool):
        return rule
    return isinstance(rule, int) and abs(amount) <= rule and rule > 0
