"""The owner's page of the provider's settlement reports: brought as files, and what differs."""

from __future__ import annotations

import csv
import io
from typing import Final

from core.errors import Refused
from server.http.routes import Reply
from server.orders.door import PaidOrders
from server.payments.paying import Paying
from server.payments.payout_lines import provider_day
from server.payments.report_reading import BadReport
from server.payments.reports import (
    WITHIN_DAYS,
    Differing,
    Missing,
    compare,
    every_line,
    missing,
    take_report,
)
from server.web.language import N_
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import View, redirect

KINDS: Final = {
    "payment": N_("Pembayaran"),
    "refund": N_("Pengembalian"),
    "chargeback": N_("Ditarik bank"),
    "payout": N_("Pencairan"),
}
WHY: Final = {
    "agrees": N_("Cocok"),
    "unknown": N_("Tidak dikenal di sini"),
    "unpaid": N_("Belum tercatat di sini"),
    "amount": N_("Jumlahnya lain"),
    "refund": N_("Pengembaliannya lain"),
    "fee": N_("Biayanya lain"),
    "payout": N_("Pencairan belum dicatat"),
    "payout_amount": N_("Jumlah pencairannya lain"),
    "aside": N_("Pencairan disisihkan"),
    "missing": N_("Tidak ada di laporan"),
}
WHAT_TO_DO: Final = {
    "unknown": N_(
        "Pembayaran ini tidak dari pesanan gerai Anda di sini. Kalau akun Midtrans juga dipakai di "
        "tempat lain, abaikan saja."
    ),
    "unpaid": N_(
        "Menurut penyedia uangnya sudah bergerak, di sini belum. Penyedia sedang ditanya lagi; "
        "buka halaman ini beberapa menit lagi."
    ),
    "amount": N_("Periksa transaksinya di halaman penyedia, lalu hubungi pembelinya."),
    "refund": N_(
        "Yang dikembalikan menurut laporan berbeda dari catatan di sini. Buka pesanannya dan "
        "bandingkan dengan halaman penyedia."
    ),
    "fee": N_(
        "Biaya yang lain sudah dibukukan lebih dulu. Tanyakan kepada penyedia mana yang benar."
    ),
    "payout": N_(
        "Jumlahnya lebih besar daripada yang tercatat di penyedia, sudah ada yang serupa, atau "
        "pernah ditarik kembali. Periksa rekening koran, lalu catat di halaman Pencairan."
    ),
    "payout_amount": N_(
        "Pencairan ini dicatat dengan jumlah lain. Tarik kembali di halaman Pencairan, lalu catat "
        "yang benar."
    ),
}
_MOST_ROWS: Final = 20_000


def _reports(view: View, *, status: int = 200, error: str = "") -> Reply:
    with view.services.store.reading_shop(view.here.id, snapshot=True) as tx:
        found = compare(tx, view.services.now_ms())
    return page(
        view, "settlements.html", status=status, error=error, found=found, kinds=KINDS, why=WHY,
        what_to_do=WHAT_TO_DO, days=WITHIN_DAYS, said=_said(view), day_of=provider_day,
    )  # fmt: skip


def _said(view: View) -> str:
    if not view.query.get("baris"):
        return ""
    new, show = view.number("baru"), view.show
    said = view.words._("Laporan ini sudah pernah dibaca. Tidak ada yang dicatat dua kali.")
    if new:
        said = view.words._(
            "{lines} transaksi dibaca, {new} yang baru. Biaya {fee} dibukukan.",
            lines=show.number(view.number("baris")), new=show.number(new),
            fee=show.rupiah(view.number("biaya")),
        )  # fmt: skip
    if view.number("cair"):
        amount = show.rupiah(view.number("cair"))
        said += " " + view.words._("Pencairan {amount} dicatat.", amount=amount)
    return said


def _bring(view: View) -> Reply:
    file = view.files.get("berkas")
    try:
        if file is None or not file.name:
            raise BadReport(why="none")
        paying = Paying(view.services, PaidOrders())
        taken = take_report(paying, view.here.id, file.name, file.data, view.by)
    except Refused as error:
        return _reports(view, status=422, error=view.said(error))
    return redirect(
        view.place(
            "/pembayaran/laporan", baris=taken.lines, baru=taken.new, biaya=taken.fees,
            cair=taken.payouts.amount,
        )
    )  # fmt: skip


def _table(view: View) -> Reply:
    """Each line with what is said of it, then what no report has; numbers without dots."""
    words, text = view.words, io.StringIO()
    with view.services.store.reading_shop(view.here.id, snapshot=True) as tx:
        lines = every_line(tx, _MOST_ROWS)
        absent = missing(tx, view.services.now_ms(), most=_MOST_ROWS)
    rows = csv.writer(text)
    titles = (
        N_("Hasil"), N_("Jenis"), N_("Pesanan"), N_("Order ID"), N_("ID transaksi"), N_("Waktu"),
        N_("Jumlah di laporan"), N_("Biaya penyedia"), N_("Jumlah di sini"),
    )  # fmt: skip
    rows.writerow([words._(title) for title in titles])
    rows.writerows(_of_line(view, one) for one in lines)
    rows.writerows(_of_missing(view, one) for one in absent)
    headers = {
        "content-disposition": 'attachment; filename="laporan-penyedia.csv"',
        "cache-control": "no-store",
    }
    # With the mark by which spreadsheets know that it is UTF-8.
    return Reply(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", 200, headers)


def _of_line(view: View, one: Differing) -> tuple[object, ...]:
    words = view.words
    return (
        words._(WHY[one.why]), words._(KINDS[one.kind]), one.number or "", _cell(one.provider_key),
        _cell(one.transaction_id), _moment(view, one.settled_ms), one.amount, one.fee, one.ours,
    )  # fmt: skip


def _of_missing(view: View, one: Missing) -> tuple[object, ...]:
    words, why, kind = view.words, WHY["missing"], KINDS["payment"]
    return (
        words._(why), words._(kind), one.number or "", one.provider_key,
        one.transaction_id, _moment(view, one.paid_ms), "", "", one.amount,
    )  # fmt: skip


def _moment(view: View, at_ms: int | None) -> str:
    return "" if at_ms is None else view.show.moment(at_ms)


def _cell(text: str) -> str:
    """A text of somebody else's file, which no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


PAGES: Final = (
    Page("GET", "/kelola/{shop}/pembayaran/laporan", "Settlement reports", _reports,
         reach="manager"),
    Page("POST", "/kelola/{shop}/pembayaran/laporan", "Bring a report", _bring, reach="owner"),
    Page("GET", "/kelola/{shop}/pembayaran/laporan.csv", "Lines and differences as CSV", _table,
         reach="manager"),
)  # fmt: skip
