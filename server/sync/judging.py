"""What an owner decides about entries in quarantine."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from sqlalchemy import bindparam, func, select

from core.contract import UnknownFact, UnreadableFact
from core.errors import Refused
from core.facts.base import Fact
from core.facts.sync import EntryJudged
from core.sync.feed import verdict_codes
from server.db.schema import SHOP
from server.db.schema.journal import entry, quarantine
from server.db.schema.people import register
from server.db.tied import meets, tied
from server.db.transaction import ShopTx
from server.services import Services
from server.sync.allotments import append_server_fact
from server.sync.arrivals import NEVER
from server.sync.feed import FoldFailed, lock_feed
from server.sync.fold.stored import fact_of_row
from server.sync.spoiled import is_of_the_data

PAGE: Final = 50

_ENTRIES = (
    select(entry, register.c.register)
    .select_from(entry)
    .join(register, meets(register, register.c.device == entry.c.device), isouter=True)
    .where(tied(entry), entry.c.verdict != "")
)
_QUARANTINED = (
    select(entry, register.c.register, quarantine.c.decision)
    .select_from(quarantine)
    .join(entry, meets(entry, entry.c.n == quarantine.c.n))
    .join(register, meets(register, register.c.device == entry.c.device), isouter=True)
    .where(tied(quarantine))
    .order_by(quarantine.c.n.desc())
    .limit(PAGE + 1)
)
_WAITING = _QUARANTINED.where(quarantine.c.decision == "")
_DECIDED = _QUARANTINED.where(quarantine.c.decision != "")
_FLAGGED = (
    _ENTRIES.where(entry.c.verdict.like("flagged:%")).order_by(entry.c.n.desc()).limit(PAGE + 1)
)
_COUNT = select(func.count()).where(tied(quarantine), quarantine.c.decision == "")
_STANDING = select(quarantine.c.code, quarantine.c.decision).where(
    quarantine.c.shop_id == SHOP, quarantine.c.hash == bindparam("digest")
)


class NotWaiting(Refused):
    """No entry of this hash waits for a decision, or it cannot be released."""

    code = "not_waiting"


class Doubtful(NamedTuple):
    """An entry that is flagged or in quarantine. `fact` is None where it cannot be read;
    `decision` is empty while it waits (and for flagged ones, which count)."""

    n: int
    hash: bytes
    kind: str
    at_ms: int
    received_ms: int
    register: str
    codes: tuple[str, ...]
    fact: Fact | None
    decision: str

    @property
    def may_be_released(self) -> bool:
        """Whether it can be made to count."""
        return self.fact is not None and not NEVER & set(self.codes)


class DoubtfulPage(NamedTuple):
    """Some entries, newest first; `before` (a feed number) finds older ones, 0 at the end."""

    rows: list[Doubtful]
    before: int


def waiting_entries(tx: ShopTx, before: int = 0) -> DoubtfulPage:
    """What waits in quarantine for the owner."""
    statement = _WAITING.where(quarantine.c.n < before) if before else _WAITING
    return _page(tx, statement)


def decided_entries(tx: ShopTx, before: int = 0) -> DoubtfulPage:
    """What was in quarantine and was decided."""
    statement = _DECIDED.where(quarantine.c.n < before) if before else _DECIDED
    return _page(tx, statement)


def flagged_entries(tx: ShopTx, before: int = 0) -> DoubtfulPage:
    """What counts although it breaks a rule."""
    return _page(tx, _FLAGGED.where(entry.c.n < before) if before else _FLAGGED)


def count_waiting(tx: ShopTx) -> int:
    """How many entries wait in quarantine."""
    return int(tx.scalar(_COUNT))


def judge_entry(
    services: Services,
    shop_id: bytes,
    digest: bytes,
    decision: Literal["released", "set_aside"],
    by: bytes = b"",
) -> None:
    """Let an entry count from here on, or set it aside for good.

    Raises:
        NotWaiting: it does not wait, or what it says cannot be read or folded and so not be
            released.
    """

    def work(tx: ShopTx) -> None:
        lock_feed(tx)  # nobody else decides meanwhile
        row = tx.one(_STANDING, digest=digest) if len(digest) == 32 else None
        if row is None or row.decision or (decision == "released" and row.code in NEVER):
            raise NotWaiting()
        append_server_fact(tx, EntryJudged(digest, decision), now_ms=services.now_ms(), by=by)

    try:
        services.store.in_shop(shop_id, work)
    except Exception as error:
        if isinstance(error, FoldFailed) or is_of_the_data(error):
            raise NotWaiting() from error
        raise


def _page(tx: ShopTx, statement: object) -> DoubtfulPage:
    found = tx.rows(statement)  # type: ignore[arg-type]
    rows = [
        Doubtful(
            row.n,
            row.hash,
            row.kind,
            row.at_ms,
            row.received_ms,
            row.register or "",
            verdict_codes(row.verdict),
            _fact(row),
            row._mapping.get("decision", ""),
        )
        for row in found[:PAGE]
    ]
    return DoubtfulPage(rows, rows[-1].n if len(found) > PAGE else 0)


def _fact(row: object) -> Fact | None:
    try:
        return fact_of_row(row)[1]  # type: ignore[arg-type]
    except (UnknownFact, UnreadableFact, ValueError):
        return None
