"""An import that came inside other entries, as after a fork, is taken back like any other."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.contract import encode_body, kind_of
from core.facts.base import FieldChange, Header
from core.facts.catalog import CatalogImported, ImportedChange, ImportTakenBack
from core.journal import Entry, link
from core.sync.carrying import carry
from pos.journal.mending import mend
from tests.helpers.many_counters import World, picture
from tests.helpers.tiny_server import SHOP

IMPORT = b"import of a copy"


def _of_another_line(fact: CatalogImported) -> Entry:
    kind, version = kind_of(fact)
    body = encode_body(Header(1, b"boot", 1, "2026-11-24"), fact)
    return link(SHOP, b"an older line of", 7, kind, version, b"p" * 32, body)


@pytest.mark.parametrize("carried", [False, True])
def test_what_it_changed_has_its_former_value(tmp_path: Path, carried: bool) -> None:
    world = World(tmp_path, random.Random(3), 2)
    db = world.counters[1].db
    goods, price = db.rows("SELECT id, price FROM product ORDER BY name LIMIT 1")[0]
    changes = (FieldChange("price", str(price), "9900"),)
    fact = CatalogImported(IMPORT, 1, "a.csv", (), (), (ImportedChange(bytes(goods), changes),))
    world.server.write(carry(_of_another_line(fact)) if carried else fact)
    world.pull(1, 9)
    assert db.scalar("SELECT price FROM product WHERE id=?", (goods,)) == 9_900
    world.server.write(ImportTakenBack(IMPORT))
    world.pull(1, 9)
    assert db.scalar("SELECT price FROM product WHERE id=?", (goods,)) == price
    before = picture(db)
    mend(db)
    assert picture(db) == before
    world.check(1)
    world.close()


def test_what_is_held_at_the_server_and_shown_here_is_taken_back_here(tmp_path: Path) -> None:
    world = World(tmp_path, random.Random(3), 2)
    counter = world.counters[0]
    goods, price = counter.db.rows("SELECT id, price FROM product ORDER BY name LIMIT 1")[0]
    world.server.revoked.add(counter.line.device)
    changes = (FieldChange("price", str(price), "9900"),)
    with counter.transaction() as tx:
        part = (ImportedChange(bytes(goods), changes),)
        tx.append(CatalogImported(IMPORT, 1, "a.csv", (), (), part))
    world.push(0, 9)
    world.pull(0, 9)
    assert counter.db.scalar("SELECT price FROM product WHERE id=?", (goods,)) == 9_900
    with counter.transaction() as tx:
        tx.append(ImportTakenBack(IMPORT))
    assert counter.db.scalar("SELECT price FROM product WHERE id=?", (goods,)) == price
    world.check(0)
    world.settle()
    world.equal()
    assert counter.db.scalar("SELECT price FROM product WHERE id=?", (goods,)) == price
    world.close()
