"""What is said on orders travels beside a round: the shop's words go, what is new comes.

Asked when the feed says that somebody said something, or when something waits here. That no answer
comes is no failure of the round: the next one asks again.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from core.orders.standing import ENDS
from core.orders.talk import MOST_WORDS, Talk, TalkWanted, Word
from pos.db.database import Database
from pos.sync.memory import recall, remember
from pos.sync.wire import NoAnswer, Said, Speaker

# As they were written: a clock may be set back, and two may share its millisecond.
_WORDS: Final = "SELECT key, order_id, text FROM order_word WHERE refused='' ORDER BY rowid"
_PUT: Final = (
    "INSERT INTO order_message (order_id, i, at_ms, who, text, read) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (order_id, i) DO UPDATE SET at_ms=excluded.at_ms, who=excluded.who,"
    " text=excluded.text, read=CASE WHEN at_ms=excluded.at_ms AND text=excluded.text"
    " THEN max(read, excluded.read) ELSE excluded.read END"
)
# What a counter hears that begins: of orders that are over somebody took care.
_STATE: Final = "SELECT state FROM online_order WHERE id=?"
# Whoever answers has read what came before, at whichever counter.
_ANSWERED: Final = "UPDATE order_message SET read=1 WHERE order_id=? AND i<?"


def exchange_talk(db: Database, speaker: Speaker) -> bool:
    """Send what waits, hear what is new; whether anything changed here."""
    words = [Word(*row) for row in db.rows(f"{_WORDS} LIMIT {MOST_WORDS}")]
    if not words and recall(db, "talk_due") != "1":
        return False
    changed = False
    with suppress(NoAnswer, Said):
        while True:
            answer = _asked(db, speaker, tuple(words))
            changed = changed or bool(words or answer.said)
            words = []
            if not answer.more:
                break
        with db.transaction():
            remember(db, "talk_due", "")
    return changed


def hear_again(db: Database, epoch: int, common: int) -> None:
    """What came after a number of the feed is asked for again; inside the caller's transaction.

    The epoch alone does not say that a server went back: one that does so twice, the second time
    to before its first return, begins an epoch of the same number.
    """
    remember(db, "talk", f"{epoch} {min(_place(db)[1], common)}")
    remember(db, "talk_due", "1")


def _asked(db: Database, speaker: Speaker, words: tuple[Word, ...]) -> Talk:
    epoch, after = _place(db)
    answer = speaker.ask(Talk, "POST", "/orders/talk", TalkWanted(after, words))
    assert answer is not None, "always answered"
    if answer.epoch != epoch and after:
        # The server went back in time and counts anew from there: all of it is heard again.
        with db.transaction():
            remember(db, "talk", f"{answer.epoch} 0")
        return _asked(db, speaker, words)
    with db.transaction():
        for one in answer.said:
            is_shop = one.who == "shop"
            is_read = is_shop or (not after and not _is_open(db, one.order_id))
            row = (one.order_id, one.i, one.at_ms, one.who, one.text, int(is_read))
            db.run(_PUT, row)
            if is_shop:
                db.run(_ANSWERED, (one.order_id, one.i))
        refused = dict(answer.refused)
        for word in words:
            if word.key in refused:
                db.run("UPDATE order_word SET refused=? WHERE key=?", (refused[word.key], word.key))
            else:
                db.run("DELETE FROM order_word WHERE key=?", (word.key,))
        last = max((one.n for one in answer.said), default=after)
        remember(db, "talk", f"{answer.epoch} {last}")
    return answer


def _is_open(db: Database, order_id: bytes) -> bool:
    state = db.scalar(_STATE, (order_id,))
    return state is not None and state not in ENDS


def _place(db: Database) -> tuple[int, int]:
    epoch, _, n = recall(db, "talk").partition(" ")
    return int(epoch or 0), int(n or 0)
