"""A counter becomes one of a shop's: what it wrote so far waits, and it says that it joined."""

from __future__ import annotations

from core.facts.base import FieldChange
from core.facts.sync import ShopJoined
from core.sync.messages import Enrolled
from pos.counter import Counter, read_head
from pos.db.database import Database
from pos.journal.mending import mend
from pos.opening import open_line
from pos.shop.settings import Settings
from pos.sync.memory import remember
from pos.sync.upgrade import note_kinds


def join(counter: Counter, url: str, answer: Enrolled) -> None:
    """Keep what the server answered; a counter that is not the shop's first writes that it joined.

    Where its register code is another's, a new line with the code that the server gave begins.
    """
    mend(counter.db, lambda db: _wait(db, url, answer))
    _take_code(counter, answer.register)
    if not answer.first:
        with counter.any_day(), counter.transaction() as tx:
            tx.append(ShopJoined(answer.shop, answer.shop_name, _settings(counter.db, answer)))


def join_again(counter: Counter, url: str, answer: Enrolled) -> None:
    """A server that was restored from before this counter joined knows it once more.

    Journal, feed and what waits stay as they are: the next round finds out where both agree.
    """
    with counter.db.transaction():
        for name, value in (("url", url), ("name", answer.shop_name), ("check", answer.check)):
            remember(counter.db, name, value)
        remember(counter.db, "error", "")
    _take_code(counter, answer.register)


def _take_code(counter: Counter, register: str) -> None:
    if register and register != counter.register:
        head = read_head(counter.db)
        assert head is not None, "a counter that joins has a history"
        open_line(counter, "enrolled", head, register=register)
        counter.announce(frozenset({"line_opened"}))


def _wait(db: Database, url: str, answer: Enrolled) -> None:
    _keep(db, url, answer)
    note_kinds(db)
    db.run("INSERT INTO waiting (pos) SELECT pos FROM journal")


def _keep(db: Database, url: str, answer: Enrolled) -> None:
    remember(db, "shop", answer.shop.hex())
    remember(db, "url", url)
    remember(db, "name", answer.shop_name)
    remember(db, "check", answer.check)
    remember(db, "server_key", answer.server_key.hex())
    remember(db, "epoch", str(answer.epoch))
    # Another server's place says nothing here, whatever its epoch is called.
    remember(db, "talk", "")


def _settings(db: Database, answer: Enrolled) -> tuple[FieldChange, ...]:
    """The shop's settings beside this counter's; names of a newer program stay out."""
    mine = {row[0]: row[1] for row in db.rows("SELECT name, value FROM setting")}
    known = set(Settings.__struct_fields__)
    return tuple(
        FieldChange(name, mine.get(name, ""), value)
        for name, value in sorted(answer.settings.items())
        if name in known and mine.get(name) != value
    )
