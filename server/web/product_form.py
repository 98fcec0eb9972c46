"""The form of a product: what is typed in it, its lines of units and tiers, what is wrong where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.facts.catalog import BarcodeRecord, TierRecord, UnitRecord
from core.gtin import display_form, normal_form
from core.halal import OWN_NUMBER, choice_of, halal_number
from core.product import MAX_FACTOR, MOST_LETTERS, USUAL_UNIT
from core.units import normal_unit
from server.catalog.changing import BadProduct, FieldFault
from server.catalog.reading import Product, ProductFields
from server.shops.editing import BadField
from server.web import forms
from server.web.language import N_, Words
from server.web.showing import Show
from server.web.unsent import NotSentYet

MOST_LINES: Final = 40
"""Units, and as many tiers; so many fields a form may have with room to spare."""
LISTS: Final = {
    "units": ("unit", "factor", "price", "barcodes"),
    "tiers": ("min_qty", "price"),
}
_LINE: Final = re.compile(r"(units|tiers)-([0-9]{1,4})-([a-z_]+)", re.ASCII)
_SINGLE: Final = (
    "name", "code", "category", "brand", "unit", "price", "cost", "tax_class", "min_stock",
    "favourite", "fractional", "online", "barcodes", "opening", "halal", "halal_number",
)  # fmt: skip
_RULES: Final = {
    "name_empty": N_("Isilah nama barangnya."),
    "name_long": N_("Paling banyak {most} huruf."),
    "text_long": N_("Paling banyak {most} huruf."),
    "price_range": N_("Harga antara Rp 0 dan Rp 9.999.999.999."),
    "cost_range": N_("Harga antara Rp 0 dan Rp 9.999.999.999."),
    "unit_empty": N_("Isilah nama satuannya, misalnya dus."),
    "unit_twice": N_("Satuan ini sudah tertulis. Pakailah nama lain."),
    "factor_range": N_("Isinya bilangan bulat, 1 sampai 1.000.000."),
    "tier_range": N_("Jumlah di atas nol, masing-masing sekali."),
    "tax_class": N_("Pilihlah salah satu."),
    "stock_range": N_("Antara 0 dan 999.999."),
    "halal": N_("Salin nomornya dari kemasan, misalnya ID75110000012341024."),
    "halal_beside": N_("Pilih Sertifikat halal pembuatnya, atau kosongkan nomor ini."),
    "online_tobacco": N_(
        "Rokok dan tembakau tidak boleh dijual lewat gerai online (PP 28/2024 pasal 434)."
    ),
    "online_medicine": N_("Obat yang perlu resep dokter tidak boleh dijual lewat gerai online."),
    "online_alcohol": N_("Minuman beralkohol tidak dijual lewat gerai online."),
    "barcode_taken": N_("Kode batang {barcode} sudah dipakai {name}."),
    "barcode_twice": N_("Kode batang {barcode} tertulis dua kali di formulir ini."),
}

Line = dict[str, str]


@dataclass
class Typed:
    """What stands in the form, as it was typed."""

    single: dict[str, str]
    lists: dict[str, list[Line]]

    def add_line(self, name: str) -> None:
        """One more line, empty, unless there are as many as a form takes."""
        if len(self.lists[name]) < MOST_LINES:
            self.lists[name].append(dict.fromkeys(LISTS[name], ""))

    def remove_line(self, name: str, at: int) -> None:
        """Take a line away."""
        if 0 <= at < len(self.lists[name]):
            del self.lists[name][at]


def typed_new() -> Typed:
    """An empty form."""
    typed = Typed(dict.fromkeys(_SINGLE, ""), {"units": [], "tiers": []})
    typed.single.update(unit=USUAL_UNIT, tax_class="kena")
    return typed


def typed_of(show: Show, product: Product) -> Typed:
    """The form of a product as it stands."""
    fields = product.fields
    chosen, number = choice_of(fields.halal)
    single = {
        **{name: getattr(fields, name) for name in ("name", "code", "category", "brand", "unit")},
        "price": show.bare(fields.price),
        "cost": "" if fields.cost is None else show.bare(fields.cost),
        "tax_class": fields.tax_class,
        "min_stock": show.plain_quantity(fields.min_stock),
        "favourite": "1" if fields.favourite else "",
        "fractional": "1" if fields.fractional else "",
        "online": "1" if fields.online else "",
        "barcodes": "\n".join(product.barcodes_on(fields.unit)),
        "opening": "",
        "halal": chosen,
        "halal_number": number,
    }
    units = [
        {
            "unit": one.unit,
            "factor": show.bare(one.factor),
            "price": "" if one.price is None else show.bare(one.price),
            "barcodes": "\n".join(product.barcodes_on(one.unit)),
        }
        for one in fields.units
    ]
    tiers = [
        {"min_qty": show.plain_quantity(one.min_qty), "price": show.bare(one.price)}
        for one in fields.tiers
    ]
    return Typed(single, {"units": units, "tiers": tiers})


def typed_from(form: Mapping[str, str]) -> Typed:
    """What a sent form holds; lines in which nothing stands are left out."""
    lines: dict[str, dict[int, Line]] = {"units": {}, "tiers": {}}
    for name, text in form.items():
        found = _LINE.fullmatch(name)
        if found and found[3] in LISTS[found[1]]:
            line = lines[found[1]].setdefault(int(found[2]), dict.fromkeys(LISTS[found[1]], ""))
            line[found[3]] = text
    return Typed(
        {name: form.get(name, "") for name in _SINGLE},
        {
            name: [line for _, line in sorted(some.items()) if any(map(str.strip, line.values()))]
            for name, some in lines.items()
        },
    )


class Reading:
    """Reads what was typed; what cannot be read is said beside its field."""

    def __init__(self, words: Words, typed: Typed, *, active: bool = True) -> None:
        """Read all of it; `fields` and `opening` count where `problems` is empty."""
        self._words = words
        self.problems: dict[str, str] = {}
        single = typed.single
        base = normal_unit(single["unit"]) or USUAL_UNIT
        units = [self._unit(at, line) for at, line in enumerate(typed.lists["units"])]
        tiers = [self._tier(at, line) for at, line in enumerate(typed.lists["tiers"])]
        self.fields = ProductFields(
            name=single["name"],
            code=single["code"],
            category=single["category"],
            brand=single["brand"],
            unit=single["unit"],
            price=self._read(forms.amount, single, "price", needed=True),
            cost=self._read(forms.amount_or_none, single, "cost"),
            tax_class=single["tax_class"],
            min_stock=self._read(self._quantity, single, "min_stock"),
            favourite=single["favourite"] == "1",
            fractional=single["fractional"] == "1",
            online=single["online"] == "1",
            units=tuple(units),
            barcodes=self._barcodes(base, typed),
            tiers=tuple(tiers),
            active=active,
            halal=self._halal(single),
        )
        self.opening: int = self._read(self._quantity, single, "opening")

    def _read(
        self,
        reader: Callable[[Mapping[str, str], str], Any],
        given: Mapping[str, str],
        name: str,
        *,
        shown: str = "",
        needed: bool = False,
    ) -> Any:
        try:
            if needed and not given[name].strip():
                raise BadField(name, "empty")
            return reader(given, name)
        except BadField as refusal:
            said = forms.problem(self._words, refusal)[name]
            self.problems.setdefault(shown or name, said)
            return 0

    def _quantity(self, given: Mapping[str, str], name: str) -> int:
        return forms.quantity(given, name, self._words.language)

    def _halal(self, single: Mapping[str, str]) -> str:
        """A number is asked for where it is chosen, and stands beside no other choice."""
        chosen, number = single["halal"], single["halal_number"]
        if chosen == OWN_NUMBER and halal_number(number) is None:
            self.say([FieldFault("halal_number", "halal", {})])
        elif chosen != OWN_NUMBER and number.strip():
            self.say([FieldFault("halal_number", "halal_beside", {})])
        return number if chosen == OWN_NUMBER else chosen

    def _unit(self, at: int, line: Line) -> UnitRecord:
        shown = f"units-{at}-"
        try:
            factor = forms.amount(line, "factor") if line["factor"].strip() else 0
        except BadField:
            factor = 0
        if not 1 <= factor <= MAX_FACTOR:
            self.say([FieldFault(f"{shown}factor", "factor_range", {})])
        price = self._read(forms.amount_or_none, line, "price", shown=f"{shown}price")
        return UnitRecord(line["unit"], factor, price)

    def _tier(self, at: int, line: Line) -> TierRecord:
        shown = f"tiers-{at}-"
        least = self._read(self._quantity, line, "min_qty", shown=f"{shown}min_qty", needed=True)
        price = self._read(forms.amount, line, "price", shown=f"{shown}price", needed=True)
        return TierRecord(least, price)

    def _barcodes(self, base: str, typed: Typed) -> tuple[BarcodeRecord, ...]:
        places = [("barcodes", base, typed.single["barcodes"])]
        for at, line in enumerate(typed.lists["units"]):
            places.append((f"units-{at}-barcodes", line["unit"], line["barcodes"]))
        found: dict[str, BarcodeRecord] = {}
        for name, unit, text in places:
            for code in filter(None, map(normal_form, text.splitlines())):
                if code in found:
                    self.say([FieldFault(name, "barcode_twice", {"barcode": display_form(code)})])
                found[code] = BarcodeRecord(code, unit)
        return tuple(found[code] for code in sorted(found))

    def say(self, faults: Iterable[FieldFault]) -> None:
        """Note rules that are broken, each at its field; the first of a field is said."""
        for one in faults:
            rule = self._words._(_RULES[one.why], most=MOST_LETTERS, **one.details)
            self.problems.setdefault(one.name, rule)

    def try_to(self, work: Callable[[], object]) -> bool:
        """Do the work; False where fields were refused, which `problems` then says."""
        try:
            work()
        except BadProduct as refusal:
            self.say(refusal.faults)
        except NotSentYet as refusal:
            self.problems |= forms.problem(self._words, refusal)
        return not self.problems
