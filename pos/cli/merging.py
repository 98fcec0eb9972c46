"""Commands about records that two counters wrote down of one thing: list, merge, keep apart."""

from __future__ import annotations

import argparse
from typing import Any

from core.text import words
from pos.cli.arguments import command, group
from pos.cli.session import Session, UsageError
from pos.db.database import Database
from pos.merging.deciding import (
    CannotMerge,
    Progress,
    Two,
    check_pair,
    keep_apart,
    merge_pairs,
)
from pos.merging.finding import Customer, Goods, Proposal, Table, proposals

_ID_LETTERS = 32


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    merge = group(
        commands, "merge", "Catatan ganda dari dua kasir / records that two counters both have"
    )
    listed = command(merge, "list", "Pasangan yang diusulkan / proposed pairs", run_list)
    listed.add_argument("--search", default="", metavar="TEXT")
    listed.add_argument("--of", choices=("product", "customer"), default="")
    apply = command(merge, "apply", "Satukan / merge", run_apply)
    apply.add_argument("--sure", action="store_true", help="semua yang pasti / all that are sure")
    _add_pairs(apply)
    apart = command(merge, "apart", "Bukan barang yang sama / not the same", run_apart)
    _add_pairs(apart)


def _add_pairs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pair", nargs=2, action="append", default=[], metavar=("SOURCE", "TARGET"),
        help="id yang dilebur dan id yang tetap / the id that goes up in the other",
    )  # fmt: skip


def run_list(session: Session) -> None:
    """List what is proposed, sure pairs first."""
    asked = words(session.options.search)
    for one in proposals(session.reading()):
        if session.options.of not in ("", one.table):
            continue
        if all(word in one.words for word in asked):
            session.line(_shown(one), _line(one))


def _shown(one: Proposal) -> dict[str, Any]:
    pair = one.pair
    return {
        "table": one.table,
        "source": _record(one.source),
        "target": _record(one.target),
        "why": pair.why,
        "score": pair.score,
        "sure": pair.sure,
        "possible": pair.possible,
        "doubt": pair.doubt,
    }


def _record(one: Goods | Customer) -> dict[str, Any]:
    if isinstance(one, Goods):
        return {
            "id": one.id.hex(),
            "name": one.name,
            "code": one.code,
            "barcodes": one.barcodes,
            "unit": one.unit,
            "price": one.price,
            "cost": one.cost,
            "stock": one.stock,
        }
    return {
        "id": one.id.hex(),
        "name": one.name,
        "phone": one.phone,
        "member_no": one.member_no,
        "limit": one.credit_limit,
        "debt": one.debt,
    }


def _line(one: Proposal) -> str:
    mark = "=" if one.pair.sure else "?" if one.pair.possible else "x"
    ids = f"{one.pair.source.hex()}\t{one.pair.target.hex()}"
    return f"{mark}\t{one.source.name}\t{one.target.name}\t{ids}"


def run_apply(session: Session) -> None:
    """Merge the named pairs, or all that are sure."""
    counter = session.writing()
    pairs = _pairs(session, counter.db)
    for two in pairs:
        check_pair(counter.db, two)
    if session.options.sure:
        pairs += [
            Two(one.table, one.pair.source, one.pair.target)
            for one in proposals(counter.db)
            if one.pair.sure
        ]
    elif not pairs:
        raise UsageError(why="--sure / --pair")
    last = Progress(0, 0)
    for step in merge_pairs(counter, pairs):
        last = step
    session.say(
        {"merged": last.merged, "left": last.done - last.merged},
        f"{last.merged} disatukan, {last.done - last.merged} dibiarkan",
    )


def run_apart(session: Session) -> None:
    """Say that the named pairs are two things each."""
    counter = session.writing()
    pairs = _pairs(session, counter.db)
    if not pairs:
        raise UsageError(why="--pair")
    keep_apart(counter, pairs)
    session.say({"apart": len(pairs)}, f"{len(pairs)} tetap dua")


def _pairs(session: Session, db: Database) -> list[Two]:
    found = []
    for source, target in session.options.pair:
        ids = [_id(source), _id(target)]
        tables = {_table(db, one) for one in ids}
        if len(tables) != 1:
            raise CannotMerge(why="kind")
        found.append(Two(tables.pop(), *ids))
    return found


def _id(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError as error:
        raise UsageError(why=text) from error
    if len(text) != _ID_LETTERS:
        raise UsageError(why=text)
    return found


def _table(db: Database, document: bytes) -> Table:
    if db.tuple_of("SELECT 1 FROM product WHERE id=?", (document,)):
        return "product"
    if db.tuple_of("SELECT 1 FROM customer WHERE id=?", (document,)):
        return "customer"
    raise CannotMerge(why="missing")
