"""Reviews of orders: written by who ordered, answered by the shop, hidden by the office.

Words and names lie in a table beside the order; the feed notes that something changed, and how
many stars count (docs/decisions/0023-orders.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, exists, func, select, update

from core.facts.orders import OrderReviewed
from core.orders.reviews import (
    MOST_NAME,
    MOST_WORDS,
    NotReviewable,
    ReviewClosed,
    may_change,
    may_review,
    tenths,
)
from core.text import clean_name
from server.db.schema.catalog import alias
from server.db.schema.orders import (
    order_contact,
    order_review,
    order_review_goods,
    shop_order,
)
from server.db.tied import meets, tied
from server.db.transaction import ShopTx
from server.http.problems import NotFound
from server.orders.cases import agree_cases
from server.orders.refusals import NoReason
from server.orders.writing import watch
from server.services import Services
from server.sync.feed import Step, lock_feed

PAGE: Final = 20
_ONE = select(order_review).where(tied(order_review), order_review.c.order_id == bindparam("order"))
_SOME = select(order_review).where(
    tied(order_review), order_review.c.order_id.in_(bindparam("keys", expanding=True))
)
_SHOWN = tied(order_review), order_review.c.hidden_why == ""
_SUM = select(func.count().label("written"), func.sum(order_review.c.stars).label("stars")).where(
    *_SHOWN
)
_NEWEST = (
    select(order_review)
    .where(*_SHOWN, order_review.c.at_ms < bindparam("before"))
    .order_by(order_review.c.at_ms.desc(), order_review.c.order_id)
)
# A product's own, and those of what was merged into it, of orders that had nothing else: the stars
# of a whole basket say nothing of one thing in it.
_of_product = order_review_goods.c.product_id
_beside = order_review_goods.alias("beside")
_OF_GOODS = order_review.c.order_id.in_(
    select(order_review_goods.c.order_id).where(
        tied(order_review_goods),
        ~exists(
            select(_beside.c.order_id)
            .where(
                tied(_beside),
                _beside.c.order_id == order_review_goods.c.order_id,
                _beside.c.product_id != _of_product,
            )
            .correlate(order_review_goods)
        ),
        (_of_product == bindparam("goods"))
        | _of_product.in_(
            select(alias.c.source).where(
                tied(alias), alias.c.table_name == "product", alias.c.target == bindparam("goods")
            )
        ),
    )
)
_SUM_OF_GOODS = _SUM.where(_OF_GOODS)
_NEWEST_OF_GOODS = _NEWEST.where(_OF_GOODS)
_OWN = (
    select(order_review, shop_order.c.number)
    .select_from(order_review)
    .join(shop_order, meets(shop_order, shop_order.c.order_id == order_review.c.order_id))
    .where(tied(order_review), order_review.c.at_ms < bindparam("before"))
    .order_by(order_review.c.at_ms.desc(), order_review.c.order_id)
    .limit(PAGE + 1)
)
_HAS_BUYER = select(order_contact.c.at_ms).where(
    tied(order_contact), order_contact.c.order_id == bindparam("order")
)
_FOR_EVER: Final = 1 << 62


class Review(NamedTuple):
    """A review; instants in UTC ms, 0 for never. `number` is its order's where the shop reads."""

    order_id: bytes
    at_ms: int
    stars: int
    name: str
    words: str
    answer: str
    answered_ms: int
    report: str
    hidden_why: str
    number: int = 0

    def may_change(self, now_ms: int) -> bool:
        """Whether its writer may still change it."""
        return may_change(self.at_ms, now_ms)


class Reviews(NamedTuple):
    """What a gerai shows: how many there are, their average in tenths of a star, the newest."""

    written: int
    tenths: int
    newest: tuple[Review, ...]
    more: bool


def read_review(tx: ShopTx, order_id: bytes) -> Review | None:
    """The review of an order."""
    row = tx.one(_ONE, order=order_id)
    return None if row is None else _review(row)


def read_reviews(tx: ShopTx, ids: Collection[bytes]) -> dict[bytes, Review]:
    """Those of some orders."""
    rows = tx.rows(_SOME, keys=sorted(ids)) if ids else ()
    return {row.order_id: _review(row) for row in rows}


def shown_reviews(tx: ShopTx, most: int = PAGE, before_ms: int = 0) -> Reviews:
    """Those that are shown, the newest first."""
    row = tx.one(_SUM)
    count, stars = (int(row.written), int(row.stars or 0)) if row is not None else (0, 0)
    found = tx.rows(_NEWEST.limit(most + 1), before=before_ms or _FOR_EVER) if count else ()
    return Reviews(
        count, tenths(stars, count), tuple(map(_review, found[:most])), len(found) > most
    )


def product_reviews(tx: ShopTx, product_id: bytes, most: int) -> Reviews:
    """Those of orders that had a product alone, or one that was merged into it."""
    row = tx.one(_SUM_OF_GOODS, goods=product_id)
    count, stars = (int(row.written), int(row.stars or 0)) if row is not None else (0, 0)
    if not count:
        return Reviews(0, 0, (), False)
    found = tx.rows(_NEWEST_OF_GOODS.limit(most + 1), before=_FOR_EVER, goods=product_id)
    return Reviews(
        count, tenths(stars, count), tuple(map(_review, found[:most])), len(found) > most
    )


def own_reviews(tx: ShopTx, before_ms: int = 0) -> list[Review]:
    """All of the shop's, the newest first: at most one more than a page."""
    rows = tx.rows(_OWN, before=before_ms or _FOR_EVER)
    return [_review(row)._replace(number=row.number) for row in rows]


def write_review(
    services: Services, shop_id: bytes, order_id: bytes, stars: int, name: str, words: str
) -> None:
    """The buyer writes a review, or changes it.

    Raises:
        NotFound: the shop has no such order.
        NotReviewable: it is not completed, or its buyer was deleted.
        ReviewClosed: it was written too long ago.
    """
    now_ms = services.now_ms()
    given: dict[str, Any] = {
        "stars": stars,
        "name": clean_name(name)[:MOST_NAME],
        "words": clean_name(words)[:MOST_WORDS],
        "changed_ms": now_ms,
    }

    def write(step: Step) -> None:
        story, before = step.books.orders.get(order_id).story(), read_review(step.tx, order_id)
        if story is None:
            raise NotFound()
        if not may_review(story.standing) or step.tx.one(_HAS_BUYER, order=order_id) is None:
            raise NotReviewable()
        if before is None:
            step.tx.insert(
                order_review, order_id=order_id, at_ms=now_ms, answer="", answered_ms=0,
                report="", hidden_why="", **given,
            )  # fmt: skip
            goods = sorted({line.product_id for line in story.lines})
            step.tx.insert_columns(
                order_review_goods, {"product_id": goods}, constants={"order_id": order_id}
            )
        elif not before.may_change(now_ms):
            raise ReviewClosed()
        else:
            _set(step.tx, order_id, **given)

    _in_step(services, shop_id, order_id, write)


def answer_review(services: Services, shop_id: bytes, order_id: bytes, text: str) -> None:
    """The shop answers, or takes its answer back (an empty text).

    Raises:
        NotFound: there is no such review.
    """
    answer, now_ms = clean_name(text)[:MOST_WORDS], services.now_ms()

    def write(step: Step) -> None:
        _known(step.tx, order_id)
        _set(step.tx, order_id, answer=answer, answered_ms=now_ms if answer else 0)

    _in_step(services, shop_id, order_id, write)


def hide_review(
    services: Services, shop_id: bytes, order_id: bytes, why: str, by: bytes = b""
) -> None:
    """The office hides a review for a reason that is kept, or lets it be shown (an empty reason).

    Raises:
        NotFound: there is no such review.
    """

    def write(step: Step) -> None:
        _known(step.tx, order_id)
        _set(step.tx, order_id, hidden_why=clean_name(why)[:MOST_WORDS], report="")

    _in_step(services, shop_id, order_id, write, by)
    _look_again(services, shop_id)


def report_review(services: Services, shop_id: bytes, order_id: bytes, why: str) -> None:
    """The shop asks the office to hide a review.

    Raises:
        NotFound: there is no such review.
        NoReason: nothing is said against it.
    """
    said = clean_name(why)[:MOST_WORDS]
    if not said:
        raise NoReason()

    def write(tx: ShopTx) -> None:
        lock_feed(tx)
        _known(tx, order_id)
        _set(tx, order_id, report=said)

    services.store.in_shop(shop_id, write)
    _look_again(services, shop_id)


def _look_again(services: Services, shop_id: bytes) -> None:
    """Tell the office, and have the sweeper see to it should that be lost on the way."""
    now_ms = services.now_ms()
    services.store.in_directory(lambda tx: watch(tx, shop_id, now_ms))
    agree_cases(services, shop_id)


def forget_words(step: Step, order_id: bytes) -> None:
    """The buyer is to be forgotten: the stars stay, without words, name and answer."""
    if read_review(step.tx, order_id) is not None:
        _set(step.tx, order_id, name="", words="", answer="", answered_ms=0, report="")
        _note(step, order_id)


def _in_step(
    services: Services,
    shop_id: bytes,
    order_id: bytes,
    write: Callable[[Step], None],
    by: bytes = b"",
) -> None:
    def work(tx: ShopTx) -> None:
        step = Step(tx, services.now_ms())
        write(step)
        _note(step, order_id, by)
        step.close()

    services.store.in_shop(shop_id, work)


def _note(step: Step, order_id: bytes, by: bytes = b"") -> None:
    now = _known(step.tx, order_id)
    step.say(OrderReviewed(order_id, 0 if now.hidden_why else now.stars), by)


def _known(tx: ShopTx, order_id: bytes) -> Review:
    found = read_review(tx, order_id)
    if found is None:
        raise NotFound()
    return found


def _set(tx: ShopTx, order_id: bytes, **values: Any) -> None:
    where = tied(order_review), order_review.c.order_id == bindparam("order")
    tx.run(update(order_review).where(*where).values(**values), order=order_id)


def _review(row: Any) -> Review:
    return Review(
        row.order_id, row.at_ms, row.stars, row.name, row.words, row.answer, row.answered_ms,
        row.report, row.hidden_why,
    )  # fmt: skip
