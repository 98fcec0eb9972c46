"""The statement of orders at the counter: asked of the server, whose books have it.

What providers kept and what came on the shop's own account is in no fact of a counter, so it cannot
be reckoned here; without the server there is no statement, and the counter's own reports go on.
"""

from __future__ import annotations

from core.errors import Refused
from core.orders.statement import OrderStatement, StatementAnswer, StatementWanted
from pos.counter import Counter
from pos.staff.people import require
from pos.sync.enrolment import speaker
from pos.sync.wire import NoAnswer, Said, Send


class StatementAway(Refused):
    """The server, which has the books, cannot be asked now."""

    code = "statement_away"


def order_statement(counter: Counter, send: Send, first: str, last: str) -> OrderStatement:
    """The statement of the business days from `first` to `last` (YYYY-MM-DD).

    Raises:
        NeedsManager: the reports are not for this person.
        StatementAway: the server does not answer, or does not know of such statements.
    """
    require(counter, "see_reports")
    wanted = StatementWanted(first, last)
    try:
        answer = speaker(counter, send).ask(StatementAnswer, "POST", "/orders/statement", wanted)
    except (NoAnswer, Said) as error:
        raise StatementAway() from error
    if answer is None or answer.statement is None:
        raise StatementAway()
    return answer.statement
