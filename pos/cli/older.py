"""Receipts that are older than what lies on this counter: fetched when a command names one."""

from __future__ import annotations

from core.errors import Refused
from pos.cli.session import Session
from pos.counter import Counter
from pos.db.past import is_incomplete
from pos.receipts.naming import exactly, number_of, receipts_named


class OlderReceipt(Refused):
    """It may be at the server, which cannot be reached now."""

    code = "older_receipt"


def known(session: Session, reference: str) -> str:
    """The reference that means this receipt alone, which is fetched where it is not here.

    Raises:
        AmbiguousReceipt: it means several.
        OlderReceipt: it is not here, and the server cannot be asked.
    """
    db = session.reading()
    if not receipts_named(db, reference) and is_incomplete(db):
        with session.lent() as counter:
            _fetch(counter, number_of(reference))
    return exactly(db, reference)


def _fetch(counter: Counter, number: str) -> None:
    from pos.sync.enrolment import speaker
    from pos.sync.memory import server
    from pos.sync.past import PastFetcher
    from pos.sync.transport import HttpSender
    from pos.sync.wanted import Wanted
    from pos.sync.wire import NoAnswer, Said

    found = server(counter.db)
    assert found is not None, "history comes from a server"
    sender = HttpSender(found.url)
    try:
        PastFetcher(counter.db, found, speaker(counter, sender)).look_for(Wanted(receipt=number))
    except (NoAnswer, Said) as error:
        raise OlderReceipt(receipt=number) from error
    finally:
        sender.close()
