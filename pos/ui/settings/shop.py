"""The fields of the shop's own settings: name and address, receipt, money, day and shift."""

from __future__ import annotations

from typing import Any, Literal

from core.errors import Refused
from core.quantity import format_quantity, parse_quantity
from pos.shop.founding import BadSetting
from pos.shop.settings import Settings
from pos.ui.i18n import Text, _
from pos.ui.widgets.choice import Choice, Switch
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.money import MoneyEdit
from pos.ui.widgets.page import Form, FormRow

Mode = Literal["down", "nearest", "up"]


def _minutes(number: int) -> tuple[int, Text]:
    return number, lambda: _("{n} menit").format(n=number)


def _footer(field: TextEdit, number: int) -> FormRow:
    return FormRow(lambda: _("Kaki struk, baris {n}").format(n=number), field)


_STEPS: tuple[tuple[int, Text], ...] = (
    (0, lambda: _("Tanpa pembulatan")),
    (100, "Rp 100"),
    (200, "Rp 200"),
    (500, "Rp 500"),
    (1000, "Rp 1.000"),
)
_MODES: tuple[tuple[Mode, Text], ...] = (
    ("down", lambda: _("Ke bawah")),
    ("nearest", lambda: _("Ke yang terdekat")),
    ("up", lambda: _("Ke atas")),
)
_ZONES: tuple[tuple[str, Text], ...] = (
    ("Asia/Makassar", lambda: _("WITA (Gorontalo, Makassar)")),
    ("Asia/Jakarta", lambda: _("WIB (Jakarta)")),
    ("Asia/Jayapura", lambda: _("WIT (Jayapura)")),
)
_HOURS: tuple[tuple[int, Text], ...] = tuple((hour * 60, f"{hour:02d}.00") for hour in range(7))
_REST: tuple[tuple[int, Text], ...] = (
    (0, lambda: _("Tidak pernah")),
    *(_minutes(number) for number in (1, 2, 5, 10, 15, 30)),
)
FOOTER_LINES = 3


class ShopFields:
    """All fields, what stands in them, and what they say."""

    def __init__(self) -> None:
        """Empty fields."""
        self.name = TextEdit("set_shop_name", lambda: _("Nama toko"))
        self.address = TextEdit("set_address", lambda: _("Alamat"))
        self.phone = TextEdit("set_phone", lambda: _("Telepon"))
        self.npwp = TextEdit("set_npwp", lambda: _("NPWP"))
        self.footer = [
            TextEdit(f"set_footer_{number}", lambda: _("Baris kaki struk"))
            for number in range(1, FOOTER_LINES + 1)
        ]
        self.step: Choice[int] = Choice("set_cash_step", lambda: _("Pembulatan tunai"), _STEPS)
        self.mode: Choice[Mode] = Choice("set_cash_mode", lambda: _("Arah pembulatan"), _MODES)
        self.tax_name = TextEdit("set_tax_name", lambda: _("Nama pajak"))
        self.tax_rate = TextEdit("set_tax_rate", lambda: _("Tarif pajak"))
        self.tax_included = Switch("set_tax_included", lambda: _("Harga sudah termasuk pajak"))
        self.credit = MoneyEdit("set_credit_limit", lambda: _("Batas kasbon pelanggan baru"))
        self.zone: Choice[str] = Choice("set_zone", lambda: _("Zona waktu"), _ZONES)
        self.day_close: Choice[int] = Choice("set_day_close", lambda: _("Hari berganti"), _HOURS)
        self.blind = Switch("set_blind_close", lambda: _("Hitung dulu, baru lihat selisih"))
        self.lock: Choice[int] = Choice("set_lock", lambda: _("Kunci otomatis"), _REST)
        self.name_row = FormRow(lambda: _("Nama toko"), self.name)
        self.rate_row = FormRow(
            lambda: _("Tarif pajak"),
            self.tax_rate,
            unit="%",
            hint=lambda: _("0 bila toko tidak memungut pajak."),
        )

    def add_shop(self, form: Form) -> None:
        """Who the shop is."""
        form.section(lambda: _("Toko"))
        form.add(self.name_row)
        form.add(FormRow(lambda: _("Alamat"), self.address))
        form.add(FormRow(lambda: _("Telepon"), self.phone))
        form.add(FormRow(lambda: _("NPWP"), self.npwp, hint=lambda: _("Tercetak bila diisi.")))

    def add_footer(self, form: Form) -> None:
        """What every receipt ends with."""
        form.section(lambda: _("Struk"))
        for number, field in enumerate(self.footer, start=1):
            form.add(_footer(field, number))

    def add_money(self, form: Form) -> None:
        """Rounding, tax and credit."""
        form.section(lambda: _("Uang dan pajak"))
        form.add(
            FormRow(
                lambda: _("Pembulatan tunai"),
                self.step,
                hint=lambda: _("Hanya untuk bagian yang dibayar tunai."),
            )
        )
        form.add(FormRow(lambda: _("Arah pembulatan"), self.mode))
        form.add(FormRow(lambda: _("Nama pajak"), self.tax_name))
        form.add(self.rate_row)
        form.add(self.tax_included)
        form.add(FormRow(lambda: _("Batas kasbon pelanggan baru"), self.credit, before="Rp"))

    def add_day(self, form: Form) -> None:
        """The day's end, the closing and the lock."""
        form.section(lambda: _("Hari dan shift"))
        form.add(FormRow(lambda: _("Zona waktu"), self.zone))
        form.add(
            FormRow(
                lambda: _("Hari berganti pukul"),
                self.day_close,
                hint=lambda: _("Penjualan sebelum jam ini masuk hari kemarin."),
            )
        )
        form.add(self.blind)
        form.add(
            FormRow(
                lambda: _("Kunci otomatis setelah diam"),
                self.lock,
                hint=lambda: _("Keranjang tetap tersimpan."),
            )
        )

    def show_settings(self, now: Settings) -> None:
        """Put in what is in force."""
        for field, text in (
            (self.name, now.shop_name),
            (self.address, now.address),
            (self.phone, now.phone),
            (self.npwp, now.npwp),
            (self.tax_name, now.tax_name),
            (self.tax_rate, format_quantity(now.tax_basis_points * 10)),
        ):
            field.setText(text)
        for number, field in enumerate(self.footer):
            field.setText(now.receipt_footer[number] if number < len(now.receipt_footer) else "")
        self.step.set_value(now.cash_step)
        self.mode.set_value(now.cash_mode)
        self.tax_included.setChecked(now.tax_included)
        self.credit.set_amount(now.default_credit_limit)
        self.zone.set_value(now.zone)
        self.day_close.set_value(now.day_close_minutes)
        self.blind.setChecked(now.blind_close)
        self.lock.set_value(now.lock_after_minutes)
        for row in (self.name_row, self.rate_row):
            row.clear_error()

    def values(self, now: Settings) -> dict[str, Any]:
        """What the fields say, as settings.

        Raises:
            BadSetting: the name is empty or the tax rate is no number from 0 to 100.
        """
        if not self.name.text().strip():
            self.name_row.show_error(lambda: _("Isi nama tokonya."))
            raise BadSetting(name="shop_name")
        typed = [field.text().strip() for field in self.footer]
        kept = now.receipt_footer[FOOTER_LINES:]
        return {
            "shop_name": " ".join(self.name.text().split()),
            "address": self.address.text().strip(),
            "phone": self.phone.text().strip(),
            "npwp": self.npwp.text().strip(),
            "receipt_footer": (*(line for line in typed if line), *kept),
            "cash_step": self.step.value(),
            "cash_mode": self.mode.value(),
            "tax_name": self.tax_name.text().strip() or "PPN",
            "tax_basis_points": self._rate(),
            "tax_included": self.tax_included.isChecked(),
            "default_credit_limit": self.credit.amount() or 0,
            "zone": self.zone.value(),
            "day_close_minutes": self.day_close.value(),
            "blind_close": self.blind.isChecked(),
            "lock_after_minutes": self.lock.value(),
        }

    def _rate(self) -> int:
        try:
            rate = parse_quantity(self.tax_rate.text().removesuffix("%") or "0") // 10
        except Refused:
            rate = -1
        if not 0 <= rate <= 10_000:
            self.rate_row.show_error(lambda: _("Tulis angka dari 0 sampai 100, misalnya 11."))
            raise BadSetting(name="tax_basis_points")
        return rate
