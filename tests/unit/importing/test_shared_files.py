"""Goods lists of real shops (see tests/data/SOURCES.md): figures, and the rows that matter."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from core.barcode import normal_form
from pos.importing.model import Counts, ImportedUnit, ImportPlan, ImportRow
from pos.importing.planning import plan
from pos.importing.process import read_in_process
from pos.importing.reading import read_table
from tests.unit.importing.shop import Shop, codes

DATA = Path(__file__).resolve().parents[2] / "data"


def plan_of(name: str, shop: Shop | None = None) -> ImportPlan:
    return plan(read_table(DATA / name), None, shop or Shop())


def item(planned: ImportPlan, row: int) -> ImportRow:
    found = next(r.item for r in planned.rows if r.row == row)
    assert found is not None
    return found


def reasons(planned: ImportPlan) -> Counter[str]:
    return Counter(code for row in planned.rows for code in codes(row))


def test_warung() -> None:
    planned = plan_of("warung.csv")
    assert planned.counts == Counts(new=90, changed=0, unchanged=0, warned=45, refused=0)
    assert reasons(planned) == {"stock_never_counted": 45}
    assert item(planned, 2) == ImportRow(
        row=2,
        name="Indomie Ayam bawang 69gr",
        category="mie",
        barcodes=(normal_form("089686010015"),),
        unit="pcs",
        price=2_500,
        cost=2_300,
    )
    assert item(planned, 19).stock == 48_000
    assert sum(item(planned, row).price or 0 for row in range(2, 92)) == 682_810


def test_warung_as_handed_over_in_a_spreadsheet() -> None:
    planned = plan_of("warung_kotor.xlsx")
    assert planned.mapping.heading_row == 4
    assert planned.counts == Counts(new=91, changed=0, unchanged=0, warned=41, refused=3)
    assert reasons(planned) == {
        "stock_never_counted": 41,
        "duplicate_in_file": 1,
        "no_name": 1,
        "total_row": 1,
    }
    refused = {row.row: codes(row) for row in planned.rows if row.verdict == "refused"}
    assert refused == {96: ["duplicate_in_file"], 97: ["no_name"], 99: ["total_row"]}
    duplicate = next(row for row in planned.rows if row.row == 96)
    assert duplicate.reasons[0].details["row"] == 7
    assert 45 not in {row.row for row in planned.rows}


def test_the_spreadsheet_tells_of_the_same_goods_as_the_clean_list() -> None:
    clean, dirty = plan_of("warung.csv"), plan_of("warung_kotor.xlsx")
    wanted = [row.item for row in clean.rows if row.item]
    got = [row.item for row in dirty.rows if row.item]
    sugar = got.pop()
    assert (sugar.name, sugar.unit, sugar.price, sugar.stock) == (
        "Gula pasir curah",
        "kg",
        17_000,
        12_500,
    )
    for ours, theirs in zip(got, wanted, strict=True):
        assert (ours.name, ours.barcodes, ours.price, ours.cost, ours.unit, ours.category) == (
            theirs.name,
            theirs.barcodes,
            theirs.price,
            theirs.cost,
            theirs.unit,
            theirs.category,
        )


def test_warung_in_windows_1252() -> None:
    table = read_table(DATA / "warung_kotor_cp1252.csv")
    assert (table.encoding, table.delimiter) == ("cp1252", ";")
    planned = plan(table, None, Shop())
    assert planned.counts == Counts(new=83, changed=0, unchanged=0, warned=43, refused=8)
    refused = {row.row: row.reasons[0] for row in planned.rows if row.verdict == "refused"}
    assert {reason.code for reason in refused.values()} == {"barcode_lost_digits"}
    assert {row: reason.details["shown"] for row, reason in refused.items()} == {
        24: "7.62230E+12",
        35: "8.99271E+12",
        46: "8.99301E+12",
        57: "8.99356E+12",
        68: "8.99887E+12",
        79: "9.00000E+12",
        90: "9.00000E+12",
        92: "899…",
    }
    assert next(row.name for row in planned.rows if row.row == 92) == "Café Luwak – 100gr"
    assert (item(planned, 2).cost, item(planned, 2).price) == (2_300, 2_500)
    assert item(planned, 20).price == 25_000


def test_apotek() -> None:
    planned = plan_of("apotek.csv")
    assert planned.counts == Counts(new=346, changed=0, unchanged=0, warned=81, refused=0)
    assert reasons(planned) == {
        "barcode_check_digit": 60,
        "barcode_of_one_batch": 10,
        "barcode_placeholder": 4,
        "price_below_cost": 5,
        "name_repeats": 1,
        "unit_smaller": 1,
        "unit_same": 1,
    }
    dropped = [row.row for row in planned.rows if "barcode_placeholder" in codes(row)]
    assert dropped == [13, 14, 15, 17]
    loss = [row.row for row in planned.rows if row.ask]
    assert loss == [11, 30, 36, 73, 295]


def test_apotek_row_by_row() -> None:
    planned = plan_of("apotek.csv")
    antangin = item(planned, 5)
    assert (antangin.name, antangin.unit, antangin.cost, antangin.price, antangin.stock) == (
        "Antangin Junior",
        "sachet",
        1_840,
        3_000,
        3_000,
    )
    assert antangin.units == (ImportedUnit("box", 5),)
    assert item(planned, 3).units == () and item(planned, 3).cost is None
    assert item(planned, 2).units == ()
    assert item(planned, 8).barcodes == ("ALK00012",)
    assert item(planned, 13).barcodes == ()
    gabapentin = next(r.item for r in planned.rows if r.name == "Gabapentin 300mg")
    assert gabapentin is not None and gabapentin.barcodes == (normal_form("8997002882302"),)
    assert "Paramex Hijau Flu&Batuk" in {row.name for row in planned.rows}
    by_name = {row.name: row.item for row in planned.rows}
    soya = by_name["Soya Botol Original"]
    assert soya is not None and soya.price == 6_000
    last = planned.rows[-1]
    assert (last.row, last.action, last.reasons[-1].details["row"]) == (347, "new", 206)


def test_names_without_prices() -> None:
    planned = plan_of("indonesia_names.csv")
    assert planned.counts == Counts(new=288, changed=0, unchanged=0, warned=288, refused=0)
    assert reasons(planned) == {"price_missing": 288, "name_repeats": 17}
    assert item(planned, 8).name == "เดลฟี่ ท็อป คาราเมล"


@pytest.mark.parametrize(
    "name",
    [
        "warung.csv",
        "warung_kotor.xlsx",
        "warung_kotor_cp1252.csv",
        "apotek.csv",
        "indonesia_names.csv",
    ],
)
def test_each_file_twice_changes_nothing(name: str) -> None:
    shop = Shop()
    first = plan_of(name, shop)
    shop.take(first)
    again = plan_of(name, shop)
    assert (again.counts.new, again.counts.changed, again.counts.warned) == (0, 0, 0)
    assert again.counts.unchanged == first.counts.new
    assert again.counts.refused == first.counts.refused


def test_the_clean_list_after_the_dirty_one_brings_only_what_was_refused() -> None:
    shop = Shop()
    shop.take(plan_of("warung_kotor_cp1252.csv", shop))
    planned = plan_of("warung.csv", shop)
    assert planned.counts.new == 7
    assert planned.counts.changed == 83 - 1 + 1


@pytest.mark.parametrize("name", ["warung_kotor.xlsx", "apotek.csv"])
def test_another_process_reads_the_same(name: str) -> None:
    assert read_in_process(DATA / name) == read_table(DATA / name)
