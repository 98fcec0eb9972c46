"""The proposed pairs as the window shows them: filtered, found, ticked, put into words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from core.money import format_rupiah
from core.text import words
from pos.merging.deciding import Two
from pos.merging.finding import Customer, Goods, Proposal
from pos.ui.i18n import Text, _, shown_quantity

Filter = Literal["all", "sure", "ask", "customers"]
FILTERS: tuple[Filter, ...] = ("all", "sure", "ask", "customers")


class Shown(NamedTuple):
    """A row of the list in words."""

    tick: str
    stays: str
    goes: str
    state: str
    tone: str


class Side(NamedTuple):
    """One line of what is beside each other: of the record that stays, and of the one that goes."""

    label: str
    stays: str
    goes: str

    @property
    def differs(self) -> bool:
        """Whether the two say something else."""
        return self.stays != self.goes


class Pairs:
    """All pairs with somebody's ticks. Sure ones begin ticked, what cannot be merged never is."""

    def __init__(self, found: Sequence[Proposal]) -> None:
        """Show them all."""
        self._all = list(found)
        self._ticked = {_two(one) for one in found if one.pair.sure}
        self.filter: Filter = "all"
        self._text = ""
        self._rows: list[Proposal] = self._all

    def choose(self, chosen: Filter) -> None:
        """Show only pairs of one kind."""
        self.filter = chosen
        self._find()

    def search(self, text: str) -> None:
        """Show only pairs in which all words of a text are."""
        self._text = text
        self._find()

    def _find(self) -> None:
        asked = words(self._text)
        self._rows = [
            one
            for one in self._all
            if _fits(one, self.filter) and all(word in one.words for word in asked)
        ]

    def count(self) -> int:
        """How many pairs are shown."""
        return len(self._rows)

    def total(self) -> int:
        """How many pairs there are in all."""
        return len(self._all)

    def counted(self, chosen: Filter) -> int:
        """How many pairs are of a kind."""
        return sum(_fits(one, chosen) for one in self._all)

    def proposal(self, at: int) -> Proposal:
        """A shown pair."""
        return self._rows[at]

    def is_ticked(self, at: int) -> bool:
        """Whether a shown pair would be merged."""
        return _two(self._rows[at]) in self._ticked

    def tick(self, at: int) -> None:
        """Take a shown pair, or leave it out."""
        one = self._rows[at]
        if one.pair.possible:
            self._ticked.symmetric_difference_update({_two(one)})

    def tick_shown(self) -> None:
        """Take all shown pairs that are sure; where all are taken, leave all shown ones out.

        What is only probable is looked at one by one.
        """
        shown = {_two(one) for one in self._rows}
        sure = {_two(one) for one in self._rows if one.pair.sure}
        if sure - self._ticked:
            self._ticked |= sure
        else:
            self._ticked -= shown

    def ticked(self) -> list[Two]:
        """The pairs that would be merged, in order."""
        return [two for two in map(_two, self._all) if two in self._ticked]

    def forget(self, decided: Collection[Two]) -> None:
        """These are decided: they are not shown any more."""
        gone = set(decided)
        self._ticked -= gone
        self._all = [one for one in self._all if _two(one) not in gone]
        self._find()

    def page(self, number: int, size: int) -> list[Shown]:
        """Shown pairs in words, for the list."""
        return [
            self._shown(at)
            for at in range(number * size, min((number + 1) * size, len(self._rows)))
        ]

    def _shown(self, at: int) -> Shown:
        one = self._rows[at]
        state, tone = _state(one)
        tick = "✓" if self.is_ticked(at) else ""
        return Shown(tick, one.target.name, one.source.name, state, tone)


def _two(one: Proposal) -> Two:
    return Two(one.table, one.pair.source, one.pair.target)


def _fits(one: Proposal, chosen: Filter) -> bool:
    if chosen == "customers":
        return one.table == "customer"
    return chosen == "all" or one.pair.sure == (chosen == "sure")


def _state(one: Proposal) -> tuple[str, str]:
    if one.pair.sure:
        return _("Pasti"), "ok"
    return (_("Mungkin"), "warn") if one.pair.possible else (_("Lain satuan"), "bad")


def reason(one: Proposal) -> Text:
    """Why the two may be one, and what to look at first."""
    pair = one.pair
    if pair.doubt == "unit":
        return lambda: _(
            "Satuan dasarnya lain, jadi stoknya tidak dapat dijumlahkan. Samakan satuannya dulu."
        )
    if pair.doubt == "barcodes":
        return lambda: _(
            "Namanya serupa, tetapi kode batangnya berbeda: mungkin kemasan lain. Lihat "
            "kemasannya dulu."
        )
    return _REASONS[one.table, pair.why, pair.sure]


_REASONS: dict[tuple[str, str, bool], Text] = {
    ("product", "barcode", True): lambda: _("Kode batangnya sama."),
    ("product", "barcode", False): lambda: _(
        "Kode buatan toko ini sama, tetapi namanya lain. Lihat barangnya dulu."
    ),
    ("product", "name", False): lambda: _(
        "Hanya namanya yang serupa. Pastikan barangnya memang sama."
    ),
    ("customer", "phone", True): lambda: _("Nomor telepon dan namanya sama."),
    ("customer", "phone", False): lambda: _(
        "Nomor teleponnya sama, namanya lain: mungkin sekeluarga. Tanyakan dulu."
    ),
    ("customer", "member", True): lambda: _("Nomor anggota dan namanya sama."),
    ("customer", "member", False): lambda: _("Nomor anggotanya sama, namanya lain. Tanyakan dulu."),
    ("customer", "name", False): lambda: _(
        "Hanya namanya yang sama. Pastikan orangnya memang sama."
    ),
}


def sides(one: Proposal, *, with_cost: bool) -> list[Side]:
    """What is beside each other of a pair, in the language in force."""
    if isinstance(one.target, Goods) and isinstance(one.source, Goods):
        return _goods_sides(one.target, one.source, with_cost=with_cost)
    assert isinstance(one.target, Customer) and isinstance(one.source, Customer)
    return _people_sides(one.target, one.source)


def becomes(one: Proposal) -> Text:
    """What there will be after the merge, in a sentence; nothing where it cannot be."""
    stays, goes = one.target, one.source
    if not one.pair.possible:
        return ""
    if isinstance(stays, Goods) and isinstance(goes, Goods):
        stock = _stock(stays.stock + goes.stock, stays.unit)
        codes = len({*stays.barcodes, *goes.barcodes})
        return lambda: _("Jadinya: {stock}, harga {price}, {codes} kode batang.").format(
            stock=stock, price=format_rupiah(stays.price), codes=codes
        )
    assert isinstance(stays, Customer) and isinstance(goes, Customer)
    debt, limit = format_rupiah(stays.debt + goes.debt), format_rupiah(stays.credit_limit)
    return lambda: _("Jadinya: utang {debt}, batas {limit}.").format(debt=debt, limit=limit)


def _goods_sides(stays: Goods, goes: Goods, *, with_cost: bool) -> list[Side]:
    found = [
        Side(_("Nama"), stays.name, goes.name),
        Side(_("Harga jual"), _rupiah(stays.price), _rupiah(goes.price)),
    ]
    if with_cost:
        found.append(Side(_("Harga beli"), _rupiah(stays.cost), _rupiah(goes.cost)))
    found += [
        Side(_("Stok"), _stock(stays.stock, stays.unit), _stock(goes.stock, goes.unit)),
        Side(_("Kode"), stays.code or "–", goes.code or "–"),
        Side(_("Kode batang"), _list(stays.barcodes), _list(goes.barcodes)),
    ]
    if stays.units or goes.units:
        found.append(Side(_("Satuan lain"), _units(stays), _units(goes)))
    return found


def _people_sides(stays: Customer, goes: Customer) -> list[Side]:
    return [
        Side(_("Nama"), stays.name, goes.name),
        Side(_("Telepon"), stays.phone or "–", goes.phone or "–"),
        Side(_("Nomor anggota"), stays.member_no or "–", goes.member_no or "–"),
        Side(_("Utang"), _rupiah(stays.debt), _rupiah(goes.debt)),
        Side(_("Batas kasbon"), _rupiah(stays.credit_limit), _rupiah(goes.credit_limit)),
    ]


def _rupiah(amount: int | None) -> str:
    return "–" if amount is None else format_rupiah(amount, symbol=False)


def _stock(qty: int, unit: str) -> str:
    return f"{shown_quantity(qty)} {unit}"


def _list(codes: Sequence[str]) -> str:
    return "\n".join(codes) or "–"


def _units(one: Goods) -> str:
    return "\n".join(f"{unit.unit} ({unit.factor})" for unit in one.units) or "–"
