"""What must hold: numbered as in the simulator's plan, each a function that says what broke.

What must hold of orders and their money (12, and 20 on) is in `order_checks`.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pos.counter import read_head
from pos.db.database import Database
from pos.db.fold.drawer import REPAID_AT
from pos.sync.goback import is_given_up
from pos.sync.memory import cursor, recall, waiting_count
from tests.helpers.many_counters import picture
from tests.simulation.broken import insist
from tests.simulation.proofs import damaged_numbers

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.world import World


# -- after a step


def shown_sales_are_kept(machine: Machine, last: int = 0) -> None:
    """1: every sale whose number was shown is in that counter's file."""
    assert machine.counter is not None
    for shown in machine.shown[-last:] if last else machine.shown:
        found = machine.counter.db.tuple_of(
            "SELECT 1 FROM journal WHERE hash=?1 UNION ALL SELECT 1 FROM carried WHERE hash=?1",
            (shown.hash,),
        )
        insist(1, found is not None, f"{machine.name} lost {shown.receipt}")


def promises_are_kept(world: World) -> None:
    """3: what the server acknowledged is stored when it starts again."""
    for device, (seq, digest) in world.promises.items():
        rows = world.server.rows(
            "SELECT 1 FROM entry WHERE device=:device AND seq=:seq AND hash=:hash",
            device=device, seq=seq, hash=digest,
        )  # fmt: skip
        insist(3, bool(rows) or not seq, f"{device.hex()}:{seq} was acknowledged")


def cursor_is_on_the_feed(world: World, machine: Machine) -> None:
    """4: numbers without holes, and where epoch and number are the server's, so is the hash."""
    assert machine.counter is not None
    db = machine.counter.db
    at = cursor(db)
    # Behind a snapshot's sums the numbers have no hole either, once it is laid down.
    after = int(db.scalar("SELECT coalesce(max(after_n), 0) FROM base"))
    count = int(db.scalar("SELECT count(*) FROM feed WHERE n>?", (after,)))
    is_laid = not db.scalar("SELECT count(*) FROM base WHERE done=0")
    if is_laid and count != at.n - after:
        # One that is given up goes with the feed's start, in several steps.
        insist(4, is_given_up(db), f"{machine.name}: {count} feed rows up to {at.n}")
    shop = world.server.shops[machine.shop]
    rows = world.server.rows(
        "SELECT e.feed_hash, f.next_n, f.epoch, (SELECT max(n) FROM entry WHERE shop_id=:shop)"
        " FROM shop_feed f LEFT JOIN entry e ON e.shop_id=f.shop_id AND e.n=:n"
        " WHERE f.shop_id=:shop",
        shop=shop, n=at.n,
    )  # fmt: skip
    digest, next_n, epoch, most = rows[0]
    insist(4, next_n - 1 == (most or 0), f"feed says {next_n}, entries end at {most}")
    # A server that is restored twice may call two histories the same; a round tells them apart.
    met = world.server.restored < 2 or not machine.last_error
    if epoch == at.epoch and at.n and met:
        insist(4, digest is not None, f"{machine.name}: cursor {at.n} beyond {next_n - 1}")
        insist(4, bytes(digest) == at.feed_hash, f"{machine.name}: another feed at {at.n}")


def nothing_differed(machine: Machine) -> None:
    """8: no digest differed, nor was one cured."""
    assert machine.counter is not None
    if machine.unknown is None and not machine.was_old:
        differed = recall(machine.counter.db, "differed")
        insist(8, not differed, f"{machine.name}: digests differed: {differed}")
        told = machine.counter.db.scalar(
            "SELECT count(*) FROM journal WHERE kind='sync_differed'"
            " AND device IN (SELECT device FROM own_line)"
        )
        insist(8, not told, f"{machine.name}: digests had differed {told} times")


# -- at the end


def each_sale_counts_once(world: World) -> None:
    """2: every sale that any living party held is in the server's facts, once."""
    counted: Tally[bytes] = Tally()
    for (digest,) in world.server.rows(
        "SELECT coalesce(c.hash, e.hash) FROM sale s JOIN entry e ON e.shop_id=s.shop_id"
        " AND e.n=s.n LEFT JOIN carried c ON c.shop_id=s.shop_id AND c.n=s.n"
    ):
        counted[bytes(digest)] += 1
    twice = [digest.hex()[:8] for digest, number in counted.items() if number > 1]
    insist(2, not twice, f"counted twice: {twice}")
    lost = [
        shown.receipt
        for digest, shown in world.expected.items()
        if not counted[digest] and digest not in world.gone
    ]
    insist(2, not lost, f"not at the server: {lost}")


def one_hash_a_place(world: World) -> None:
    """5: no place in a line has two hashes at the server."""
    rows = world.server.rows(
        "SELECT device, seq FROM entry GROUP BY shop_id, device, seq HAVING count(DISTINCT hash)>1"
    )
    insist(5, not rows, rows[:3])


def receipts_are_unique(world: World) -> None:
    """6: a number means one receipt; numbers of a line have no gaps."""
    for place, shop in enumerate(world.server.shops):
        rows = world.server.rows(
            "SELECT s.receipt, s.device, coalesce(c.hash, e.hash) FROM sale s"
            " JOIN entry e ON e.shop_id=s.shop_id AND e.n=s.n LEFT JOIN carried c"
            " ON c.shop_id=s.shop_id AND c.n=s.n WHERE s.shop_id=:shop",
            shop=shop,
        )
        printed = Tally((receipt, bytes(digest)[:2]) for receipt, _, digest in rows)
        again = [name for name, number in printed.items() if number > 1]
        insist(6, not again, f"shop {place + 1}: papers that cannot be told apart: {again}")
        lines: dict[str, list[bytes]] = defaultdict(list)
        for receipt, device, _ in rows:
            lines[receipt].append(bytes(device))
        twice = [
            receipt
            for receipt, some in lines.items()
            if len(some) > 1 and not (len(set(some)) == 1 and some[0] in world.twins)
        ]
        insist(6, not twice, f"shop {place + 1}: numbers given twice: {twice}")
    for machine in world.living():
        assert machine.counter is not None
        rows = machine.counter.db.rows(
            # Of this line: after a server went back another may have its code for a time.
            "SELECT l.device, l.register, l.last_receipt, (SELECT count(DISTINCT receipt) FROM"
            " (SELECT receipt, device AS line FROM sale UNION ALL"
            f" SELECT receipt, {REPAID_AT} FROM repayment) WHERE line=l.device AND receipt LIKE"
            " l.register || '-%') FROM line l JOIN own_line o ON o.device=l.device"
            " ORDER BY o.place DESC LIMIT 1"
        )
        device, register, last, count = rows[0]
        # What the disk damaged may still be shown; a twin's numbers are shown here, too.
        gone = damaged_numbers(machine, device)
        again = [name for name, n in Tally(one.receipt for one in machine.shown).items() if n > 1]
        insist(6, not again or device in world.twins, f"{machine.name} gave twice: {again}")
        insist(
            6, last <= count + gone and (count <= last or device in world.twins),
            f"{machine.name}: {register} has {count} receipts up to {last}, {gone} damaged",
        )  # fmt: skip


def all_hold_the_same(world: World) -> None:
    """7: whoever may pull holds the same tables; and the server the same figures."""
    for place in range(len(world.server.shops)):
        tills = [one for one in world.living() if one.shop == place and world.may_pull(one)]
        pictures = [(one.name, _picture(one)) for one in tills]
        for name, mine in pictures[1:]:
            for table, rows in pictures[0][1].items():
                insist(
                    7, mine[table] == rows,
                    f"{table} of {name} and {pictures[0][0]}: "
                    f"{_difference(rows, mine[table])}",
                )  # fmt: skip
        if tills:
            _server_holds_the_same(world, place, tills[0])


class _Unsent(str):
    """Names the fact inside an entry that only carries it, and may never have been sent."""

    __slots__ = ()


def _picture(machine: Machine) -> dict[str, list[tuple[Any, ...]]]:
    """All tables that follow from facts; a place in the journal is named by its fact's hash."""
    assert machine.counter is not None
    db = machine.counter.db
    names = {
        row[0]: bytes(row[1]).hex()[:12] for row in db.raw.execute("SELECT pos, hash FROM journal")
    }
    for pos, digest in db.raw.execute("SELECT carrier_pos, hash FROM carried"):
        names[pos] = bytes(digest).hex()[:12]
    # Where two went on with one line; the fact itself may be kept at that place all the same.
    unsent = "SELECT carrier_pos FROM carried WHERE carrier_pos NOT IN (SELECT pos FROM feed)"
    names |= {row[0]: _Unsent(names[row[0]]) for row in db.raw.execute(unsent)}
    found = picture(db, names)
    found["carried"] = [row for row in found["carried"] if not isinstance(row[0], _Unsent)]
    return found


def _difference(left: list[Any], right: list[Any]) -> str:
    a, b = set(map(repr, left)), set(map(repr, right))
    return f"{sorted(b - a)[:1]} != {sorted(a - b)[:1]}"


_FIGURES = (
    ("stock", "SELECT id, stock, stock_value FROM product WHERE stock<>0 OR stock_value<>0",
     "SELECT product_id, qty, value FROM product_stock WHERE shop_id=:shop AND known=1"
     " AND (qty<>0 OR value<>0)"),
    ("debt", "SELECT customer_id, sum(amount) FROM debt_movement WHERE account='credit'"
     " GROUP BY customer_id HAVING sum(amount)<>0",
     "SELECT customer_id, debt FROM customer_debt WHERE shop_id=:shop AND debt<>0"),
    ("prices", "SELECT id, name, price FROM product",
     "SELECT product_id, name, price FROM product WHERE shop_id=:shop"),
    ("sales", "SELECT receipt, total, cost FROM sale",
     "SELECT receipt, total, cost FROM sale WHERE shop_id=:shop"),
)  # fmt: skip


def _server_holds_the_same(world: World, place: int, machine: Machine) -> None:
    assert machine.counter is not None
    shop = world.server.shops[place]
    for name, mine, theirs in _FIGURES:
        ours = sorted(tuple(row) for row in machine.counter.db.raw.execute(mine))
        found = sorted(tuple(row) for row in world.server.rows(theirs, shop=shop))
        insist(
            7, ours == found,
            f"{name} of shop {place + 1}, {machine.name} and server: {_difference(found, ours)}",
        )  # fmt: skip


def quarantine_is_seen_on_both_sides(world: World) -> None:
    """10: what was put into quarantine is known there to every counter that may pull."""
    for machine in world.living():
        if not world.may_pull(machine):
            continue
        assert machine.counter is not None
        shop = world.server.shops[machine.shop]
        theirs = {
            (row[0], bytes(row[1]), row[2])
            for row in world.server.rows(
                "SELECT q.n, q.hash, e.verdict FROM quarantine q JOIN entry e ON"
                " e.shop_id=q.shop_id AND e.n=q.n WHERE q.shop_id=:shop",
                shop=shop,
            )
        }
        mine = {
            (row[0], bytes(row[1]), row[2])
            for row in machine.counter.db.raw.execute(
                "SELECT f.n, j.hash, f.verdict FROM feed f JOIN journal j ON j.pos=f.pos"
                " WHERE f.verdict LIKE 'quarantined%'"
            )
        }
        insist(10, mine == theirs, f"{machine.name}: {len(mine)} held, server {len(theirs)}")


def shops_are_apart(world: World) -> None:
    """11: no counter and no shop of the server holds a line of another shop."""
    insist(11, not world.foreign, "a till wrote in another shop's line")
    homes: dict[bytes, int] = dict(world.homes)
    for place, shop in enumerate(world.server.shops):
        for (device,) in world.server.rows(
            "SELECT DISTINCT device FROM entry WHERE shop_id=:shop", shop=shop
        ):
            home = homes.setdefault(bytes(device), place)
            insist(11, home == place, f"shop {place + 1} holds a line of shop {home + 1}")
    for machine in world.living():
        assert machine.counter is not None
        for (device,) in machine.counter.db.raw.execute("SELECT DISTINCT device FROM journal"):
            home = homes.setdefault(bytes(device), machine.shop)
            insist(11, home == machine.shop, f"{machine.name} holds a line of shop {home + 1}")


def nothing_waits(world: World) -> list[str]:
    """14: who still has something to send or to pull (empty where all is done)."""
    late: list[str] = []
    for machine in world.living():
        assert machine.counter is not None
        db = machine.counter.db
        if not world.may_pull(machine):
            # A revoked one may have sold while a restored server was told again that it is.
            if machine.is_enrolled and (unsent := _unsent(world, db)):
                late.append(f"{machine.name} is revoked, {unsent} are to arrive")
            continue
        shop = world.server.shops[machine.shop]
        epoch, next_n = world.server.rows(
            "SELECT epoch, next_n FROM shop_feed WHERE shop_id=:shop", shop=shop
        )[0]
        at, waits = cursor(db), waiting_count(db) or _unsent(world, db)
        if waits or (at.epoch, at.n) != (epoch, next_n - 1):
            late.append(
                f"{machine.name} {at.epoch}/{at.n} of {epoch}/{next_n - 1}, {waits} wait,"
                f" last error {machine.last_error or 'none'}"
            )
    return late


def _unsent(world: World, db: Database) -> int:
    """How many entries of the line in use the server has not: nothing a person did waits in those
    that bring whole what another has damaged, yet they are to come."""
    head = read_head(db)
    assert head is not None
    rows = world.server.rows("SELECT seq FROM line_head WHERE device=:d", d=head.device)
    return max(0, head.seq - int(rows[0][0] if rows else 0))


_ALSO_OTHERWISE = ("barcodes", "cost", "active")
"""Fields that deliveries, merges and imports set, too."""


def overwritten_values_are_readable(world: World) -> None:
    """16: both values of every change are in the feed, and of two made apart the later stands."""
    for shop in world.server.shops:
        stands: dict[tuple[Any, ...], tuple[str, tuple[int, bytes]] | None] = {}
        for table, one, field, old, new, outcome, kind, verdict, at_ms, digest in world.server.rows(
            "SELECT c.table_name, c.document, c.field, c.old, c.new, c.outcome, e.kind,"
            " e.verdict, e.at_ms, e.hash FROM field_change c JOIN entry e ON e.shop_id=c.shop_id"
            " AND e.n=c.n WHERE c.shop_id=:shop ORDER BY c.n, c.i",
            shop=shop,
        ):
            insist(16, old is not None and new is not None, "a replaced value cannot be read")
            key, stamp = (table, bytes(one), field), (at_ms, bytes(digest))
            plain = kind != "carried" and not verdict.startswith(("quarantined", "joined"))
            before = stands.get(key)
            if outcome in ("won", "lost"):
                world.story.count("conflicts")
            if not plain or (key in stands and before is None) or field in _ALSO_OTHERWISE:
                stands[key] = None  # set by something else, too: not followed further
            elif before is None or old == before[0]:
                stands[key] = (new, stamp) if outcome == "applied" else None
                insist(16, before is None or outcome in ("applied", "same"), f"{field}: {outcome}")
            elif new == before[0]:
                stands[key] = (new, max(stamp, before[1]))
            else:
                won = stamp > before[1]
                insist(
                    16, outcome == ("won" if won else "lost"),
                    f"{field} from {old} to {new} where {before[0]} stood: {outcome}",
                )  # fmt: skip
                stands[key] = (new, stamp) if won else before


def what_anybody_holds_is_back(world: World) -> None:
    """17: after a server's restore every fact that a living counter holds is there again."""
    if not world.server.restored:
        return
    stored = world.server.hashes()
    for machine in world.living():
        if world.may_pull(machine):
            lost = machine.hashes() - stored
            insist(17, not lost, f"{machine.name} holds {len(lost)} that the server has not")


def attempts_are_spaced(world: World, machine: Machine) -> None:
    """14, the other side of it: an hour without network costs few attempts, and after it the
    counter is prompt again."""
    hour, attempts = world.truth.now + 3_600_000, 0
    world.network.is_down = True
    world.truth.now = max(world.truth.now, machine.due)
    while world.truth.now < hour:
        world.sync(machine)
        attempts += 1
        insist(14, attempts < 150, f"{machine.name} asks without end")
        world.truth.now = max(world.truth.now, machine.due)
    world.network.is_down = False
    world.sync(machine)
    if machine.last_error == "unknown_device":
        return  # a server that went back and has forgotten it lets nobody come at once
    insist(14, machine.due - world.truth.now <= 10_000, f"{machine.name} rests after an answer")
    world.network.is_down = True
    world.sync(machine)
    world.network.is_down = False
    wait = machine.due - world.truth.now
    insist(14, wait <= 10_000, f"{machine.name} waits {wait} ms after one failure")


def limits_are_dealt(world: World) -> None:
    """35: where a shop has several counters, what is owed and dealt out is each limit, whole."""
    for place, shop in enumerate(world.server.shops):
        counters = world.server.rows(
            "SELECT DISTINCT root FROM register WHERE shop_id=:shop AND joined_n>0 AND left_n=0",
            shop=shop,
        )
        if len(counters) < 2:
            continue
        rows = world.server.rows(
            "SELECT c.name, CASE WHEN c.active THEN c.credit_limit ELSE 0 END,"
            " coalesce(d.debt, 0), coalesce((SELECT sum(a.amount) FROM allotment a"
            " WHERE a.shop_id=:shop AND a.customer_id=c.customer_id), 0)"
            " FROM customer c LEFT JOIN customer_debt d"
            " ON d.shop_id=:shop AND d.customer_id=c.customer_id"
            " WHERE c.shop_id=:shop AND NOT EXISTS (SELECT 1 FROM alias m WHERE m.shop_id=:shop"
            " AND m.table_name='customer' AND m.source=c.customer_id)",
            shop=shop,
        )
        for name, limit, debt, dealt in rows:
            whole = max(0, limit - debt)
            insist(35, dealt == whole, f"shop {place + 1}: {name} has {dealt} of {whole} dealt")
        world.story.count("limits dealt")
