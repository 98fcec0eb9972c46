"""Whether counter and server hold the same, and which rows it is where they do not.

Detected loudly, cured by folding again; nothing of either side is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Final
from urllib.parse import urlencode

import msgspec

from core.facts.sync import SyncDiffered
from core.sync.digest import GroupDigest, fold_rows, part_of
from core.sync.messages import Drill
from pos.db.database import Database
from pos.sync.differences import Difference, Values
from pos.sync.digests import accepted_digests, rows
from pos.sync.memory import cursor, recall, remember
from pos.sync.refold import refold_all
from pos.sync.unmerged import merges_wait
from pos.sync.wire import NoAnswer, Said, Speaker

MOST_PARTS: Final = 4
"""So many of a group's 256 parts are asked for: one wrong row is in one part."""

MOST_ROWS: Final = 8

_MERGED: Final = frozenset({"stock", "debt"})
_NONE: Final = "-"
_NUMBERS: Final = {"stock": 1, "debt": 1, "cash": 1, "sales": 2, "heads": 1}
"""So many whole numbers a row of each group begins with."""

_LONGEST: Final = 64


class Comparison:
    """What the digests of a round's pages say."""

    def __init__(
        self, db: Database, speaker: Speaker, breathe: Callable[[], None] = lambda: None
    ) -> None:
        """Nothing is compared yet; `breathe` is called between slices of writing."""
        self._db = db
        self._speaker = speaker
        self._breathe = breathe
        self.is_equal: bool | None = None
        self.to_write = _unsaid(recall(db, "unsaid"))

    def with_theirs(self, theirs: dict[str, GroupDigest]) -> None:
        """Compare with what the server holds at the number that is applied here."""
        differing = self._differing(theirs)
        groups, known = ",".join(sorted(differing)), recall(self._db, "differed")
        if differing and known != groups:
            # Written down once: the fact itself makes the feed longer, and would be written for
            # ever.
            self.to_write += tuple(
                self._fact(group, mine, theirs[group]) for group, mine in differing.items()
            )
            # The program may end over the folding, which cures what could be found once more.
            self._keep({"differed": groups, "unsaid": msgspec.json.encode(self.to_write).decode()})
            refold_all(self._db, self._breathe)
            differing = self._differing(theirs)
        stays = recall(self._db, "differing")
        if not differing:
            stays = ""
        elif not stays or known != groups:
            stays = _packed(self._rows(differing))
        self._keep({"differed": groups, "differing": stays})
        self.is_equal = not differing

    def handed_over(self) -> tuple[SyncDiffered, ...]:
        """What is to be written down, also from a round that the program's end cut; once only."""
        self._keep({"unsaid": ""})
        return self.to_write

    def _keep(self, values: dict[str, str]) -> None:
        changed = {name: text for name, text in values.items() if recall(self._db, name) != text}
        if changed:
            with self._db.transaction():
                for name, text in changed.items():
                    remember(self._db, name, text)

    def _differing(self, theirs: dict[str, GroupDigest]) -> dict[str, GroupDigest]:
        ours = accepted_digests(self._db)
        # What lies with one record here lies with two there until the merge is accepted.
        apart = _MERGED if merges_wait(self._db) else frozenset()
        return {
            group: mine
            for group, mine in ours.items()
            if group not in apart and group in theirs and theirs[group] != mine
        }

    def _fact(self, group: str, ours: GroupDigest, theirs: GroupDigest) -> SyncDiffered:
        at, found = cursor(self._db), self._rows((group,))
        return SyncDiffered(
            at.epoch,
            at.n,
            group,
            "\n".join([_text(ours), *(_line(one.name, one.ours) for one in found)]),
            "\n".join([_text(theirs), *(_line(one.name, one.theirs) for one in found)]),
        )

    def _rows(self, groups: Collection[str]) -> list[Difference]:
        """The first rows that differ, as the server tells them; none where it does not, or has
        gone on meanwhile."""
        found: list[Difference] = []
        for group in groups:
            with suppress(NoAnswer, Said):
                found += self._rows_of(group)
        return found[:MOST_ROWS]

    def _rows_of(self, group: str) -> list[Difference]:
        parts: dict[str, dict[str, Values]] = {}
        for key, values in rows(self._db, group):
            name = key.hex() if isinstance(key, bytes) else key
            if values[0]:
                parts.setdefault(part_of(name), {})[name] = values
        ours = {part: _part_digest(group, some) for part, some in parts.items()}
        theirs = dict(self._ask(group, ""))
        apart = [one for one in sorted(ours.keys() | theirs) if ours.get(one) != theirs.get(one)]
        found: list[Difference] = []
        for part in apart[:MOST_PARTS]:
            here, there = parts.get(part, {}), dict(self._ask(group, part))
            if not all(_is_row(group, name, values) for name, values in there.items()):
                raise NoAnswer(why="not_ours")
            found += (
                Difference(group, name, here.get(name, ()), there.get(name, ()))
                for name in sorted(here.keys() | there)
                if here.get(name) != there.get(name)
            )
        return found

    def _ask(self, group: str, part: str) -> tuple[tuple[str, Values], ...]:
        query = urlencode({"group": group} | ({"part": part} if part else {}))
        told = self._speaker.ask(Drill, "GET", "/sync/digest", query=query)
        at = cursor(self._db)
        if told is None or (told.epoch, told.n) != (at.epoch, at.n):
            raise NoAnswer(why="elsewhere")
        return told.rows


def _is_row(group: str, name: str, values: Values) -> bool:
    """Whether it can be a row of the group: a name and figures that can be shown."""
    numbers = _NUMBERS[group]
    return (
        (group == "sales" or (len(name) == 32 and not set(name) - set("0123456789abcdef")))
        and len(values) >= numbers
        and all(isinstance(one, int) for one in values[:numbers])
        and all(len(str(one)) <= _LONGEST for one in (name, *values))
    )


def _unsaid(text: str) -> tuple[SyncDiffered, ...]:
    # What was changed behind the program's back is named by the proof of its seal.
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(text or "[]", type=tuple[SyncDiffered, ...])
    return ()


def _packed(found: list[Difference]) -> str:
    return msgspec.json.encode(found).decode() if found else ""


def _part_digest(group: str, some: dict[str, Values]) -> Values:
    digest = fold_rows(group, some.items())
    return digest.count, digest.total, digest.hash


def _text(digest: GroupDigest) -> str:
    return f"{digest.count} {digest.total} {digest.hash}"


def _line(name: str, values: Values) -> str:
    return " ".join((name, *(map(str, values) if values else (_NONE,))))
