"""Commands that keep the counter in step with the shop's server: enrol, sync."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from core.errors import Refused
from pos.backup.age import last_backup_ms
from pos.cli.arguments import command
from pos.cli.exits import DONE
from pos.cli.session import Session
from pos.counter import Counter

if TYPE_CHECKING:
    from pos.sync.pictures import Pictures


class NotEnrolled(Refused):
    """There is no server to speak to."""

    code = "not_enrolled"


class ServerRefused(Refused):
    """The server said no; `error` is its code."""

    code = "server_refused"


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    joins = command(commands, "enrol", "Hubungkan ke server toko / join a shop", run_enrol)
    joins.add_argument("url", metavar="URL", help="alamat server / the server's address")
    joins.add_argument("pairing", metavar="CODE", help="kode dari pemilik / the owner's code")
    joins.add_argument("--name", default="", help="nama kasir / the counter's name")
    sync = command(commands, "sync", "Kirim dan terima / send and receive", run_sync)
    sync.add_argument(
        "--new-key",
        action="store_true",
        help="kuncinya hilang untuk selamanya / this counter's key is gone for good",
    )
    sync.add_argument("--once", action="store_true", help="satu kali saja / one round only")


def run_enrol(session: Session) -> int:
    """Join a shop with the owner's code."""
    from core.sync.codes import show_digits
    from pos.sync.enrolment import enrol, server_address
    from pos.sync.transport import HttpSender

    options = session.options
    counter = session.writing()
    sender = HttpSender(server_address(options.url))
    try:
        answer = enrol(counter, options.url, options.pairing, sender, name=options.name)
    finally:
        sender.close()
    session.say(
        {
            "shop": answer.shop.hex(),
            "name": answer.shop_name,
            "register": counter.register,
            "first": answer.first,
            "check": answer.check,
        },
        f"{answer.shop_name}: {counter.register} ({show_digits(answer.check)})",
    )
    return DONE


def run_sync(session: Session) -> int:
    """Rounds until nothing is left to do, or (`--once` not given) until ended from outside."""
    from pos.sync.memory import server
    from pos.sync.once import pictures_of
    from pos.sync.retry import Backoff
    from pos.sync.transport import HttpSender

    counter = session.writing()
    found = server(counter.db)
    if found is None:
        raise NotEnrolled()
    if session.options.new_key:
        _give_key_up(counter)
    sender = HttpSender(found.url)
    backoff = Backoff(lambda: counter.clock.random(1)[0] / 256)
    pictures = pictures_of(counter)
    try:
        while True:
            try:
                refusal = _round(session, counter, sender, pictures)
                backoff.answered()
                if session.options.once and refusal is not None:
                    raise refusal
                if session.options.once:
                    return DONE
                if refusal is not None:
                    session.warn(refusal)
                wait_s = 1.0
            except Refused as failed:
                if session.options.once:
                    raise
                session.warn(failed)
                wait_s = backoff.failed(float(failed.details.get("retry_s", 0) or 0))
            time.sleep(wait_s)
    finally:
        sender.close()


def _give_key_up(counter: Counter) -> None:
    """A new line with a new key goes on from this one; the server asks the owner who it is."""
    from pos.opening import ensure_line

    counter.before_first_write = None
    counter.witness.forget(counter.line.device)
    ensure_line(counter)


def _round(
    session: Session, counter: Counter, sender: Any, pictures: Pictures
) -> ServerRefused | None:
    """One round, said. Returns what the server has against the counter: what it sent waits there
    for the owner, and it is told nothing; None where it is trusted.

    Raises:
        Refused: the round did not end well.
    """
    from pos.sync.memory import server
    from pos.sync.once import MOST_STEPS, pictures_once, sync_once
    from pos.sync.picture_memory import picture_state
    from pos.sync.pictures import Moved
    from pos.sync.wire import Said

    found = server(counter.db)
    assert found is not None, "it was enrolled when the command began"
    try:
        outcome = sync_once(counter, found, sender, backup_ms=last_backup_ms(counter.folder))
    except Said as said:
        problem = said.problem
        raise ServerRefused(
            why=problem.error, error=problem.error, retry_s=problem.retry_s
        ) from said
    refusal, moved = None, Moved()
    if outcome.state != "trusted":
        refusal = ServerRefused(why=outcome.state, error=outcome.state)
    else:
        most = MOST_STEPS if session.options.once else 1
        moved = pictures_once(counter, found, sender, pictures, most)
    left = picture_state(counter.db)
    if any((moved.sent, moved.received, left.waiting, left.refused)):
        session.say(
            {
                "pictures": {
                    "sent": moved.sent,
                    "received": moved.received,
                    "waiting": left.waiting,
                    "refused": len(left.refused),
                }
            },
            f"Gambar: {moved.sent} terkirim, {moved.received} diterima, {left.waiting} menunggu",
        )
    _say_differences(session, counter)
    session.say(
        {
            "sent": outcome.sent,
            "received": outcome.received,
            "waiting": outcome.waiting,
            "head": outcome.head,
            "epoch": outcome.epoch,
            "feed": outcome.feed,
            "digest_equal": outcome.digest_equal,
        },
        f"{outcome.sent} terkirim, {outcome.received} diterima, {outcome.waiting} menunggu",
    )
    return refusal


def _say_differences(session: Session, counter: Counter) -> None:
    from pos.sync.differences import called, differences

    for one in differences(counter.db):
        name = called(counter.db, one)
        here, there = (" ".join(map(str, side)) or "-" for side in (one.ours, one.theirs))
        session.say(
            {"differs": {"group": one.group, "name": name, "ours": one.ours, "theirs": one.theirs}},
            f"Berbeda: {one.group} {name}: {here} di sini, {there} di server",
        )
