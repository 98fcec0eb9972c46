"""Sentences about a shop's books."""

from __future__ import annotations

from typing import Final

LEDGER: Final[dict[str, tuple[str, str]]] = {
    "bad_entry": (
        "Catatan buku besar ini tidak lengkap atau tidak benar. Tidak ada yang dicatat.",
        "This ledger entry is incomplete or wrong. Nothing was recorded.",
    ),
    "bad_entry.day": (
        "Tanggal ditulis sebagai TAHUN-BULAN-HARI, misalnya 2026-11-26.",
        "A date is written as YEAR-MONTH-DAY, such as 2026-11-26.",
    ),
    "bad_entry.more_than_held": (
        "Jumlah ini melebihi dana yang disisihkan. Tidak ada yang dicatat.",
        "This is more than was set aside. Nothing was recorded.",
    ),
    "other_content": (
        "Catatan dengan nomor ini sudah ada, dengan isi yang lain. Tidak ada yang dicatat.",
        "An entry with this id exists, with other content. Nothing was recorded.",
    ),
    "below_floor": (
        "Saldo tidak cukup: tersedia {available:rp}, diperlukan {asked:rp}.",
        "The balance is not enough: {available:rp} available, {asked:rp} needed.",
    ),
    "frozen": (
        "Rekening ini sedang dibekukan. Tidak ada yang dicatat.",
        "This account is frozen. Nothing was recorded.",
    ),
    "unknown_account": (
        "Rekening ini belum dibuka. Tidak ada yang dicatat.",
        "This account was never opened. Nothing was recorded.",
    ),
    "not_reversible": (
        "Catatan ini tidak ditemukan, atau bukan pembalikan yang tepat.",
        "There is no such entry, or this does not reverse it exactly.",
    ),
    "not_reversible.reversed": (
        "Catatan ini sudah dibalik sebelumnya.",
        "This entry was reversed before.",
    ),
    "not_reversible.reversal": (
        "Pembalikan tidak dapat dibalik. Catat lagi yang semula.",
        "A reversal is not reversed. Record the original again.",
    ),
    "not_open": (
        "Dana yang disisihkan ini tidak ditemukan.",
        "There is no such hold.",
    ),
    "not_open.posted": (
        "Dana yang disisihkan ini sudah dipakai.",
        "This hold was already used.",
    ),
    "not_open.voided": (
        "Penyisihan dana ini sudah dibatalkan.",
        "This hold was voided.",
    ),
    "not_open.expired": (
        "Penyisihan dana ini sudah lewat waktunya.",
        "This hold's time is over.",
    ),
    "day_not_over": (
        "Hari {day} belum berakhir di toko ini; segel dibuat sesudahnya.",
        "The day {day} is not over in this shop; its seal is made afterwards.",
    ),
    "nothing_sealed": (
        "Sampai {day} belum ada catatan di buku besar toko ini.",
        "Nothing was recorded in this shop's ledger up to {day}.",
    ),
    "seal_broken": (
        "Catatan hari {day} tidak lagi seperti saat disegel. Jalankan: huyula-server verify",
        "The entries of {day} are no longer those that were sealed. Run: huyula-server verify",
    ),
}
