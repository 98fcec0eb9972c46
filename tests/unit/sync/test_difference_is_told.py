"""That both did not hold the same is written down, also where the program ends over its cure."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pos.journal import mending
from pos.journal.verify import verify
from pos.sync.comparing import Comparison
from pos.sync.digests import accepted_digests
from pos.sync.due import fold_what_is_due
from pos.sync.wire import NoAnswer
from tests.helpers.many_counters import World


class _Ended(Exception):
    """The program ends."""


class _Mute:
    def ask(self, *_: object, **__: object) -> None:
        raise NoAnswer(why="connection")


def test_it_is_told_once_by_the_next_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "SLICE_ROWS", 3)
    world = World(tmp_path, random.Random(23), 2)
    for step in range(50):
        world.act(step % 2)
    world.settle()
    db = world.counters[0].db
    theirs = accepted_digests(db)
    db.run("UPDATE sale SET total=total+7")

    def end() -> None:
        raise _Ended

    with pytest.raises(_Ended):
        Comparison(db, _Mute(), end).with_theirs(theirs)  # type: ignore[arg-type]
    fold_what_is_due(db)
    assert verify(db).ok
    told = []
    for _ in range(2):
        again = Comparison(db, _Mute())  # type: ignore[arg-type]
        again.with_theirs(theirs)
        assert again.is_equal
        told.append([fact.group for fact in again.handed_over()])
    assert told == [["sales"], []]
    world.close()
