"""What an entry is before it meets the shop's tables: readable or not, and whose word it is.

Done outside the transaction, so that no lock is held while bytes are read.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.base import Fact, Header
from core.facts.orders import OrderPlaced, OrderReviewed, OrderSaid
from core.facts.sync import (
    Carried,
    EntryJudged,
    EpochBegan,
    FieldDecided,
    KasbonAllotted,
    RegisterJoined,
    RegisterLeft,
)
from server.sync.chain import Arrived
from server.sync.fold.dispatch import BadFact, check
from server.sync.fold.stored import Original
from server.sync.grown import read_in_part

UNREADABLE: Final = "unreadable"
DAMAGED: Final = "damaged"
REVOKED: Final = "revoked"
UNCONFIRMED: Final = "unconfirmed"
SERVER_ONLY: Final = "server_only"
UNKNOWN_KIND: Final = "unknown_kind"
NEVER: Final = frozenset({UNREADABLE, DAMAGED, SERVER_ONLY})
"""Why an entry can never count, whoever vouches for it."""

_OF_THE_SERVER: Final = (
    RegisterJoined,
    RegisterLeft,
    FieldDecided,
    KasbonAllotted,
    EntryJudged,
    EpochBegan,
    OrderPlaced,
    OrderSaid,
    OrderReviewed,
)


class Prepared(NamedTuple):
    """An entry that was read. `code` says why it cannot be taken as it is (`quarantined` by
    that code, or `unknown_kind`); header and fact are then None where they could not be read.
    `unknown` is the kind (`kind:version`) that this program does not know, of the entry or inside,
    or of which it reads only a part (`server.sync.grown`).
    """

    entry: Arrived
    header: Header | None
    fact: Fact | None
    code: str
    unknown: str = ""


def prepare(entry: Arrived) -> Prepared:
    """Read an entry that a counter wrote."""
    if entry.damaged:
        return Prepared(entry, None, None, DAMAGED)
    try:
        header, fact = decode_body(entry.kind, entry.version, entry.body)
        check(header, fact)
        if isinstance(fact, Carried):
            if Original(fact).is_damaged:
                return Prepared(entry, None, None, DAMAGED)
            fact_inside = _inside(fact)
            code = SERVER_ONLY if isinstance(fact_inside, _OF_THE_SERVER) else ""
        else:
            code = SERVER_ONLY if isinstance(fact, _OF_THE_SERVER) else ""
    except UnknownFact as error:
        return Prepared(entry, None, None, UNKNOWN_KIND, kind_name(error))
    except (UnreadableFact, BadFact, ValueError):
        return Prepared(entry, None, None, UNREADABLE)
    part = read_in_part(entry.kind, entry.version, header, fact, entry.body)
    return Prepared(entry, header, fact, code, part)


def kind_name(error: UnknownFact) -> str:
    """How a kind that is not known is kept: `kind:version`."""
    return f"{error.details['kind']}:{error.details['version']}"


def _inside(fact: Carried) -> Fact:
    header, inner = decode_body(fact.kind, fact.version, fact.body)
    check(header, inner)
    if isinstance(inner, Carried):
        raise BadFact("a carried entry inside a carried one")
    return inner
