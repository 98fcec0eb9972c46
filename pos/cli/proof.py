"""Commands that keep the shop's data safe: verify, backup, restore."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from pos.backup.age import note_backup
from pos.backup.files import back_up, restore
from pos.cli.arguments import command
from pos.cli.exits import DONE, REFUSED
from pos.cli.session import Session
from pos.db.base import BadChunk
from pos.db.database import Database
from pos.device.clock import Clock
from pos.device.lock import FolderInUse
from pos.journal.laying_entries import BadRow
from pos.sync.due import NotFoldedYet, fold_what_is_due, is_folding_due
from pos.sync.leaving import UnsentReplaced, unsent


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    command(commands, "verify", "Buktikan data utuh / prove the data", run_verify)
    saved = command(commands, "backup", "Cadangkan / back up", run_backup)
    saved.add_argument("file", type=Path, metavar="FILE")
    back = command(commands, "restore", "Pulihkan cadangan / restore", run_restore)
    back.add_argument("file", type=Path, metavar="FILE")


def run_verify(session: Session) -> int:
    """Prove the tables against the journal; exit 1 where something differs.

    Raises:
        NotFoldedYet: something is still to be folded, by the program that is open.
    """
    from pos.journal.verify import verify
    from pos.printing.proof import queue_differences

    proof = verify(_folded(session), queue_differences)
    answer = msgspec.to_builtins(proof)
    if not proof.unchecked:
        answer.pop("unchecked")
    lines = [f"{proof.facts} fakta, {proof.sales} penjualan: {'utuh' if proof.ok else 'BERBEDA'}"]
    lines += [
        f"{item.table} {item.key} {item.column}: {item.found} <> {item.expected}"
        for item in proof.differences
    ]
    lines += [f"tidak diperiksa: {item}" for item in proof.unchecked]
    session.say(answer, "\n".join(lines))
    return DONE if proof.ok else REFUSED


def _folded(session: Session) -> Database:
    """The shop as this program knows it: what one before it could only keep is folded first, or
    what it had begun when it ended. Where a damaged snapshot stands in the way, the proof names
    it."""
    db = session.reading()
    if is_folding_due(db):
        try:
            with suppress(BadChunk, BadRow), session.lent() as counter:
                fold_what_is_due(counter.db)
        except FolderInUse as used:
            raise NotFoldedYet() from used
    return db


def run_backup(session: Session) -> None:
    """Write a whole copy of the shop to a file."""
    file = session.options.file
    size = back_up(session.reading(), file)
    note_backup(session.folder, Clock().now_ms())
    session.say({"file": str(file), "bytes": size}, f"{file}: {size} byte")


def run_restore(session: Session) -> None:
    """Put a backup in place; the next sale opens a new line of history."""
    waiting = unsent(session.folder)
    if waiting:
        session.warn(UnsentReplaced(count=waiting))
    kept = restore(session.folder, session.options.file)
    answer = {
        "restored": str(session.options.file),
        "kept": str(kept) if kept else None,
        "unsent": waiting,
    }
    session.say(answer, f"{session.options.file} -> {session.folder}")
