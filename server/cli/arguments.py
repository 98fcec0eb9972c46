"""The grammar of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from core.errors import Refused
from core.text import unreadable


class BadArguments(Refused):
    """The command line itself could not be understood."""

    code = "usage"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise instead of printing a page of usage."""
        raise BadArguments(why=message)


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
    from server.cli import (
        buyers,
        demo,
        devices,
        feeds,
        ledger,
        payments,
        people,
        running,
        sandbox,
        search,
        sharding,
    )

    top = _Parser(
        prog="huyula-server",
        description="Server Huyula untuk banyak kasir. The Huyula server for many counters.",
    )
    top.add_argument("--db", metavar="URL", help="sqlite:///berkas | postgresql://...")
    top.add_argument("--json", action="store_true", help="jawaban sebagai JSON / answers as JSON")
    commands = top.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for module in (
        running,
        people,
        buyers,
        devices,
        feeds,
        ledger,
        payments,
        search,
        sharding,
        demo,
        sandbox,
    ):
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
    # Without a name of its own it is called by its choices, in the usage and where it is missing.
    return made.add_subparsers(required=True, parser_class=_Parser)
