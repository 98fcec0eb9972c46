"""Every setting of the shop, once: its name, type and default."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from core.tax import TaxRule
from pos.db.database import Database


class Settings(msgspec.Struct, frozen=True):
    """What the shop has decided. Money in rupiah, times in minutes after midnight."""

    shop_name: str = ""
    address: str = ""
    phone: str = ""
    npwp: str = ""
    language: Literal["id", "en"] = "id"
    zone: str = "Asia/Makassar"
    day_close_minutes: int = 0
    cash_step: int = 0
    cash_mode: Literal["down", "nearest", "up"] = "nearest"
    tax_name: str = "PPN"
    tax_basis_points: int = 0
    tax_included: bool = True
    receipt_footer: tuple[str, ...] = ("Terima kasih",)
    receipt_logo: bytes = b""
    receipt_qr: str = ""
    qris_code: str = ""
    qris_with_amount: bool = False
    blind_close: bool = True
    lock_after_minutes: int = 10
    default_credit_limit: int = 0
    transfer_accounts: tuple[str, ...] = ()
    instore_layouts: tuple[dict[str, Any], ...] = ()
    kind: Literal["toko", "warung_makan", "apotek", "jasa", "koperasi"] = "toko"

    @property
    def tax(self) -> TaxRule | None:
        """The tax that the shop charges, or None for a shop that is not taxable."""
        if self.tax_basis_points <= 0:
            return None
        return TaxRule(self.tax_name, self.tax_basis_points, self.tax_included, "down")


def load_settings(db: Database) -> Settings:
    """The settings as they stand; unknown names (a newer program's) are left alone."""
    stored = {row[0]: row[1] for row in db.rows("SELECT name, value FROM setting")}
    known = {
        field.name: msgspec.json.decode(stored[field.name], type=field.type)
        for field in msgspec.structs.fields(Settings)
        if field.name in stored
    }
    return Settings(**known)
