"""The statement of orders at the counter: asked of the server, whose books have it.

What providers kept and what came on the shop's own account is in no fact of a counter, so it cannot
be reckoned here; without the server there is no statement, and the counter's own reports go on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from core.errors import Refused
from core.orders.statement import OrderStatement, StatementAnswer, StatementWanted
from pos.counter import Counter
from pos.staff.people import require
from pos.sync.enrolment import speaker
from pos.sync.wire import NoAnswer, Said, Send


class StatementAway(Refused):
    """The server, which has the books, cannot be asked now."""

    code = "statement_away"


def statement_asker(
    counter: Counter, send: Send, first: str, last: str
) -> Callable[[], OrderStatement]:
    """What asks for the statement of the business days from `first` to `last` (YYYY-MM-DD).

    It touches neither the counter nor its database: a window runs it beside itself. It raises
    `StatementAway` where the server does not answer, or does not know of such statements.

    Raises:
        NeedsManager: the reports are not for this person.
        KeyMissing, KeyAway: this counter cannot sign now.
    """
    require(counter, "see_reports")
    wanted, speaks = StatementWanted(first, last), speaker(counter, send)

    def ask() -> OrderStatement:
        try:
            answer = speaks.ask(StatementAnswer, "POST", "/orders/statement", wanted)
        except (NoAnswer, Said) as error:
            raise StatementAway() from error
        if answer is None or answer.statement is None:
            raise StatementAway()
        return answer.statement

    return ask


def order_statement(counter: Counter, send: Send, first: str, last: str) -> OrderStatement:
    """The statement itself, asked for at once; raises as `statement_asker` and what it gives do."""
    return statement_asker(counter, send, first, last)()


class Figure(NamedTuple):
    """One line of a statement: a code, an amount (rupiah, but "handed_over" counts), and whether it
    is a sum of those above. A heading has no amount; `way` is whose money is under it; `day` is
    when a payout arrived."""

    code: str
    amount: int | None = None
    is_sum: bool = False
    way: str = ""
    day: str = ""


def figures(statement: OrderStatement) -> list[Figure]:
    """The statement's sums in the order in which web, window and paper tell them."""
    told = [
        Figure("handed_over", statement.handed_over),
        Figure("goods", statement.goods),
        Figure("delivery", statement.delivery),
    ]
    if statement.returns:
        told.append(Figure("returns", -statement.returns))
    told.append(Figure("earned", statement.earned, is_sum=True))
    for one in statement.ways:
        told += [Figure("way", way=one.way), Figure("came", one.came)]
        less = (("back", one.back), ("taken", one.taken), ("fee", one.fee))
        told += [Figure(code, -amount) for code, amount in less if amount]
        told.append(Figure("net", one.came - one.back - one.taken - one.fee, is_sum=True))
        if one.paid_out:
            told.append(Figure("paid_out", one.paid_out))
    told += [Figure("payouts")] if statement.payouts else []
    for paid in statement.payouts:
        told.append(Figure("payout", paid.amount, way=paid.way, day=paid.day))
        told += [Figure("payout_fee", -paid.fee)] if paid.fee else []
    told.append(Figure("open"))
    at = statement.open
    told += [
        Figure("owed", at.owed),
        Figure("advance", at.advance),
        Figure("owed_back", at.owed_back),
        Figure("unearned", at.unearned),
        Figure("unassigned", at.unassigned),
        Figure("at_providers", at.at_providers),
    ]
    told += [Figure("beyond", at.beyond)] if at.beyond else []
    return told


def is_bare(statement: OrderStatement) -> bool:
    """Whether there is nothing to tell: no order, no money, nothing open."""
    return not statement.ways and all(not one.amount for one in figures(statement))


def month_of(day: str, back: int = 0) -> tuple[str, str]:
    """The first and the last day of a day's month, or of the one so many months before it.

    The month of `day` itself goes until that day: what is open is told as it stands.
    """
    year, month = int(day[:4]), int(day[5:7])
    number = year * 12 + month - 1 - back
    first = date(number // 12, number % 12 + 1, 1)
    if not back:
        return first.isoformat(), day
    following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    return first.isoformat(), (following - timedelta(days=1)).isoformat()
