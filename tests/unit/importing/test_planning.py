"""What a file would do, row by row: matching, duplicates, warnings, nothing changed twice."""

from __future__ import annotations

import pytest

from core.barcode import normal_form
from pos.importing.errors import ImportCancelled, MappingWrong
from pos.importing.model import (
    CellValue,
    Change,
    Choices,
    Counts,
    Mapping,
    Sheet,
    Table,
)
from pos.importing.planning import by_hand, plan
from pos.messages import reason_sentence
from tests.unit.importing.shop import Shop, codes, planned, product, table

HEAD = ("Barcode", "Kode", "Nama", "Satuan", "Harga Beli", "Harga Jual", "Stok", "Kategori")
INDOMIE = "089686010015"
AGAR = "8992705012100"
BIMOLI = "8992628022156"


def goods(
    name: str | None,
    *,
    barcode: CellValue = None,
    code: CellValue = None,
    unit: CellValue = "pcs",
    cost: CellValue = None,
    price: CellValue = 5_000.0,
    stock: CellValue = None,
    category: CellValue = None,
) -> tuple[CellValue, ...]:
    return (barcode, code, name, unit, cost, price, stock, category)


def test_a_new_product_as_the_file_tells_it() -> None:
    [row] = planned(
        HEAD,
        goods(
            " Indomie  Goreng ",
            barcode=89686010015.0,
            code="A1",
            unit="PCS.",
            cost="Rp 2.300",
            price="2.500,-",
            stock="12,0",
            category="Mie &amp; bumbu",
        ),
    ).rows
    assert (row.row, row.action, row.verdict, row.warned, row.reasons) == (
        2,
        "new",
        "new",
        False,
        (),
    )
    item = row.item
    assert item is not None
    assert (item.name, item.code, item.unit, item.category) == (
        "Indomie Goreng",
        "A1",
        "pcs",
        "Mie & bumbu",
    )
    assert (item.cost, item.price, item.stock) == (2_300, 2_500, 12_000)
    assert item.barcodes == (normal_form(INDOMIE),)


def test_rows_that_are_no_goods() -> None:
    plan = planned(
        HEAD,
        goods("Gula", price=17_000.0),
        (None,) * 8,
        ("MINUMAN",),
        (None, None, "ROKOK"),
        goods(None, barcode=AGAR),
        (None, None, "TOTAL", None, None, 40_000.0, 12.0, None),
        ("JUMLAH", None, None, None, None, 40_000.0),
        (None, None, "Grand Total :"),
        goods("x" * 201),
    )
    assert [(row.row, row.verdict, codes(row)) for row in plan.rows] == [
        (2, "new", []),
        (4, "refused", ["title_row"]),
        (5, "refused", ["title_row"]),
        (6, "refused", ["no_name"]),
        (7, "refused", ["total_row"]),
        (8, "refused", ["total_row"]),
        (9, "refused", ["total_row"]),
        (10, "refused", ["name_too_long"]),
    ]
    assert plan.counts == Counts(new=1, changed=0, unchanged=0, warned=0, refused=7)


def test_a_product_that_is_called_total_is_goods() -> None:
    [row] = planned(HEAD, goods("Total", barcode=AGAR)).rows
    assert row.verdict == "new"


def test_lost_digits_refuse_the_row_and_say_what_was_there() -> None:
    [row] = planned(HEAD, goods("Agar", barcode="8.99271E+12")).rows
    assert (row.verdict, row.item, row.name) == ("refused", None, "Agar")
    assert row.reasons[0].details == {"shown": "8.99271E+12"}


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ("tanya", "price_unreadable"),
        (-5.0, "price_negative"),
        (8992705012100.0, "price_too_large"),
    ],
)
def test_a_price_that_is_none_refuses_the_row(price: CellValue, code: str) -> None:
    [row] = planned(HEAD, goods("A", price=price), goods("B")).rows[:1]
    assert (row.verdict, codes(row)) == ("refused", [code])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"price": 0.0}, "price_tiny"),
        ({"price": 1.0}, "price_tiny"),
        ({"price": None}, "price_missing"),
        ({"price": 1_000.4}, "price_rounded"),
        ({"cost": "tanya"}, "cost_unreadable"),
        ({"cost": 6_000.0}, "price_below_cost"),
        ({"stock": "9999"}, "stock_never_counted"),
        ({"stock": "banyak"}, "stock_unreadable"),
        ({"stock": -2.0}, "stock_negative"),
        ({"stock": "2 dus"}, "stock_unit_unknown"),
        ({"barcode": "0000000000"}, "barcode_placeholder"),
        ({"barcode": "8992705012101"}, "barcode_check_digit"),
        ({"code": "K" * 65}, "code_too_long"),
    ],
)
def test_a_warned_row_is_taken(fields: dict[str, CellValue], code: str) -> None:
    plan = planned(HEAD, goods("A", **fields), goods("B", price=20_000.0))
    row = plan.rows[0]
    assert (row.action, row.verdict, row.warned, codes(row)) == ("new", "warned", True, [code])
    assert row.ask is (code == "price_below_cost")
    assert plan.counts == Counts(new=2, changed=0, unchanged=0, warned=1, refused=0)


def test_a_stock_never_counted_is_not_taken_as_a_stock() -> None:
    [row] = planned(HEAD, goods("A", stock="9999")).rows
    assert row.item is not None and row.item.stock is None


def test_a_name_like_a_formula_is_taken_as_text_and_warned() -> None:
    [row] = planned(HEAD, goods('=HYPERLINK("http://x","y")')).rows
    assert (row.verdict, codes(row)) == ("warned", ["name_like_formula"])
    assert row.item is not None and row.item.name == '=HYPERLINK("http://x","y")'


@pytest.mark.parametrize(
    ("second", "by"),
    [
        (goods("Lain", barcode=89686010015.0), "barcode"),
        (goods("Lain", code="a1"), "code"),
        (goods("indomie  GORENG"), "name"),
    ],
)
def test_the_second_of_two_rows_for_one_product_is_refused(
    second: tuple[CellValue, ...], by: str
) -> None:
    first = goods("Indomie Goreng", barcode=INDOMIE, code="A1")
    plan = planned(HEAD, first, second)
    assert (plan.rows[1].verdict, codes(plan.rows[1])) == ("refused", ["duplicate_in_file"])
    details = plan.rows[1].reasons[0].details
    assert (details["row"], details["by"]) == (2, by)


def test_a_row_alike_in_name_only_is_warned() -> None:
    plan = planned(HEAD, goods("Fullo", barcode=INDOMIE), goods("fullo", barcode=AGAR))
    assert (plan.rows[1].verdict, codes(plan.rows[1])) == ("warned", ["name_repeats"])
    assert plan.rows[1].reasons[0].details["row"] == 2


def test_a_refused_row_does_not_make_its_double_a_duplicate() -> None:
    plan = planned(HEAD, goods("Gula", barcode=AGAR, price="?"), goods("Gula", barcode=AGAR))
    assert [row.verdict for row in plan.rows] == ["refused", "new"]


@pytest.mark.parametrize("name", ["🍯", "---", "?!"])
def test_a_name_of_signs_alone_is_no_name(name: str) -> None:
    [row] = planned(HEAD, goods(name)).rows
    assert (row.verdict, codes(row)) == ("refused", ["no_name"])


def test_matching_by_barcode_then_code_then_name() -> None:
    by_barcode = product("Lama 1", code="X1", barcodes=(normal_form(INDOMIE),), price=5_000)
    by_code = product("Lama 2", code="B2", price=5_000)
    by_name = product("Kopi Hitam", price=5_000)
    plan = planned(
        HEAD,
        goods("Baru 1", barcode=INDOMIE),
        goods("Baru 2", code="b2"),
        goods("KOPI hitam", barcode=AGAR),
        shop=Shop(by_barcode, by_code, by_name),
    )
    assert [row.product_id for row in plan.rows] == [by_barcode.id, by_code.id, by_name.id]
    assert plan.rows[0].changes == (Change("name", "Lama 1", "Baru 1"),)
    assert Change("barcodes", (), (normal_form(AGAR),)) in plan.rows[2].changes


def test_the_same_name_with_another_barcode_is_another_product() -> None:
    shop = Shop(product("Fullo", barcodes=(normal_form(INDOMIE),)))
    [row] = planned(HEAD, goods("Fullo", barcode=AGAR), shop=shop).rows
    assert (row.action, codes(row)) == ("new", ["name_exists"])


def test_two_rows_for_one_product_of_the_shop() -> None:
    shop = Shop(product("Gula", code="G1", barcodes=(normal_form(AGAR),), price=5_000))
    plan = planned(HEAD, goods("Gula", barcode=AGAR), goods("Gulaku", code="G1"), shop=shop)
    assert [row.verdict for row in plan.rows] == ["unchanged", "refused"]
    assert plan.rows[1].reasons[0].details["by"] == "product"


def test_barcodes_of_two_products_of_the_shop_refuse_the_row() -> None:
    shop = Shop(
        product("A", barcodes=(normal_form(AGAR),)), product("B", barcodes=(normal_form(INDOMIE),))
    )
    [row] = planned(HEAD, goods("A", barcode=f"{AGAR};{INDOMIE}"), shop=shop).rows
    assert (row.verdict, codes(row)) == ("refused", ["barcode_taken"])


def test_a_code_of_another_product_is_left_alone() -> None:
    shop = Shop(product("A", barcodes=(normal_form(AGAR),), price=5_000), product("B", code="B1"))
    [row] = planned(HEAD, goods("A baru", barcode=AGAR, code="B1"), shop=shop).rows
    [reason] = [one for one in row.reasons if one.code == "code_taken"]
    assert reason_sentence(reason, "id") == "Kode B1 milik B. Kode tidak diubah."
    assert [change.field for change in row.changes] == ["name"]


def test_what_would_change_and_what_stays() -> None:
    old = product(
        "Bimoli 1L",
        code="M1",
        category="Minyak",
        unit="botol",
        price=12_000,
        cost=11_000,
        stock=7_000,
    )
    [row] = planned(
        HEAD,
        goods("Bimoli 1L", code="M1", unit="btl", price=12_500.0, stock=99.0, category="MINYAK "),
        shop=Shop(old),
    ).rows
    assert (row.action, row.verdict) == ("changed", "changed")
    assert row.changes == (Change("price", 12_000, 12_500),)
    assert [reason.code for reason in row.reasons] == ["stock_kept"]
    assert row.reasons[0].details == {"file": 99_000, "shop": 7_000}


def test_a_price_lowered_by_more_than_half_asks_first() -> None:
    shop = Shop(product("A", price=10_000), product("B", price=10_000))
    plan = planned(HEAD, goods("A", price=4_999.0), goods("B", price=5_000.0), shop=shop)
    assert [(row.verdict, row.ask, codes(row)) for row in plan.rows] == [
        ("warned", True, ["price_halved"]),
        ("changed", False, []),
    ]


def test_another_base_unit_is_warned() -> None:
    [row] = planned(HEAD, goods("A", unit="dus"), shop=Shop(product("A", price=5_000))).rows
    assert codes(row) == ["unit_changed"]


def test_an_empty_cell_leaves_a_dash_clears_and_hapus_always_clears() -> None:
    def shop() -> Shop:
        return Shop(product("A", price=5_000, cost=4_000, category="Mie"))

    def changes(category: CellValue, choices: Choices | None = None) -> tuple[Change, ...]:
        rows = (HEAD, goods("A", category=category))
        return planned(*rows, shop=shop(), choices=choices).rows[0].changes

    cleared = (Change("category", "Mie", None),)
    assert changes(None) == ()
    assert changes("-") == cleared
    assert changes("-", Choices(dash_clears=False)) == ()
    assert changes("hapus", Choices(dash_clears=False)) == cleared


def test_hapus_takes_barcodes_away_a_dash_does_not() -> None:
    shop = Shop(product("A", price=5_000, barcodes=(normal_form(AGAR),)))
    assert planned(HEAD, goods("A", barcode="-"), shop=shop).rows[0].verdict == "unchanged"
    [row] = planned(HEAD, goods("A", barcode="hapus"), shop=shop).rows
    assert row.changes == (Change("barcodes", (normal_form(AGAR),), ()),)


def test_categories_that_differ_by_blanks_or_capitals_are_one() -> None:
    plan = planned(HEAD, goods("A", category="Mie Instan"), goods("B", category="MIE  instan "))
    assert [row.item and row.item.category for row in plan.rows] == ["Mie Instan", "Mie Instan"]


def test_rows_left_out_by_the_owner() -> None:
    plan = planned(HEAD, goods("A"), goods("A"), choices=Choices(leave_out=frozenset([2])))
    assert [(row.verdict, codes(row)) for row in plan.rows] == [
        ("refused", ["left_out"]),
        ("new", []),
    ]


def test_a_second_table_below_brings_its_own_columns() -> None:
    plan = planned(
        ("Nama", "Harga", "Stok"),
        ("Gula", 17_000.0, 3.0),
        (),
        ("Nama", "Harga", "Stok"),
        ("Teh", 5_000.0, 1.0),
        ("Harga Jual", "Nama Barang", None),
        (2_500.0, "Mie", None),
    )
    assert [(row.row, row.name, row.item and row.item.price) for row in plan.rows] == [
        (2, "Gula", 17_000),
        (5, "Teh", 5_000),
        (7, "Mie", 2_500),
    ]


def test_columns_mapped_by_hand() -> None:
    rows = (("Apa", "Berapa"), ("Gula", 17_000.0))
    [row] = planned(*rows, mapping=Mapping(0, 1, {"name": 0, "price": 1})).rows
    assert row.item is not None and row.item.price == 17_000
    plan = planned(*rows[1:], mapping=Mapping(0, 0, {"name": 0, "price": 1}))
    assert [row.row for row in plan.rows] == [1]


def test_a_mapping_changed_in_the_preview() -> None:
    found = planned(HEAD, goods("Gula")).mapping
    changed = by_hand(found, {"price": 4, "code": None})
    assert changed.columns["price"] == 4 and "code" not in changed.columns
    with pytest.raises(MappingWrong):
        plan(table(HEAD, goods("A")), by_hand(found, {"price": 99}), Shop())


def test_samples_show_how_each_way_of_writing_was_read() -> None:
    plan = planned(
        HEAD,
        goods("A", price=2_500.0),
        goods("B", price="Rp 2.500"),
        goods("C", price="2,500.00"),
        goods("D", price="2.500,-"),
        goods("E", price="?"),
    )
    assert [(s.field, s.row, s.shown, s.rupiah) for s in plan.samples] == [
        ("price", 3, "Rp 2.500", 2_500),
        ("price", 4, "2,500.00", 2_500),
        ("price", 5, "2.500,-", 2_500),
    ]


def test_the_plan_names_the_file_it_was_made_from() -> None:
    assert (
        plan(Table("f", "csv", (Sheet("s", (("Nama",), ("A",))),), "ab"), None, Shop()).fingerprint
        == "ab"
    )


def test_progress_is_told_and_cancel_is_heard() -> None:
    rows = [goods(f"Barang {n}", code=f"K{n}") for n in range(1_200)]
    heard: list[tuple[int, int]] = []
    plan(table(HEAD, *rows), None, Shop(), progress=lambda done, total: heard.append((done, total)))
    assert [done for done, _ in heard] == [500, 1_000, 1_201]
    assert {total for _, total in heard} == {1_201}
    with pytest.raises(ImportCancelled):
        plan(table(HEAD, *rows), None, Shop(), cancelled=lambda: len(heard) > 0)


def test_the_same_file_twice_changes_nothing() -> None:
    rows = (
        HEAD,
        goods("A", barcode=AGAR, cost=9_000.0, category="-"),
        goods("A", barcode=INDOMIE),
        goods("B", price=None, stock="9999"),
        goods("C", barcode="0000000000", code="C1", stock=4.0),
        goods("D", barcode=BIMOLI, cost="?"),
    )
    shop = Shop()
    first = planned(*rows, shop=shop)
    assert first.counts.new == 5
    shop.take(first)
    again = planned(*rows, shop=shop)
    assert again.counts == Counts(new=0, changed=0, unchanged=5, warned=0, refused=0)
    assert len({row.product_id for row in again.rows}) == 5
