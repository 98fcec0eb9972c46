"""Tax once a document, shared out to lines."""

from __future__ import annotations

import pytest

from core.tax import TAX_CLASSES, TaxRule, line_taxes

PPN = TaxRule("PPN", 1100, included=False, rounding="down")
PPN_INSIDE = TaxRule("PPN", 1100, included=True, rounding="down")
PB1 = TaxRule("PB1", 1000, included=False, rounding="down")


@pytest.mark.parametrize(
    ("price", "rule", "tax"),
    [
        (1_000_000, PPN, 110_000),
        (3_453_454, PPN, 379_879),
        (999, PPN, 109),
        (15_000, PPN_INSIDE, 1_486),
        (11_100, PPN_INSIDE, 1_100),
        (10_000, PPN_INSIDE, 990),
        (52_500, PB1, 5_250),
        (0, PPN, 0),
    ],
)
def test_known_amounts(price: int, rule: TaxRule, tax: int) -> None:
    assert line_taxes([price], ["kena"], rule) == [tax]


def test_luxury_bears_the_full_rate() -> None:
    assert line_taxes([1_000_000, 1_000_000], ["mewah", "kena"], PPN) == [120_000, 110_000]
    assert line_taxes([1_120], ["mewah"], PPN_INSIDE) == [120]


def test_rounding_to_the_nearest_where_the_shop_says_so() -> None:
    nearest = TaxRule("PPN", 1100, included=True, rounding="nearest")
    assert line_taxes([10_000], ["kena"], nearest) == [991]
    assert line_taxes([15_000], ["kena"], nearest) == [1_486]


def test_only_taxable_classes_bear_tax() -> None:
    assert set(TAX_CLASSES) == {"kena", "bebas", "tidak_dipungut", "bukan_objek", "mewah"}
    amounts = [10_000, 10_000, 10_000, 10_000]
    classes = ["bebas", "kena", "tidak_dipungut", "bukan_objek"]
    assert line_taxes(amounts, classes, PPN) == [0, 1_100, 0, 0]


def test_a_shop_that_is_no_pkp_has_no_tax() -> None:
    assert line_taxes([10_000, 5_000], ["kena", "mewah"], None) == [0, 0]


def test_rounds_once_a_document_and_not_once_a_line() -> None:
    # Each line alone: floor(0,99) = 0; together floor(2,97) = 2.
    assert line_taxes([9, 9, 9], ["kena"] * 3, PPN) == [1, 1, 0]


def test_lines_that_give_back_mirror_lines_sold() -> None:
    assert line_taxes([-9, -9, -9], ["kena"] * 3, PPN) == [-1, -1, 0]
    assert line_taxes([15_000, -15_000], ["kena"] * 2, PPN_INSIDE) == [1_486, -1_486]


def test_amounts_and_classes_must_pair() -> None:
    with pytest.raises(ValueError, match="shorter"):
        line_taxes([1, 2], ["kena"], PPN)
