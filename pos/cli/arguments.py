"""The grammar of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from core.errors import Refused
from core.money import parse_rupiah
from core.text import unreadable

_LARGEST = 2**63 - 1


class BadArguments(Refused):
    """The command line itself could not be understood."""

    code = "usage"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise instead of printing a page of usage."""
        raise BadArguments(why=message)


def _rupiah(text: str) -> int:
    try:
        return parse_rupiah(text)
    except Refused as error:
        raise argparse.ArgumentTypeError(f"{text!r}") from error


def whole(text: str) -> int:
    """A whole number that the database can hold.

    Raises:
        argparse.ArgumentTypeError: it is none, or larger.
    """
    try:
        number = int(text)
    except ValueError:
        number = _LARGEST + 1
    if abs(number) > _LARGEST:
        raise argparse.ArgumentTypeError(f"{text[:40]!r}")
    return number


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read a command line.

    Raises:
        BadArguments: the grammar has no such command line, or a word is no UTF-8: it would be
            refused only where it is kept or said, after the deed.
    """
    bad = unreadable(words)
    if bad:
        raise BadArguments(why=bad)
    return parser().parse_args(words)


def parser() -> argparse.ArgumentParser:
    """The whole grammar; each command names the function that runs it."""
    from pos.cli import (
        corrections,
        goods,
        merging,
        orders,
        people,
        printers,
        proof,
        receipts,
        reports,
        selling,
        shifts,
        shop,
        sync,
    )

    top = _Parser(
        prog="huyula-pos",
        description="Kasir Huyula. Tanpa perintah, jendela kasir dibuka. "
        "Without a command the window opens.",
    )
    top.add_argument("--data", type=Path, metavar="DIR", help="folder data / data folder")
    top.add_argument("--json", action="store_true", help="jawaban sebagai JSON / answers as JSON")
    top.add_argument("--as", dest="staff", metavar="STAFF", help="siapa yang bekerja / who acts")
    top.set_defaults(run=None)
    commands = top.add_subparsers(metavar="COMMAND", parser_class=_Parser)
    for module in (
        shop, goods, people, shifts, selling, corrections, receipts, reports, printers, proof,
        sync, merging, orders,
    ):  # fmt: skip
        module.add_commands(commands)
    return top


def command(commands: Any, name: str, text: str, run: Any = None) -> argparse.ArgumentParser:
    """Add a command with its help and the function that runs it; `--json` may come after it."""
    made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    made.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    if run is not None:
        made.set_defaults(run=run)
    return made


def group(commands: Any, name: str, text: str) -> Any:
    """Add a command that has commands of its own, one of which must be named."""
    made = command(commands, name, text)
    return made.add_subparsers(metavar="WHAT", required=True, parser_class=_Parser)


rupiah = _rupiah
