"""Double entry: what a balanced movement is, what it does to accounts, and what it is hashed to.

A posting moves one amount from one account's credit to another's debit, so that every entry
balances whatever it holds: there is no sum to check and none that could be wrong. Money is whole
rupiah. Pure: who locks, reads and writes is `server.ledger`.
"""

from __future__ import annotations

import hashlib
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from core.errors import Refused

DEBIT: Final = "debit"
CREDIT: Final = "credit"
MOST_RUPIAH: Final = 10**15
"""Of one posting. Sums of many stay within 64 bits."""

MOST_POSTINGS: Final = 200
MOST_LETTERS: Final = 120
_ENTRY: Final = b"huyula ledger entry 1\n"
_HOLD: Final = b"huyula ledger hold 1\n"
_SEAL: Final = b"huyula ledger seal 1\n"
_ACCOUNT: Final = b"huyula ledger account 1\n"
NO_SEAL: Final = bytes(32)
"""What the first seal of a shop follows."""


class BadEntry(Refused):
    """An entry or a hold is not well formed; `why` says in which part."""

    code = "bad_entry"


class OtherContent(Refused):
    """The id was used before, for something else."""

    code = "other_content"


class BelowFloor(Refused):
    """An account has less free than is asked for: `available` of `asked` rupiah."""

    code = "below_floor"


class Frozen(Refused):
    """An account takes nothing while it is frozen."""

    code = "frozen"


class UnknownAccount(Refused):
    """An account was never opened."""

    code = "unknown_account"


class NotReversible(Refused):
    """`why`: unknown, reversed (before), reversal (of one), content (does not mirror it)."""

    code = "not_reversible"


class NotOpen(Refused):
    """A hold is gone, by `why`: unknown, posted, voided, expired."""

    code = "not_open"


class Posting(NamedTuple):
    """`amount` rupiah from the account that is credited to the one that is debited."""

    debit: bytes
    credit: bytes
    amount: int


class Entry(NamedTuple):
    """What happened, as one whole. `id` is made by whoever asks, before asking: asked again it is
    the same entry.

    `reference` names the business document, `day` when it took effect there (YYYY-MM-DD).
    `reversal_of` is the entry that this one takes back, `hold` the hold that it uses up.
    """

    id: bytes
    kind: str
    reference: str
    day: str
    postings: tuple[Posting, ...]
    reversal_of: bytes | None = None
    hold: bytes | None = None


class Hold(NamedTuple):
    """Room kept free for a posting to come. It ends by the server's clock at `expires_ms`."""

    id: bytes
    kind: str
    reference: str
    posting: Posting
    expires_ms: int | None = None


class Standing(NamedTuple):
    """An account that is watched: `balance` on its own `side`, `held` of it spoken for."""

    account: bytes
    side: str
    balance: int
    held: int
    floor: int | None
    frozen: bool


class Change(NamedTuple):
    """What is added to a watched account's balance and to what is held of it."""

    balance: int
    held: int


def account_id(shop: bytes, code: str) -> bytes:
    """The id of a shop's account, made of its code: who knows the code need not look it up."""
    digest = hashlib.sha256(_ACCOUNT + shop)
    digest.update(_text(code))
    return digest.digest()[:16]


def check_entry(entry: Entry) -> None:
    """Pass a well formed entry.

    Raises:
        BadEntry: it is not.
    """
    _check_document(entry.id, entry.kind, entry.reference)
    if not is_day(entry.day):
        raise BadEntry(why="day")
    if not 1 <= len(entry.postings) <= MOST_POSTINGS:
        raise BadEntry(why="postings")
    for posting in entry.postings:
        _check_posting(posting)
    for other in (entry.reversal_of, entry.hold):
        if other is not None and len(other) != 16:
            raise BadEntry(why="id")
    if entry.reversal_of is not None and (entry.hold is not None or entry.reversal_of == entry.id):
        raise BadEntry(why="reversal")


def check_hold(hold: Hold) -> None:
    """Pass a well formed hold.

    Raises:
        BadEntry: it is not.
    """
    _check_document(hold.id, hold.kind, hold.reference)
    _check_posting(hold.posting)
    if hold.expires_ms is not None and not 0 < hold.expires_ms < 2**48:
        raise BadEntry(why="expires")


def is_day(text: str) -> bool:
    """Whether a text is a date as YYYY-MM-DD."""
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_document(key: bytes, kind: str, reference: str) -> None:
    if len(key) != 16:
        raise BadEntry(why="id")
    if not 0 < len(kind) <= MOST_LETTERS or len(reference) > MOST_LETTERS:
        raise BadEntry(why="text")
    if "\0" in kind or "\0" in reference:
        raise BadEntry(why="text")


def _check_posting(posting: Posting) -> None:
    if len(posting.debit) != 16 or len(posting.credit) != 16 or posting.debit == posting.credit:
        raise BadEntry(why="accounts")
    # A bool is an int to Python; to a ledger it is a mistake.
    if type(posting.amount) is not int or not 0 < posting.amount <= MOST_RUPIAH:
        raise BadEntry(why="amount")


def accounts_of(postings: Iterable[Posting]) -> set[bytes]:
    """Every account that is named."""
    return {account for one in postings for account in (one.debit, one.credit)}


def mirrored(postings: Sequence[Posting]) -> tuple[Posting, ...]:
    """The postings that undo these, each in its place."""
    return tuple(Posting(one.credit, one.debit, one.amount) for one in postings)


def check_reversal(entry: Entry, original: Entry | None) -> None:
    """Pass an entry that takes `original` back exactly.

    Raises:
        NotReversible: it does not, or `original` is itself a reversal, or there is none.
    """
    if original is None:
        raise NotReversible(why="unknown")
    if original.reversal_of is not None:
        raise NotReversible(why="reversal")
    if entry.postings != mirrored(original.postings):
        raise NotReversible(why="content")


def check_use(entry: Entry, hold: Hold | None, state: str, now_ms: int) -> None:
    """Pass an entry that uses up an open hold: its two accounts, at most its amount.

    Raises:
        NotOpen: the hold is no longer open, or there is none.
        BadEntry: the entry is not what was held.
    """
    if hold is None:
        raise NotOpen(why="unknown")
    if state != "open":
        raise NotOpen(why=state)
    if is_due(hold, now_ms):
        raise NotOpen(why="expired")
    held = hold.posting
    if len(entry.postings) != 1 or entry.postings[0][:2] != held[:2]:
        raise BadEntry(why="hold")
    if entry.postings[0].amount > held.amount:
        raise BadEntry(why="more_than_held")


def is_due(hold: Hold, now_ms: int) -> bool:
    """Whether a hold's time is over."""
    return hold.expires_ms is not None and hold.expires_ms <= now_ms


def moved(postings: Iterable[Posting]) -> dict[bytes, int]:
    """What is added to each account, debits counted positive."""
    sums: dict[bytes, int] = defaultdict(int)
    for one in postings:
        sums[one.debit] += one.amount
        sums[one.credit] -= one.amount
    return sums


def reserved(posting: Posting, sides: Mapping[bytes, str]) -> dict[bytes, int]:
    """What a held posting speaks for: of each watched account that it would lower."""
    lowered = {}
    if sides.get(posting.debit) == CREDIT:
        lowered[posting.debit] = posting.amount
    if sides.get(posting.credit) == DEBIT:
        lowered[posting.credit] = posting.amount
    return lowered


def changes(
    standings: Mapping[bytes, Standing],
    postings: Iterable[Posting] = (),
    *,
    held: Iterable[Posting] = (),
    released: Iterable[Posting] = (),
) -> dict[bytes, Change]:
    """What postings and holds do to the watched accounts among theirs."""
    sides = {account: one.side for account, one in standings.items()}
    balances = moved(postings)
    holds: dict[bytes, int] = defaultdict(int)
    for posting in held:
        for account, amount in reserved(posting, sides).items():
            holds[account] += amount
    for posting in released:
        for account, amount in reserved(posting, sides).items():
            holds[account] -= amount
    touched = sorted((balances.keys() | holds.keys()) & standings.keys())
    return {
        account: Change(
            balances.get(account, 0) * (1 if sides[account] == DEBIT else -1),
            holds.get(account, 0),
        )
        for account in touched
    }


def check_room(standings: Mapping[bytes, Standing], wanted: Mapping[bytes, Change]) -> None:
    """Pass changes that every account can take.

    Raises:
        Frozen: an account takes nothing now.
        BelowFloor: an account would have less free than its floor.
    """
    for account, change in wanted.items():
        now = standings[account]
        if now.frozen:
            raise Frozen(account=account)
        need = change.held - change.balance
        if now.floor is not None and now.balance - now.held - need < now.floor:
            available = now.balance - now.held - now.floor
            raise BelowFloor(account=account, available=available, asked=need)


def entry_hash(shop: bytes, entry: Entry, recorded_ms: int, recorded_day: str) -> bytes:
    """The hash of an entry with all its postings, and when it was recorded."""
    digest = hashlib.sha256(_ENTRY + shop + entry.id)
    digest.update(struct.pack(">q", recorded_ms))
    for text in (recorded_day, entry.day, entry.kind, entry.reference):
        digest.update(_text(text))
    digest.update(_optional(entry.reversal_of) + _optional(entry.hold))
    digest.update(struct.pack(">I", len(entry.postings)))
    for one in entry.postings:
        digest.update(one.debit + one.credit + struct.pack(">q", one.amount))
    return digest.digest()


def hold_hash(shop: bytes, hold: Hold) -> bytes:
    """The hash of what was asked to be held."""
    digest = hashlib.sha256(_HOLD + shop + hold.id)
    digest.update(_text(hold.kind) + _text(hold.reference))
    digest.update(struct.pack(">q", -1 if hold.expires_ms is None else hold.expires_ms))
    one = hold.posting
    digest.update(one.debit + one.credit + struct.pack(">q", one.amount))
    return digest.digest()


class Seal:
    """A day's seal while it is made: entries' hashes are added in ascending order of their ids."""

    def __init__(self, shop: bytes, day: str, previous: bytes) -> None:
        """Begin a day that follows the seal `previous`."""
        self.count = 0
        self._digest = hashlib.sha256(_SEAL + shop + _text(day) + previous)

    def add(self, digest: bytes) -> None:
        """Add the next entry's hash."""
        self.count += 1
        self._digest.update(digest)

    def hash(self) -> bytes:
        """The seal over all that was added."""
        ended = self._digest.copy()
        ended.update(struct.pack(">Q", self.count))
        return ended.digest()


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">I", len(raw)) + raw


def _optional(key: bytes | None) -> bytes:
    return b"\0" if key is None else b"\1" + key
