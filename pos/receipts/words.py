"""The words on paper, in both languages."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "copy": ("SALINAN", "COPY"),
    "refund": ("PENGEMBALIAN", "REFUND"),
    "exchange": ("PENUKARAN", "EXCHANGE"),
    "cashier": ("Kasir", "Cashier"),
    "customer": ("Pelanggan", "Customer"),
    "member": ("No. anggota", "Member no."),
    "number": ("No.", "No."),
    "subtotal": ("Subtotal", "Subtotal"),
    "discount": ("Diskon", "Discount"),
    "rounding": ("Pembulatan", "Rounding"),
    "total": ("TOTAL", "TOTAL"),
    "change": ("Kembali", "Change"),
    "included": ("termasuk", "included"),
    "cash": ("Tunai", "Cash"),
    "qris": ("QRIS", "QRIS"),
    "card": ("Kartu", "Card"),
    "ewallet": ("Dompet digital", "E-wallet"),
    "transfer": ("Transfer", "Transfer"),
    "credit": ("Kasbon", "Kasbon"),
    "balance": ("Potong gaji", "Payroll"),
    "payroll": ("Potong gaji", "Payroll"),
    "to_send": ("akan dikembalikan", "to be returned"),
    "debt_before": ("Utang lama", "Owed before"),
    "debt_now": ("Utang sekarang", "Owed now"),
    "returned": ("dikembalikan dari", "returned from"),
    "reason": ("Alasan", "Reason"),
    "repayment": ("BAYAR KASBON", "DEBT PAYMENT"),
    "paid": ("Dibayar", "Paid"),
    "x_report": ("LAPORAN X", "X REPORT"),
    "z_report": ("LAPORAN Z", "Z REPORT"),
    "register": ("Kasir", "Register"),
    "opened": ("Dibuka", "Opened"),
    "closed": ("Ditutup", "Closed"),
    "sales": ("Penjualan", "Sales"),
    "refunds": ("Pengembalian", "Refunds"),
    "gross": ("Kotor", "Gross"),
    "tax": ("Pajak", "Tax"),
    "net": ("Bersih", "Net"),
    "drawer": ("LACI", "DRAWER"),
    "float": ("Modal awal", "Float"),
    "cash_sales": ("Penjualan tunai", "Cash sales"),
    "cash_refunds": ("Pengembalian tunai", "Cash refunds"),
    "cash_in": ("Kas masuk", "Cash in"),
    "cash_out": ("Kas keluar", "Cash out"),
    "repaid_cash": ("Kasbon dibayar", "Debts repaid"),
    "swapped_cash": ("Ganti cara bayar", "Tenders swapped"),
    "expected": ("Seharusnya", "Expected"),
    "counted": ("Terhitung", "Counted"),
    "difference": ("Selisih", "Difference"),
    "openings": ("Laci dibuka tanpa jual", "Drawer opened, no sale"),
    "tenders": ("CARA BAYAR", "TENDERS"),
    "receipts": ("Struk", "Receipts"),
    "note": ("Catatan", "Note"),
    "seal": ("Segel hari ini", "Seal of the day"),
    "head": ("Kepala jurnal", "Journal head"),
    "cash_hidden": ("(hitung dulu)", "(count first)"),
    "pieces": ("lembar", "pieces"),
    "not_found": ("Belum ada di daftar bank", "Not on the bank's list"),
}


def word(name: str, language: str) -> str:
    """A word in "id" or "en"; an unknown name stands for itself."""
    pair = WORDS.get(name)
    if pair is None:
        return name
    return pair[1] if language == "en" else pair[0]
