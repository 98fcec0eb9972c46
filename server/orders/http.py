"""The counters' way to what no fact holds."""

from __future__ import annotations

from core.ledger import is_day
from core.orders.contacts import MOST_IDS, Contacts, ContactsWanted
from core.orders.statement import StatementAnswer, StatementWanted
from core.orders.talk import MOST_WORDS, Talk, TalkWanted
from core.sync.wire import Malformed
from server.http.routes import Call, Route
from server.orders.reading import contacts_of
from server.orders.statement import order_statement
from server.orders.talking import said_after, take_words
from server.sync.http.answering import PULLING, answering, frame, protocol_route
from server.sync.http.gate import gate_of
from server.sync.http.packing import read
from server.sync.pages import check_may_pull
from server.sync.standing import epoch_of


def send_contacts(call: Call) -> Contacts:
    """The buyers of some of the shop's orders."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    gate.use_up_reading(caller)
    wanted = read(ContactsWanted, call.raw, call.headers)
    if len(wanted.ids) > MOST_IDS or any(len(one) != 16 for one in wanted.ids):
        raise Malformed(why="ids")
    with call.services.store.reading_shop(caller.shop) as tx:
        check_may_pull(tx, caller.device)
        found = contacts_of(tx, set(wanted.ids))
    return Contacts(**frame(call, epoch_of(call.services, caller.shop)), contacts=found)


def send_statement(call: Call) -> StatementAnswer:
    """The shop's statement of orders over a period."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    gate.use_up_reading(caller)
    wanted = read(StatementWanted, call.raw, call.headers)
    if not (is_day(wanted.first) and is_day(wanted.last) and wanted.first <= wanted.last):
        raise Malformed(why="days")
    with call.services.store.reading_shop(caller.shop, snapshot=True) as tx:
        check_may_pull(tx, caller.device)
        found = order_statement(tx, wanted.first, wanted.last)
    return StatementAnswer(**frame(call, epoch_of(call.services, caller.shop)), statement=found)


def exchange_talk(call: Call) -> Talk:
    """What the counter has to say on orders is kept; what is new to it is told."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    gate.use_up_reading(caller)
    wanted, store = read(TalkWanted, call.raw, call.headers), call.services.store
    keys = [part for word in wanted.words for part in (word.key, word.order_id)]
    if len(wanted.words) > MOST_WORDS or any(len(one) != 16 for one in keys):
        raise Malformed(why="words")
    if not 0 <= wanted.after < 1 << 63:
        raise Malformed(why="after")
    with store.reading_shop(caller.shop) as tx:
        check_may_pull(tx, caller.device)
    refused = take_words(call.services, caller.shop, wanted.words) if wanted.words else ()
    with store.reading_shop(caller.shop) as tx:
        said, more = said_after(tx, wanted.after)
    epoch = epoch_of(call.services, caller.shop)
    return Talk(**frame(call, epoch), said=said, more=more, refused=refused)


def order_routes() -> list[Route]:
    """All of them."""
    return [
        protocol_route(
            "POST",
            "/orders/contacts",
            "Who ordered: names, numbers and addresses that no fact holds",
            answering(send_contacts),
            PULLING,
            read_body=ContactsWanted,
            answer=Contacts,
        ),
        protocol_route(
            "POST",
            "/orders/statement",
            "A period of orders as the shop's books have it",
            answering(send_statement),
            PULLING,
            read_body=StatementWanted,
            answer=StatementAnswer,
        ),
        protocol_route(
            "POST",
            "/orders/talk",
            "What is said on orders: the shop's words are kept, what is new is told",
            answering(exchange_talk),
            PULLING,
            read_body=TalkWanted,
            answer=Talk,
        ),
    ]
