"""How an order is said: where it stands, how old it is, what is wrong and what to do."""

from __future__ import annotations

from core.money import format_rupiah
from core.orders.standing import CALLED_OFF
from pos.db.database import Database
from pos.orders.handing import receipt_of
from pos.orders.reading import OrderView, Short
from pos.ui.foundation.tokens import Tone
from pos.ui.i18n import _, shown_quantity

_MINUTE_MS = 60_000
_DAY_MINUTES = 24 * 60


def age(view: OrderView, now_ms: int) -> str:
    """How long ago it was placed."""
    minutes = max(0, now_ms - view.at_ms) // _MINUTE_MS
    if minutes < 60:
        return _("{n} mnt").format(n=minutes)
    if minutes < _DAY_MINUTES:
        return _("{n} jam").format(n=minutes // 60)
    return _("{n} hari").format(n=minutes // _DAY_MINUTES)


def state_name(view: OrderView) -> str:
    """Where it stands, with what is wrong before all else."""
    if view.clash:
        return _("Bentrok")
    if view.short:
        return _("Kurang {goods}").format(goods=_goods(view.short[0]))
    if view.unread and not view.needs_answer:
        return _("Ada pesan baru")
    return step_name(view)


def step_name(view: OrderView) -> str:
    """Where it stands in its own course."""
    if view.standing.payment == "claimed":
        return _("Cek uang masuk")
    if view.standing.payment == "refund_due":
        return _("Kembalikan uang")
    if view.standing.payment == "charged_back" and view.standing.order not in CALLED_OFF:
        return _("Uang ditarik bank")
    if view.standing.handover == "missed":
        return _("Tidak diambil")
    if view.standing.handover == "under_way":
        return _("Sedang diantar")
    names = {
        "placed": _("Perlu dijawab"),
        "proposed": _("Menunggu pembeli"),
        "accepted": _("Diterima"),
        "preparing": _("Disiapkan"),
        "ready": _("Siap"),
        "fulfilled": _("Diserahkan"),
        "complained": _("Jawab keluhan"),
        "answered": _("Keluhan dijawab"),
        "escalated": _("Di Dinas"),
        "completed": _("Selesai"),
        "declined": _("Ditolak"),
        "expired": _("Kedaluwarsa"),
        "cancelled": _("Dibatalkan"),
        "returned": _("Dikembalikan"),
    }
    return names[view.standing.order]


def tone_of(view: OrderView) -> Tone:
    """The colour of the state; the words say it, too."""
    if view.clash or view.short or view.standing.taken_back:
        return "bad"
    if view.needs_answer or view.unread or view.standing.order == "complained":
        return "warn"
    if view.standing.payment in ("claimed", "refund_due"):
        return "warn"
    return "ok" if view.standing.order == "ready" else "none"


def dispute(view: OrderView, when: str) -> str:
    """How far a complaint has come, and who answers until when; empty without one."""
    back = view.standing.total - view.offer
    match view.standing.order:
        case "complained":
            return _("Keluhan pembeli (F3). Jawab sampai {when}; kalau tidak, Dinas memutuskan."
                     ).format(when=when)  # fmt: skip
        case "answered" if back > 0:
            return _("Ditawarkan {amount} kembali. Pembeli menjawab sampai {when}.").format(
                amount=format_rupiah(back), when=when
            )
        case "answered":
            return _("Dijawab tanpa uang kembali. Pembeli menjawab sampai {when}.").format(
                when=when
            )
        case "escalated":
            return _("Dinas memutuskan sampai {when}.").format(when=when)
        case _:
            return ""


def way_name(view: OrderView) -> str:
    """How the goods reach the buyer."""
    names = {
        "collect": _("Diambil di toko"),
        "delivery": _("Diantar toko"),
        "courier": _("Lewat kurir"),
    }
    return names.get(view.way, view.way)


def money_words(view: OrderView) -> str:
    """What is still to be paid, or to be given back."""
    at = view.standing
    if at.taken_back and at.order not in CALLED_OFF:
        return ""  # the state says it already
    if at.taken_back:
        return _("Ditarik kembali bank {amount}").format(amount=format_rupiah(at.taken_back))
    if at.to_give_back:
        return _("Kembalikan {amount}").format(amount=format_rupiah(at.to_give_back))
    if at.owed:
        return _("Belum dibayar {amount}").format(amount=format_rupiah(at.owed))
    return _("Sudah dibayar") if at.paid else ""


def trouble(db: Database, view: OrderView) -> str:
    """What is wrong, and what to do about it; empty where nothing is."""
    first, second = receipt_of(db, view.sale), receipt_of(db, view.clash_sale)
    match view.clash:
        case "twice":
            return _(
                "Diserahkan dua kali: struk {first} dan {second}. Minta barangnya kembali, lalu "
                "buat pengembalian untuk struk {second}."
            ).format(first=first or "?", second=second or "?")
        case "called_off":
            return _(
                "Diserahkan dengan struk {second}, padahal pesanan sudah dibatalkan. Penjualannya "
                "tetap tercatat. Bila barang kembali, buat pengembalian."
            ).format(second=second or "?")
        case "paid_twice":
            return _(
                "Dibayar dua kali: di kasir (struk {second}) dan sebelumnya. Kembalikan satu."
            ).format(second=second or "?")
        case "not_counted":
            return _(
                "Struk {second} dibuat, tetapi pesanannya sudah berubah. Periksa dengan pembeli."
            ).format(second=second or "?")
    if view.short:
        goods = ", ".join(_goods(one) for one in view.short)
        return _(
            "Stok di rak kurang {goods}. F8 menawarkan yang ada, Del membatalkan pesanan."
        ).format(goods=goods)
    return _taken_back(view)


def _taken_back(view: OrderView) -> str:
    at = view.standing
    if not at.taken_back or at.order in CALLED_OFF or at.handover == "taken_back":
        return ""
    if at.handover == "done":
        return _(
            "Barang sudah diserahkan, tetapi uangnya ditarik kembali oleh bank. Hubungi pembeli; "
            "kalau Anda tidak setuju, kirim bukti penyerahan kepada penyedia pembayaran."
        )
    return _(
        "Uangnya ditarik kembali oleh bank. Jangan serahkan barangnya: hubungi pembeli, atau "
        "batalkan dengan Del."
    )


def quantity(qty: int, unit: str) -> str:
    """A quantity as people write it."""
    return f"{shown_quantity(qty)} {unit}"


def _goods(one: Short) -> str:
    return f"{quantity(one.missing, one.unit)} {one.name}"
