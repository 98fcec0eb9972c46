"""Tax of a sale: computed once for the document, shared out to its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from core.money import allocate, share

TaxClass = Literal["kena", "bebas", "tidak_dipungut", "bukan_objek", "mewah"]
TAX_CLASSES: tuple[TaxClass, ...] = get_args(TaxClass)
TaxRounding = Literal["down", "nearest"]

_WHOLE = 10_000


@dataclass(frozen=True)
class TaxRule:
    """A tax that a shop collects: PPN, or PB1 (PBJT on food and drink).

    `basis_points` is the effective rate of ordinary goods: 1100 for PPN, whose 12 % are taken of
    11/12 of the price (PMK 131/2024). Luxury goods (class `mewah`) bear the full
    `luxury_basis_points`. `included`: prices hold the tax already. Whole rupiah are rounded
    down by default (PER-25/PJ/2014).
    """

    name: str
    basis_points: int
    included: bool
    rounding: TaxRounding = "down"
    luxury_basis_points: int = 1200

    def rate(self, tax_class: str) -> int:
        """Basis points for goods of a class; 0 for those that bear no tax."""
        if tax_class == "mewah":
            return self.luxury_basis_points
        return self.basis_points if tax_class == "kena" else 0


def line_taxes(amounts: Sequence[int], classes: Sequence[str], rule: TaxRule | None) -> list[int]:
    """Tax in rupiah of each line, from the lines' amounts after all discounts.

    Rounded once a document for each rate, from the price and never from a rounded base, then
    allocated to the lines by amount. Without a rule (the shop is no PKP) all is zero. Lines
    that give back are computed apart and mirror lines sold.

    Raises:
        ValueError: amounts and classes differ in number.
    """
    taxes = [0] * len(amounts)
    if rule is None:
        return taxes
    groups: dict[tuple[int, bool], list[int]] = {}
    for at, (amount, tax_class) in enumerate(zip(amounts, classes, strict=True)):
        if rate := rule.rate(tax_class):
            groups.setdefault((rate, amount < 0), []).append(at)
    for (rate, gives_back), lines in groups.items():
        weights = [abs(amounts[at]) for at in lines]
        tax = _document_tax(sum(weights), rate, rule)
        for at, part in zip(lines, allocate(tax, weights), strict=True):
            taxes[at] = -part if gives_back else part
    return taxes


def _document_tax(amount: int, rate: int, rule: TaxRule) -> int:
    whole = _WHOLE + rate if rule.included else _WHOLE
    return amount * rate // whole if rule.rounding == "down" else share(amount, rate, whole)
