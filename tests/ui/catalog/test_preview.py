"""A plan in words, with the owner's ticks; without a window."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pos.importing.model import (
    Change,
    Counts,
    ImportedTier,
    ImportedUnit,
    ImportPlan,
    ImportRow,
    Mapping,
    MoneySample,
    PlannedRow,
    Reason,
)
from pos.importing.planning import count
from pos.ui.catalog.mapping import letters
from pos.ui.catalog.preview import FILTERS, Preview, takeable

_ACTIONS = ("new", "changed", "unchanged", "none")


def _plan(rows: list[PlannedRow], samples: tuple[MoneySample, ...] = ()) -> ImportPlan:
    return ImportPlan(tuple(rows), count(rows), samples, Mapping(0, 1, {"name": 0}), "")


def _row(number: int, action: str = "new", **fields: object) -> PlannedRow:
    values: dict[str, object] = {"warned": False, "reasons": ()}
    values |= {"item": ImportRow(number, f"Barang {number}", price=1_000), **fields}
    return PlannedRow(row=number, action=action, **values)  # type: ignore[arg-type]


ROWS = st.lists(
    st.tuples(st.sampled_from(_ACTIONS), st.booleans(), st.booleans()), max_size=12
).map(
    lambda made: [
        _row(number, action, warned=warned, ask=ask)
        for number, (action, warned, ask) in enumerate(made, 2)
    ]
)


@given(ROWS)
def test_every_filter_shows_as_many_rows_as_it_counts(rows: list[PlannedRow]) -> None:
    preview = Preview(_plan(rows))
    for chosen in FILTERS:
        preview.choose(chosen)
        assert preview.count() == preview.counted(chosen) == len(preview.page(0, 100))


@given(ROWS, st.lists(st.integers(0, 11), max_size=6))
def test_what_would_be_taken_are_the_ticked_rows(rows: list[PlannedRow], ticks: list[int]) -> None:
    preview = Preview(_plan(rows))
    for at in ticks:
        if at < preview.count():
            preview.tick(at)
    ticked = [row for row in preview.page(0, 100) if row.tick]
    assert preview.taken() == len(ticked)
    assert preview.choices().leave_out == {row.row for row in rows if takeable(row)} - {
        row.row for row in ticked
    }


@given(ROWS)
def test_ticking_all_twice_leaves_nothing_or_all(rows: list[PlannedRow]) -> None:
    preview = Preview(_plan(rows))
    every = sum(takeable(row) for row in rows)
    first = preview.taken() < every
    preview.tick_shown()
    assert preview.taken() == (every if first else 0)
    preview.tick_shown()
    assert preview.taken() == (0 if first or not every else every)


def test_a_row_that_asks_begins_unticked_and_says_so() -> None:
    preview = Preview(_plan([_row(2, ask=True, warned=True), _row(3)]))
    first, second = preview.page(0, 10)
    assert (first.tick, first.status, second.tick, second.status) == (
        "",
        "Centang dulu",
        "✓",
        "Baru",
    )
    assert preview.asking() == 1
    preview.tick(0)
    assert preview.page(0, 1)[0].status == "Perlu dilihat"


def test_changes_are_said_with_both_values() -> None:
    changes = (
        Change("price", 3_000, 3_500),
        Change("brand", None, "Botu"),
        Change("units", (), (ImportedUnit("dus", 24, 80_000),)),
        Change("tiers", (ImportedTier(12_000, 900),), ()),
        Change("min_stock", 500, 2_000),
    )
    said = Preview(_plan([_row(2, "changed", changes=changes)])).page(0, 1)[0].said
    assert "Harga jual: 3.000 → 3.500." in said
    assert "Merek: - → Botu." in said
    assert "dus (24) 80.000" in said
    assert "12+ 900 → -" in said
    assert "Stok minimum: 0,5 → 2." in said


def test_cost_is_not_told_to_who_may_not_see_it() -> None:
    rows = [_row(2, "changed", changes=(Change("cost", 700, 800),))]
    samples = (MoneySample("cost", 2, "Rp 800", 800), MoneySample("price", 2, "1,000", 1_000))
    hidden = Preview(_plan(rows, samples), with_cost=False)
    assert hidden.page(0, 1)[0].said == ""
    assert hidden.samples() == "1,000 = Rp 1.000".replace(" ", "\u00a0")
    assert "800" in Preview(_plan(rows, samples)).samples()


def test_a_refused_row_has_its_reason_and_no_tick() -> None:
    row = _row(9, "none", item=None, name="Teh", reasons=(Reason("name_empty"),))
    shown = Preview(_plan([row])).page(0, 1)[0]
    assert (shown.row, shown.tick, shown.status, shown.name, shown.price) == (
        9, "", "Ditolak", "Teh", "",
    )  # fmt: skip
    assert shown.said


def test_an_empty_plan_has_nothing() -> None:
    preview = Preview(_plan([]))
    assert (preview.count(), preview.taken(), preview.plan.counts) == (0, 0, Counts(0, 0, 0, 0, 0))


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [letters(column) for column in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip
