"""The words of the selling screen that more than one part shows."""

from __future__ import annotations

from core.tender import TenderKind
from pos.ui.i18n import _


def tender_name(kind: str) -> str:
    """A tender's name in the language in force; states are chosen by code, never by this."""
    names = {
        TenderKind.CASH: _("Tunai"),
        TenderKind.QRIS: _("QRIS"),
        TenderKind.CARD: _("Kartu"),
        TenderKind.EWALLET: _("Dompet digital"),
        TenderKind.TRANSFER: _("Transfer"),
        TenderKind.CREDIT: _("Kasbon"),
        TenderKind.BALANCE: _("Potong gaji"),
        TenderKind.ONLINE: _("Dibayar online"),
    }
    return names[TenderKind(kind)]


def act_name(act: str) -> str:
    """What a manager is asked to allow."""
    names = {
        "discount": _("diskon"),
        "price_change": _("ubah harga"),
        "refund": _("pengembalian barang"),
        "swap_tender": _("ganti cara bayar"),
        "reprint": _("cetak salinan"),
        "drop_parked": _("buang keranjang"),
        "drawer": _("buka laci"),
        "cash_in": _("kas masuk"),
        "cash_out": _("kas keluar"),
        "credit": _("kasbon"),
        "credit_over_limit": _("kasbon melewati batas"),
        "repayment": _("bayar kasbon"),
        "edit_goods": _("ubah barang"),
        "adjust_stock": _("ubah stok"),
        "import": _("impor barang"),
        "settings": _("pengaturan"),
        "staff": _("karyawan"),
        "see_reports": _("laporan"),
        "shift": _("shift"),
        "customers": _("pelanggan"),
        "printers": _("printer"),
        "backup": _("cadangan"),
        "see_cost": _("lihat harga beli"),
        "see_expected_cash": _("lihat isi laci"),
    }
    return names.get(act, act)
