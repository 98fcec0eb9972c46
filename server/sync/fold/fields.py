"""Changes of fields: judged by the value that they replace, kept as history."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import bindparam, delete, select

from core.facts.base import FieldChange
from core.facts.catalog import BarcodeRecord
from core.facts.sync import DocumentTable, FieldDecided
from core.sync.fields import FIRST, Stamp, judge
from server.db.keyed import rows_by_keys
from server.db.schema import SHOP, journal, people
from server.db.schema.catalog import field_change, field_stamp, product_barcode
from server.db.transaction import ShopTx
from server.sync.fold.at import At
from server.sync.fold.documents import (
    TABLES,
    Document,
    canonical,
    check_value,
    read_row,
    to_row,
)
from server.sync.fold.loading import all_rows, by_keys, whole
from server.sync.rows import Rows, put_rows

_LOAD = {name: by_keys(table, f"{name}_id") for name, table in TABLES.items()}
_STAMPS = by_keys(
    field_stamp, "document", "table_name", "document", "field", "value", "at_ms", "hash"
)
_SETTINGS = whole(people.setting, "name", "value")
_TIME_OF = select(journal.entry.c.at_ms).where(
    journal.entry.c.shop_id == SHOP, journal.entry.c.hash == bindparam("hash")
)
_DROP_CODES = delete(product_barcode).where(
    product_barcode.c.shop_id == SHOP,
    product_barcode.c.product_id.in_(bindparam("keys", expanding=True)),
)
SETTINGS = b""
"""Settings are one document without an id; their names are its fields."""


class Documents:
    """The documents that a step touches, and the decisions that its changes call for."""

    def __init__(self, tx: ShopTx) -> None:
        """Nothing is loaded yet."""
        self._tx = tx
        self._documents: dict[tuple[str, bytes], Document] = {}
        self._history = Rows(field_change)
        self._recent: dict[bytes, int] = {}
        self.decisions: list[FieldDecided] = []

    def load(self, table: str, ids: Collection[bytes]) -> None:
        """Read documents of a table, and know of the others that they are not here."""
        missing = {key for key in ids if (table, key) not in self._documents}
        if not missing:
            return
        for key in missing:
            self._documents[table, key] = Document()
        if table == "setting":
            self._load_settings()
        else:
            for row in rows_by_keys(self._tx, _LOAD[table], missing):
                self._documents[table, row._mapping[f"{table}_id"]] = read_row(table, row)
        for name, key, field, value, at_ms, digest in rows_by_keys(self._tx, _STAMPS, missing):
            if name == table:
                document = self._documents[table, key]
                document.values[field] = value
                document.stamps[field] = Stamp(at_ms, digest)

    def _load_settings(self) -> None:
        document = self._documents["setting", SETTINGS]
        document.known = True
        for name, value in all_rows(self._tx, _SETTINGS):
            document.values[name] = value

    def get(self, table: str, key: bytes) -> Document:
        """A document; empty where nothing is known of it."""
        if (table, key) not in self._documents:
            self.load(table, (key,))
        return self._documents[table, key]

    def change(
        self, at: At, table: DocumentTable, key: bytes, changes: Sequence[FieldChange]
    ) -> None:
        """Judge changes; what was made at two places is put down to be decided."""
        document = self.get(table, key)
        if not document.known:
            at.flags.add("unknown_reference")
        for change in changes:
            self._change(at, table, key, document, change)
        self._recent[at.hash] = at.at_ms

    def _change(
        self, at: At, table: DocumentTable, key: bytes, document: Document, change: FieldChange
    ) -> None:
        field, old, new = change.field, canonical(change.old), change.new
        check_value(table, field, new)
        standing = document.values.get(field)
        stamp = document.stamps.get(field, FIRST)
        outcome = "applied"
        if standing is not None:
            outcome = judge(canonical(standing), stamp, old, canonical(new), at.stamp)
        if outcome == "applied":
            document.put(field, new, at.stamp)
        elif outcome == "same":
            document.put(field, new, max(stamp, at.stamp))
        elif outcome == "won":
            self.decisions.append(
                FieldDecided(table, key, field, new, standing or "null", at.hash, stamp.hash)
            )
        else:
            self.decisions.append(
                FieldDecided(table, key, field, standing or "null", new, stamp.hash, at.hash)
            )
        row = (at.n, at.next_move(), table, key, field, old, new, outcome)
        self._history.add(row)

    def decided(self, at: At, fact: FieldDecided) -> None:
        """The value that stands where a field was changed at two places.

        A decision that came back after the server had gone back in time may be about neither of
        what stands now. Counters do what it says; so what stands is said again after it.
        """
        document = self.get(fact.table, fact.document)
        stamp = document.stamps.get(fact.field, FIRST)
        value = fact.value
        check_value(fact.table, fact.field, value)
        standing = document.values.get(fact.field)
        if standing is not None and stamp.hash not in (fact.won, fact.lost):
            if canonical(standing) != canonical(value):
                self.decisions.append(
                    FieldDecided(
                        fact.table, fact.document, fact.field, standing, value, stamp.hash, fact.won
                    )
                )
            return
        if fact.won != stamp.hash:
            stamp = Stamp(self._time_of(fact.won, at.at_ms), fact.won)
        document.put(fact.field, value, stamp)

    def _time_of(self, digest: bytes, otherwise: int) -> int:
        if digest in self._recent:
            return self._recent[digest]
        found = self._tx.scalar(_TIME_OF, hash=digest) if len(digest) == 32 else None
        return otherwise if found is None else int(found)

    def set_plainly(self, at: At, table: str, key: bytes, field: str, text: str) -> None:
        """Set a field that follows from a fact about something else."""
        document = self.get(table, key)
        if document.values.get(field) != text:
            document.put(field, text, at.stamp)

    def changed(self, table: str) -> set[bytes]:
        """The documents of a table that are to be written."""
        return {
            key for (name, key), one in self._documents.items() if name == table and one.changed
        }

    def changed_settings(self) -> set[str]:
        """The names of the settings that are to be written."""
        found = self._documents.get(("setting", SETTINGS))
        return set(found.changed) if found else set()

    def write(self, tx: ShopTx) -> None:
        """Write what changed."""
        self._history.write(tx)
        stamps = []
        rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in TABLES}
        for (table, key), document in sorted(self._documents.items()):
            if not document.changed:
                continue
            for field in sorted(document.changed & document.stamps.keys()):
                at_ms, digest = document.stamps[field]
                value = document.values[field]
                stamps.append((key, field, table, value, at_ms, digest))
            if table == "setting":
                put_rows(
                    tx,
                    people.setting,
                    [(name, document.values[name]) for name in sorted(document.changed)],
                )
            elif document.known:
                rows[table].append(to_row(table, key, document))
        put_rows(tx, field_stamp, stamps)
        for table, some in rows.items():
            put_rows(tx, TABLES[table], some)
        self._write_barcodes(tx)
        self._documents.clear()
        self._recent.clear()

    def _write_barcodes(self, tx: ShopTx) -> None:
        found = [
            (key, document)
            for (table, key), document in sorted(self._documents.items())
            if table == "product" and document.known and "barcodes" in document.changed
        ]
        old = [key for key, document in found if "barcodes" in document.stamps]
        if old:
            tx.run(_DROP_CODES, keys=old)
        codes = {
            (key, record.code)
            for key, document in found
            for record in msgspec.json.decode(document.values["barcodes"], type=list[BarcodeRecord])
        }
        put_rows(tx, product_barcode, sorted(codes))
