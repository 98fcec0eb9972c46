"""What must hold for the tax of any document."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.tax import TAX_CLASSES, TaxRule, line_taxes

LINES = st.lists(
    st.tuples(st.integers(0, 10**8), st.sampled_from(TAX_CLASSES)), min_size=1, max_size=30
)
RULES = st.builds(
    TaxRule,
    st.sampled_from(["PPN", "PB1"]),
    st.sampled_from([1000, 1100, 1200]),
    included=st.booleans(),
    rounding=st.sampled_from(["down", "nearest"]),
)


@given(LINES, RULES)
def test_lines_sum_to_the_documents_tax(lines: list[tuple[int, str]], rule: TaxRule) -> None:
    taxes = line_taxes([amount for amount, _ in lines], [name for _, name in lines], rule)
    for tax_class in ("kena", "mewah"):
        if rule.basis_points == rule.luxury_basis_points:
            continue
        base = sum(amount for amount, name in lines if name == tax_class)
        shared = sum(tax for tax, (_, name) in zip(taxes, lines, strict=True) if name == tax_class)
        assert line_taxes([base], [tax_class], rule) == [shared]


@given(LINES, RULES)
def test_no_line_bears_more_than_its_rate(lines: list[tuple[int, str]], rule: TaxRule) -> None:
    taxes = line_taxes([amount for amount, _ in lines], [name for _, name in lines], rule)
    for tax, (amount, name) in zip(taxes, lines, strict=True):
        assert 0 <= tax <= amount * rule.rate(name) // 10_000 + 1


@given(LINES, RULES)
def test_giving_everything_back_mirrors_the_tax(
    lines: list[tuple[int, str]], rule: TaxRule
) -> None:
    amounts, classes = [amount for amount, _ in lines], [name for _, name in lines]
    back = line_taxes([-amount for amount in amounts], classes, rule)
    assert back == [-tax for tax in line_taxes(amounts, classes, rule)]
