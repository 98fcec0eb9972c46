"""What must hold for any line given back in any parts, and any way of paying back."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.refund import RefundShare, SoldLine, refund_line, refund_tenders

KINDS = ("cash", "qris", "card", "ewallet", "transfer", "credit", "balance")
SMALL = st.integers(0, 5)
AMOUNTS = SMALL | st.integers(0, 5_000_000)
# Gross has no memory of its own: it is the sum of net and discounts in every part.
WHOLE = ("qty", "line_discount", "cart_discount", "net", "tax")


@st.composite
def sold_lines(draw: st.DrawFn) -> SoldLine:
    """A line whose parts sum to its gross, as pricing makes them; small ones round the worst."""
    qty = draw(st.integers(1, 12) | st.integers(1, 50_000))
    net, line_discount, cart_discount = draw(AMOUNTS), draw(AMOUNTS), draw(AMOUNTS)
    gross = net + line_discount + cart_discount
    tax = draw(st.integers(0, net))
    return SoldLine(
        1, b"x", "Beras", "kg", 1, qty, 0, gross, line_discount, cart_discount, net, tax
    )


@st.composite
def parts_of(draw: st.DrawFn, qty: int) -> list[int]:
    """Ways to cut a quantity into at most eight parts."""
    cuts = draw(st.lists(st.integers(1, qty), max_size=7, unique=True))
    edges = sorted({0, qty, *cuts})
    return draw(st.permutations([b - a for a, b in pairwise(edges)]))


def give_back(line: SoldLine, qty: int) -> tuple[SoldLine, RefundShare]:
    share = refund_line(line, qty)
    after = {
        f"refunded_{name}": getattr(line, f"refunded_{name}") + getattr(share, name)
        for name in WHOLE
    }
    return line._replace(**after), share


@given(sold_lines(), st.data())
def test_parts_sum_to_the_line_and_none_is_negative(line: SoldLine, data: st.DataObject) -> None:
    after = line
    for qty in data.draw(parts_of(line.qty)):
        after, share = give_back(after, qty)
        assert min(share) >= 0
        assert share.gross == share.net + share.line_discount + share.cart_discount
        for name in WHOLE:
            assert getattr(after, f"refunded_{name}") <= getattr(line, name)
    for name in WHOLE:
        assert getattr(after, f"refunded_{name}") == getattr(line, name)


@given(sold_lines(), st.data())
def test_money_back_is_never_above_its_share(line: SoldLine, data: st.DataObject) -> None:
    after = line
    for qty in data.draw(parts_of(line.qty)):
        after, _ = give_back(after, qty)
        assert after.refunded_net == line.net * after.refunded_qty // line.qty
        assert after.refunded_tax == line.tax * after.refunded_qty // line.qty


@given(sold_lines(), st.data())
def test_how_it_was_cut_does_not_matter(line: SoldLine, data: st.DataObject) -> None:
    upto = data.draw(st.integers(1, line.qty))
    at_once, _ = give_back(line, upto)
    in_parts = line
    for qty in data.draw(parts_of(upto)):
        in_parts, _ = give_back(in_parts, qty)
    assert in_parts == at_once


@given(st.integers(1, 1_000_000), st.integers(2, 50), AMOUNTS, st.data())
def test_a_part_shows_the_price_times_its_count(
    price: int, count: int, off: int, data: st.DataObject
) -> None:
    gross = price * count
    off = min(off, gross)
    line = SoldLine(1, b"x", "Beras", "kg", 1, count * 1_000, price, gross, off, 0, gross - off, 0)
    for pieces in data.draw(parts_of(count)):
        line, share = give_back(line, pieces * 1_000)
        assert share.gross == price * pieces


PAID = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 100_000)), max_size=6)


def by_kind(parts: list[tuple[str, int]]) -> dict[str, int]:
    return {kind: sum(amount for at, amount in parts if at == kind) for kind in KINDS}


@given(PAID, st.integers(0, 400_000), st.booleans())
def test_all_goes_back_and_by_no_way_more_than_came_by_it(
    paid: list[tuple[str, int]], amount: int, cash_instead: bool
) -> None:
    shares = refund_tenders(paid, amount, cash_instead=cash_instead)
    assert sum(share for _, share in shares) == amount
    assert all(share > 0 for _, share in shares)
    assert len({kind for kind, _ in shares}) == len(shares)
    came = by_kind(paid)
    assert all(share <= came[kind] for kind, share in shares if kind != "cash")
    if cash_instead:
        assert {kind for kind, _ in shares} <= {"cash", "credit", "balance"}


@given(PAID, st.integers(0, 400_000), st.booleans())
def test_debts_are_lowered_first(
    paid: list[tuple[str, int]], amount: int, cash_instead: bool
) -> None:
    came = by_kind(paid)
    went = by_kind(refund_tenders(paid, amount, cash_instead=cash_instead))
    assert went["credit"] == min(amount, came["credit"])
    assert went["balance"] == min(amount - went["credit"], came["balance"])
