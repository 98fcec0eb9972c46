"""What becomes of the units and barcodes of two records of one article when they are merged."""

from __future__ import annotations

from typing import NamedTuple

from core.facts.catalog import BarcodeRecord, UnitRecord


class Packs(NamedTuple):
    """How an article is packed: its base unit, further units, and the codes on its packs."""

    unit: str
    units: tuple[UnitRecord, ...]
    barcodes: tuple[BarcodeRecord, ...]

    def factor(self, unit: str) -> int | None:
        """How many base units a unit holds; None where the article is not sold in it."""
        if unit == self.unit:
            return 1
        return next((one.factor for one in self.units if one.unit == unit), None)


def united(source: Packs, target: Packs) -> Packs:
    """What `target` has when `source` is merged into it: all that it had, and more.

    A unit that it lacks comes with its factor and price. A code comes where its unit holds as
    many in both: a code that sells another number than it stands for would be worse than none.
    """
    known = {target.unit, *(one.unit for one in target.units)}
    units = (*target.units, *(one for one in source.units if one.unit not in known))
    both = target._replace(units=units)
    codes = {one.code for one in target.barcodes}
    more = tuple(
        one
        for one in source.barcodes
        if one.code not in codes and both.factor(one.unit) == source.factor(one.unit)
    )
    return both._replace(barcodes=(*target.barcodes, *more))
