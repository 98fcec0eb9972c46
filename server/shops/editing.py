"""Documents changed on the web: one fact, judged and folded like a counter's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from core.errors import Refused
from core.facts.base import Fact, FieldChange
from core.facts.catalog import ProductChanged
from core.facts.customers import CustomerChanged
from core.facts.shop import SettingsChanged, StaffChanged
from core.facts.sync import DocumentTable
from server.db.transaction import ShopTx
from server.services import Services
from server.sync.allotments import append_server_fact
from server.sync.feed import lock_feed
from server.sync.once import is_first

_encode = msgspec.json.Encoder(order="sorted").encode
_FORM_KEPT_MS: Final = 30 * 24 * 3_600_000
"""So long is known that a form was sent."""
Check = Callable[[ShopTx], None]


class BadField(Refused):
    """A field cannot have that value; `why` names the rule, other details what it needs."""

    code = "bad_field"

    def __init__(self, field: str, why: str, **details: Any) -> None:
        """Name the field and the rule."""
        super().__init__(field=field, why=why, **details)
        self.field = field


def json_of(value: Any) -> str:
    """A value in the form in which it travels in a change."""
    return _encode(value).decode()


def change_document(
    services: Services,
    shop_id: bytes,
    table: DocumentTable,
    document: bytes,
    seen: Mapping[str, Any],
    wanted: Mapping[str, Any],
    by: bytes,
    *,
    form: str = "",
    check: Check | None = None,
) -> int:
    """Write what is wanted otherwise than it was seen; returns how many fields that were.

    What a counter changed since it was seen is not overwritten unnoticed: the change is then judged
    as one that was made at two places. `form` and `check` are those of `write_once`.
    """
    changes = tuple(
        FieldChange(name, json_of(seen[name]), json_of(value))
        for name, value in wanted.items()
        if value != seen[name]
    )
    if not changes:
        return 0
    fact = _fact(table, document, changes)
    wrote = write_once(services, shop_id, fact, by, form=form, check=check)
    return len(changes) if wrote else 0


def write_once(
    services: Services,
    shop_id: bytes,
    fact: Fact,
    by: bytes,
    *,
    form: str = "",
    check: Check | None = None,
) -> bool:
    """Write a fact that a form asks for; False where the same form was sent before.

    `form` names the form and what was typed in it; without it nothing is remembered. `check` may
    refuse: what it reads stands until the fact is written.
    """

    def write(tx: ShopTx) -> bool:
        lock_feed(tx)
        now_ms = services.now_ms()
        if form and not is_first(tx, by, form, now_ms=now_ms, kept_ms=_FORM_KEPT_MS):
            return False
        if check is not None:
            check(tx)
        _append(services, tx, fact, by)
        return True

    return services.store.in_shop(shop_id, write)


def _append(services: Services, tx: ShopTx, fact: Fact, by: bytes) -> None:
    append_server_fact(tx, fact, now_ms=services.now_ms(), by=by)


def _fact(table: DocumentTable, document: bytes, changes: tuple[FieldChange, ...]) -> Fact:
    if table == "product":
        return ProductChanged(document, changes)
    if table == "customer":
        return CustomerChanged(document, changes)
    if table == "staff":
        return StaffChanged(document, changes)
    return SettingsChanged(changes)


def append_changes(
    services: Services,
    tx: ShopTx,
    table: DocumentTable,
    document: bytes,
    changes: tuple[FieldChange, ...],
    by: bytes,
) -> None:
    """The same inside a transaction of the shop, with changes as they are given."""
    _append(services, tx, _fact(table, document, changes), by)
