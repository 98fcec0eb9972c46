"""Who changed which field when, and what was changed at two places."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, exists, func, or_, select

from core.contract import UnknownFact, UnreadableFact
from core.errors import Refused
from core.facts.base import FieldChange
from core.facts.sync import FieldDecided
from server.db.schema import SHOP
from server.db.schema.catalog import field_change, field_stamp, product
from server.db.schema.journal import entry
from server.db.schema.people import customer, register, staff
from server.db.tied import meets, tied
from server.db.transaction import ShopTx
from server.services import Services
from server.shops.editing import append_changes
from server.sync.feed import lock_feed
from server.sync.fold.stored import fact_of_row

PAGE: Final = 50
_TWO_PLACES: Final = ("won", "lost")
_later = field_change.alias("later")
_same_field = and_(
    _later.c.table_name == field_change.c.table_name,
    _later.c.document == field_change.c.document,
    _later.c.field == field_change.c.field,
)
_IS_LATEST = ~exists().where(
    _later.c.shop_id == SHOP,
    _same_field,
    or_(
        _later.c.n > field_change.c.n,
        and_(_later.c.n == field_change.c.n, _later.c.i > field_change.c.i),
    ),
)
_OPEN = (
    select(field_change, field_stamp.c.value.label("standing"))
    .select_from(field_change)
    .join(
        field_stamp,
        meets(
            field_stamp,
            field_stamp.c.table_name == field_change.c.table_name,
            field_stamp.c.document == field_change.c.document,
            field_stamp.c.field == field_change.c.field,
        ),
    )
    .where(tied(field_change), field_change.c.outcome.in_(_TWO_PLACES), _IS_LATEST)
    .order_by(field_change.c.n.desc(), field_change.c.i.desc())
)
_COUNT = select(func.count()).where(
    tied(field_change),
    field_change.c.outcome.in_(_TWO_PLACES),
    field_change.c.field != bindparam("hidden"),
    _IS_LATEST,
)
_DECIDED_AT = (
    select(field_change.c.n, field_change.c.i)
    .where(
        tied(field_change),
        field_change.c.n.in_(bindparam("numbers", expanding=True)),
        field_change.c.outcome.in_(_TWO_PLACES),
    )
    .order_by(field_change.c.n, field_change.c.i)
)
_ENTRIES = select(entry).where(
    tied(entry),
    entry.c.n.in_(bindparam("numbers", expanding=True)),
)
_BY_HASH = (
    select(entry.c.hash, entry.c.at_ms, entry.c.device, register.c.register)
    .select_from(entry)
    .join(register, meets(register, register.c.device == entry.c.device), isouter=True)
    .where(tied(entry), entry.c.hash.in_(bindparam("hashes", expanding=True)))
)
_HISTORY = (
    select(field_change, entry.c.at_ms, register.c.register)
    .select_from(field_change)
    .join(entry, meets(entry, entry.c.n == field_change.c.n))
    .join(register, meets(register, register.c.device == entry.c.device), isouter=True)
    .where(
        tied(field_change),
        field_change.c.table_name == bindparam("table"),
        field_change.c.document == bindparam("document"),
    )
    .order_by(field_change.c.n.desc(), field_change.c.i.desc())
    .limit(PAGE)
)
_STAFF = select(staff.c.staff_id, staff.c.name).where(tied(staff))
_NAMES: Final[dict[str, Any]] = {
    "product": select(product.c.product_id, product.c.name).where(
        tied(product), product.c.product_id.in_(bindparam("keys", expanding=True))
    ),
    "customer": select(customer.c.customer_id, customer.c.name).where(
        tied(customer), customer.c.customer_id.in_(bindparam("keys", expanding=True))
    ),
    "staff": _STAFF.where(staff.c.staff_id.in_(bindparam("keys", expanding=True))),
}


class AlreadySettled(Refused):
    """Nothing is to be decided about this field any more: it was changed or settled since."""

    code = "already_settled"


class Change(NamedTuple):
    """A field's change. Values are JSON text; `register` is empty where the web made it, `by`
    is then the account."""

    n: int
    i: int
    field: str
    old: str
    new: str
    outcome: str
    at_ms: int
    register: str
    by: bytes
    staff: str


class Side(NamedTuple):
    """One of two values: where it was set and when (0: the document was born with it)."""

    value: str
    at_ms: int
    register: str


class Conflict(NamedTuple):
    """A field that was changed at two places, and which of the two values stands."""

    n: int
    i: int
    table: str
    document: bytes
    name: str
    field: str
    standing: Side
    other: Side


def history(tx: ShopTx, table: str, document: bytes) -> list[Change]:
    """The latest changes of a document's fields, newest first."""
    found = tx.rows(_HISTORY, table=table, document=document)
    people = {row.staff_id: row.name for row in tx.rows(_STAFF)} if found else {}
    authors = _authors(tx, {row.n for row in found})
    return [
        Change(
            row.n,
            row.i,
            row.field,
            row.old,
            row.new,
            row.outcome,
            row.at_ms,
            row.register or "",
            authors.get(row.n, b""),
            people.get(authors.get(row.n, b""), ""),
        )
        for row in found
    ]


def _authors(tx: ShopTx, numbers: set[int]) -> dict[int, bytes]:
    if not numbers:
        return {}
    found = {}
    for row in tx.rows(_ENTRIES, numbers=sorted(numbers)):
        try:
            at, _ = fact_of_row(row)
        except (UnknownFact, UnreadableFact, ValueError):
            continue
        found[row.n] = at.header.by
    return found


def count_conflicts(tx: ShopTx, *, hidden: str = "") -> int:
    """How many fields wait for the owner's eye; those of the name `hidden` are not for who asks."""
    return int(tx.scalar(_COUNT, hidden=hidden))


def conflicts(tx: ShopTx) -> list[Conflict]:
    """Fields that were changed at two places and not touched since, newest first."""
    rows = tx.rows(_OPEN.limit(PAGE))
    decisions = _decisions(tx, rows)
    hashes = {digest for one in decisions.values() for digest in (one.won, one.lost) if digest}
    places = {}
    if hashes:
        for row in tx.rows(_BY_HASH, hashes=sorted(hashes)):
            places[row.hash] = (row.at_ms, row.register or "")
    names = _names(tx, rows)
    return [_conflict(row, decisions.get((row.n, row.i)), places, names) for row in rows]


def _conflict(
    row: Any,
    decided: FieldDecided | None,
    places: dict[bytes, tuple[int, str]],
    names: dict[bytes, str],
) -> Conflict:
    nowhere = (0, "")
    won = places.get(decided.won, nowhere) if decided else nowhere
    lost = places.get(decided.lost, nowhere) if decided else nowhere
    other = decided.other if decided else (row.new if row.outcome == "lost" else row.old)
    return Conflict(
        row.n,
        row.i,
        row.table_name,
        row.document,
        names.get(row.document, ""),
        row.field,
        Side(row.standing, *won),
        Side(other, *lost),
    )


def _decisions(tx: ShopTx, rows: Any) -> dict[tuple[int, int], FieldDecided]:
    """The server's decisions: they follow the fact in the feed, in the order of its changes."""
    if not rows:
        return {}
    wanted = {(row.n, row.i): row for row in rows}
    place: dict[int, tuple[int, int]] = {}
    before: dict[int, int] = {}
    for n, i in tx.rows(_DECIDED_AT, numbers=sorted({row.n for row in rows})):
        before[n] = before.get(n, 0) + 1
        if (n, i) in wanted:
            place[n + before[n]] = (n, i)
    found = {}
    for stored in tx.rows(_ENTRIES, numbers=sorted(place)):
        try:
            _, fact = fact_of_row(stored)
        except (UnknownFact, UnreadableFact, ValueError):
            continue
        key = place[stored.n]
        if isinstance(fact, FieldDecided) and fact.field == wanted[key].field:
            found[key] = fact
    return found


def _names(tx: ShopTx, rows: Any) -> dict[bytes, str]:
    names: dict[bytes, str] = {}
    for table, statement in _NAMES.items():
        keys = sorted({row.document for row in rows if row.table_name == table})
        if keys:
            names.update({row[0]: row[1] for row in tx.rows(statement, keys=keys)})
    return names


def settle_conflict(
    services: Services, shop_id: bytes, n: int, i: int, *, take_other: bool, by: bytes
) -> None:
    """Say which of the two values is right: the one that stands, or the other.

    Raises:
        AlreadySettled: the field was changed or settled since it was shown.
    """

    def work(tx: ShopTx) -> None:
        lock_feed(tx)  # nobody else settles it meanwhile
        found = [one for one in conflicts(tx) if (one.n, one.i) == (n, i)]
        if not found:
            raise AlreadySettled()
        one = found[0]
        value = one.other.value if take_other else one.standing.value
        change = FieldChange(one.field, one.standing.value, value)
        append_changes(services, tx, one.table, one.document, (change,), by)  # type: ignore[arg-type]

    services.store.in_shop(shop_id, work)
