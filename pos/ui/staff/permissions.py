"""What one person may do alone: yes, only with a manager, or up to a limit."""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.errors import Refused
from core.money import format_rupiah, parse_rupiah
from core.permissions import CASHIER, ROLES, Act
from core.quantity import format_quantity, parse_quantity
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import Text, _
from pos.ui.widgets.base import Label
from pos.ui.widgets.choice import Choice
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.page import Form

Rule = Literal["yes", "no", "limit"]
_YES_NO: tuple[tuple[Rule, Text], ...] = (
    ("yes", lambda: _("Boleh")),
    ("no", lambda: _("Perlu manajer")),
)
_WITH_LIMIT: tuple[tuple[Rule, Text], ...] = (*_YES_NO, ("limit", lambda: _("Sampai batas")))
# Acts whose permission can be a limit: basis points for a discount, rupiah for the others.
LIMITED = ("discount", "open_article", "refund", "cash_in", "cash_out", "credit_over_limit")


def act_words(act: str) -> str:
    """An act as an owner reads it in a list."""
    words = {
        "sell": _("Menjual"),
        "discount": _("Memberi diskon (%)"),
        "price_change": _("Mengubah harga"),
        "open_article": _("Barang tanpa daftar (Rp)"),
        "refund": _("Pengembalian barang (Rp)"),
        "swap_tender": _("Mengganti cara bayar"),
        "reprint": _("Mencetak salinan"),
        "drop_parked": _("Membuang keranjang"),
        "drawer": _("Membuka laci"),
        "cash_in": _("Kas masuk (Rp)"),
        "cash_out": _("Kas keluar (Rp)"),
        "credit": _("Kasbon"),
        "credit_over_limit": _("Kasbon lewat batas (Rp)"),
        "shift": _("Buka dan tutup shift"),
        "repayment": _("Menerima bayar kasbon"),
        "see_cost": _("Melihat harga beli"),
        "see_reports": _("Melihat laporan"),
        "see_expected_cash": _("Melihat isi laci seharusnya"),
        "edit_goods": _("Mengubah barang"),
        "adjust_stock": _("Mengubah stok"),
        "customers": _("Mengubah pelanggan"),
        "import": _("Impor barang"),
        "printers": _("Mengatur printer"),
        "settings": _("Pengaturan toko"),
        "staff": _("Karyawan"),
        "backup": _("Mencadangkan data"),
    }
    return words.get(act, act)


class _Right(QWidget):
    """One act: its rule and, where it can have one, its limit."""

    def __init__(self, act: str) -> None:
        super().__init__()
        self.act = act
        options = _WITH_LIMIT if act in LIMITED else _YES_NO
        self.rule: Choice[Rule] = Choice(f"right_{act}", lambda: act_words(act), options)
        self.limit = TextEdit(f"limit_{act}", lambda: _("Batas"), role="body")
        self._label = Label(lambda: act_words(act), "body", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._label, 10)
        row.addWidget(self.rule, 10)
        row.addWidget(self.limit, 6)
        policy = self.limit.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.limit.setSizePolicy(policy)
        self.rule.currentIndexChanged.connect(lambda _at: self._show_limit())
        self._show_limit()

    def _show_limit(self) -> None:
        self.limit.setVisible(self.rule.value() == "limit")

    def show_rule(self, rule: bool | int, *, locked: bool) -> None:
        if isinstance(rule, bool) or not rule:
            self.rule.set_value("yes" if rule else "no")
            self.limit.clear()
        else:
            self.rule.set_value("limit")
            percent = self.act == "discount"
            shown = format_quantity(rule * 10) if percent else format_rupiah(rule, symbol=False)
            self.limit.setText(shown)
        self.setEnabled(not locked)
        self._show_limit()

    def value(self) -> bool | int | None:
        """The rule, None where the limit is no number."""
        rule = self.rule.value()
        if rule != "limit":
            return rule == "yes"
        try:
            text = self.limit.text().removesuffix("%")
            return parse_quantity(text) // 10 if self.act == "discount" else parse_rupiah(text)
        except Refused:
            return None


class PermissionList(Form):
    """Every act with its rule; an owner may always do everything."""

    def __init__(self) -> None:
        """Shows nothing yet."""
        super().__init__("permissions")
        self._role = "cashier"
        self._rights = [_Right(act) for act in CASHIER]
        self.owner_word = Label(
            lambda: _("Pemilik selalu boleh melakukan semuanya."), "body", wrap=True
        )
        self.add(self.owner_word)
        for right in self._rights:
            self.add(right)

    def show_rights(self, role: str, changed: dict[str, Any]) -> None:
        """Show what a role may, with what was changed for one person."""
        self._role = role
        owner = role == "owner"
        self.owner_word.setVisible(owner)
        standard = ROLES.get(role, CASHIER)
        for right in self._rights:
            rule = True if owner else changed.get(right.act, standard.get(right.act, False))
            right.show_rule(rule, locked=owner)
            right.setVisible(not owner)

    def set_right(self, act: Act, rule: Rule, limit: str = "") -> None:
        """Choose a rule as a person would."""
        for right in self._rights:
            if right.act == act:
                right.rule.set_value(rule)
                right.limit.setText(limit)

    def rights(self) -> dict[str, bool | int] | None:
        """Only what differs from the role; None where a limit is no number."""
        if self._role == "owner":
            return {}
        standard = ROLES.get(self._role, CASHIER)
        found: dict[str, bool | int] = {}
        for right in self._rights:
            value = right.value()
            if value is None:
                right.limit.setFocus()
                return None
            # A limit of nothing is the same as never.
            usual = standard.get(right.act, False) or False
            if value != usual or isinstance(value, bool) != isinstance(usual, bool):
                found[right.act] = value
        return found
