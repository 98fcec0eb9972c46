"""`shard-plan`: what spreads the shops over several machines (docs/scale.md)."""

from __future__ import annotations

from typing import Any

from server.cli.arguments import BadArguments, command
from server.cli.session import Session
from server.db.schema import metadata
from server.db.sharding import SHARDS, plan, tables_of
from server.messages.scale import SCRIPT

_MOST_SHARDS = 1_024


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    shards = command(
        commands,
        "shard-plan",
        "Perintah SQL yang menyebar toko ke beberapa mesin (Citus) / SQL that spreads the shops",
        run_plan,
    )
    shards.add_argument("--shards", type=int, default=SHARDS, metavar="N")


def run_plan(session: Session) -> None:
    """Print the statements in order; nothing is connected or changed.

    Raises:
        BadArguments: so many shards cannot be.
        NotShardable: a table breaks a rule.
    """
    shards = session.options.shards
    if not 1 <= shards <= _MOST_SHARDS:
        raise BadArguments(why=f"--shards 1-{_MOST_SHARDS}")
    steps = plan(metadata, role=session.config.db_role, shards=shards)
    local = [str(table.name) for table in tables_of(metadata, "local")]
    if session.json:
        for name in local:
            session.say({"table": name, "place": "local", "statement": ""}, "")
    else:
        _say_comment(session, "head")
        _say_comment(session, "local", tables=", ".join(local))
    for step in steps:
        session.say(step._asdict(), f"{step.statement};")


def _say_comment(session: Session, name: str, **details: str) -> None:
    words = SCRIPT[name][session.config.language == "en"]
    session.say({}, f"-- {words.format(**details)}")
