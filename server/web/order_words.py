"""How orders are spoken of: to the buyer, and to the shop."""

from __future__ import annotations

from typing import Final

from core.facts.orders import HandWay
from core.orders.standing import CALLED_OFF, OrderState, Standing
from core.orders.steps import StepName
from server.orders.reading import Order
from server.storefront.districts import districts
from server.web.language import N_
from server.web.view import View

STATES: Final = {
    "placed": N_("Menunggu jawaban toko"),
    "proposed": N_("Toko menawarkan yang lain"),
    "accepted": N_("Diterima toko"),
    "preparing": N_("Sedang disiapkan"),
    "ready": N_("Siap"),
    "fulfilled": N_("Sudah diserahkan"),
    "complained": N_("Ada keluhan"),
    "answered": N_("Keluhan dijawab toko"),
    "escalated": N_("Menunggu putusan Dinas"),
    "completed": N_("Selesai"),
    "declined": N_("Ditolak toko"),
    "expired": N_("Kedaluwarsa"),
    "cancelled": N_("Dibatalkan"),
    "returned": N_("Barang dikembalikan"),
}
PAYMENTS: Final = {
    "due": N_("Belum dibayar"),
    "asked": N_("Pembayaran sedang berjalan"),
    "claimed": N_("Pembeli mengatakan sudah membayar"),
    "paid": N_("Lunas"),
    "refund_due": N_("Ada uang yang harus dikembalikan"),
    "refunded": N_("Uang sudah dikembalikan"),
    "charged_back": N_("Ditarik kembali oleh bank"),
}
HANDOVERS: Final = {
    "waiting": N_("Belum diserahkan"),
    "under_way": N_("Dalam perjalanan"),
    "missed": N_("Tidak bertemu"),
    "done": N_("Sudah diserahkan"),
    "taken_back": N_("Diambil kembali oleh toko"),
}
PAY_WAYS: Final = {
    "at_handover": N_("Bayar saat menerima barang"),
    "to_shop": N_("Bayar dulu ke rekening atau QRIS toko"),
    "gateway": N_("Bayar dulu secara online"),
}
HAPPENED: Final[dict[StepName, str]] = {
    "accept": N_("Pesanan diterima"),
    "propose": N_("Toko menawarkan yang lain"),
    "agree": N_("Pembeli setuju"),
    "refuse_proposal": N_("Pembeli tidak setuju"),
    "decline": N_("Toko menolak"),
    "lapse": N_("Tidak dijawab pada waktunya"),
    "cancel": N_("Dibatalkan pembeli"),
    "call_off": N_("Dibatalkan toko"),
    "lapse_unpaid": N_("Tidak dibayar pada waktunya"),
    "prepare": N_("Mulai disiapkan"),
    "make_ready": N_("Siap"),
    "fulfil": N_("Selesai diserahkan"),
    "give_up": N_("Tidak diambil, dibatalkan toko"),
    "complete": N_("Selesai"),
    "complain": N_("Pembeli mengeluh"),
    "answer": N_("Toko menjawab keluhan"),
    "settle": N_("Keluhan selesai dengan jawaban toko"),
    "ask_office": N_("Keluhan diteruskan ke Dinas"),
    "uphold": N_("Keluhan ditutup tanpa perubahan"),
    "compensate": N_("Harganya dikurangi"),
    "accept_back": N_("Barang dikembalikan, uang kembali"),
    "ask_payment": N_("Pembayaran dimulai"),
    "payment_failed": N_("Pembayaran gagal"),
    "claim": N_("Pembeli mengatakan sudah membayar"),
    "not_seen": N_("Uangnya belum terlihat oleh toko"),
    "see": N_("Uangnya sudah diterima toko"),
    "settle_payment": N_("Pembayaran masuk"),
    "pay_at_handover": N_("Dibayar di kasir"),
    "refund": N_("Uang dikembalikan"),
    "charge_back": N_("Uang ditarik kembali oleh bank"),
    "set_out": N_("Berangkat ke pembeli"),
    "hand_over": N_("Barang diserahkan"),
    "miss": N_("Pembeli tidak ditemui"),
    "try_again": N_("Dicoba sekali lagi"),
    "take_back": N_("Barang diambil kembali"),
}
BUYER_BUTTONS: Final[dict[StepName, str]] = {
    "agree": N_("Setuju dengan tawaran toko"),
    "refuse_proposal": N_("Tidak setuju, batalkan"),
    "claim": N_("Saya sudah membayar"),
    "complete": N_("Barang sudah saya terima dengan baik"),
    "complain": N_("Ada yang tidak beres"),
    "settle": N_("Setuju dengan jawaban toko"),
    "ask_office": N_("Tidak setuju, minta Dinas memutuskan"),
    "uphold": N_("Cabut keluhan"),
    "try_again": N_("Minta diantar atau diambil sekali lagi"),
    "cancel": N_("Batalkan pesanan"),
}
"""In the order in which they are shown; the first that can be taken is the main one."""

SHOP_BUTTONS: Final[dict[StepName, str]] = {
    "accept": N_("Terima"),
    "see": N_("Uangnya sudah masuk"),
    "not_seen": N_("Uangnya belum terlihat"),
    "prepare": N_("Mulai siapkan"),
    "make_ready": N_("Sudah siap"),
    "set_out": N_("Berangkat mengantar"),
    "miss": N_("Pembeli tidak ditemui"),
    "try_again": N_("Coba sekali lagi"),
    "take_back": N_("Barang sudah diambil kembali"),
    "accept_back": N_("Terima barang kembali, semua uang kembali"),
    "refund": N_("Uangnya sudah saya kembalikan"),
    "decline": N_("Tolak"),
    "give_up": N_("Tidak diambil, batalkan"),
    "call_off": N_("Batalkan"),
}
"""What a shop does from the web. Handing over makes the sale, so it is done at the counter."""

TAKES_REASON: Final[frozenset[StepName]] = frozenset(
    {"decline", "call_off", "not_seen", "complain", "ask_office", "miss"}
)
GRAVE: Final[frozenset[StepName]] = frozenset(
    {"decline", "call_off", "give_up", "cancel", "refuse_proposal", "accept_back"}
)


def said_way(view: View, order: Order) -> str:
    """How the goods reach the buyer."""
    _, placed = view.words._, order.placed
    if placed.way == "collect":
        return _("Ambil di toko")
    if placed.way == "courier":
        return _("Lewat kurir")
    return _("Diantar ke {place}", place=districts().get(placed.area, ""))


def said_state(order: Order) -> str:
    """Where an order is."""
    return state_said(order.story.standing.order, order.placed.way, fee_open=order.story.fee_open)


def state_said(at: OrderState, way: HandWay, *, fee_open: bool) -> str:
    """The same where less of it is known. Goods that went with a courier are not with their buyer
    yet; `fee_open`: the shop has just said the courier's fee."""
    if way == "courier" and at == "fulfilled":
        return N_("Dikirim lewat kurir")
    if fee_open and at == "proposed":
        return N_("Toko menyebut ongkos kurir")
    return STATES[at]


def said_next(view: View, order: Order) -> str:
    """What the buyer has to do now, or waits for; what became of money that is not as it was
    meant to be comes first."""
    at = order.story.standing
    money = _said_money(view, order)
    if at.taken_back and at.handover not in ("done", "taken_back"):
        return money
    return " ".join(one for one in (money, _said_course(view, order)) if one)


def _said_money(view: View, order: Order) -> str:
    """What was taken back, is owed back, or may still come for what was called off."""
    _, at = view.words._, order.story.standing
    if at.taken_back:
        return _said_taken(view, order)
    if at.to_give_back:
        amount = view.show.rupiah(at.to_give_back)
        return _("Toko harus mengembalikan {amount} kepada Anda.", amount=amount)
    if at.order not in CALLED_OFF:
        return ""
    if at.payment == "asked":
        return _("Jangan membayar lagi di halaman penyedia pembayaran. Yang telanjur dibayar harus "
                 "dikembalikan toko, dan halaman ini menyebutkannya.")  # fmt: skip
    if at.payment == "claimed":
        return _("Uang yang Anda kirim harus dikembalikan toko begitu sampai, dan halaman ini "
                 "menyebutkannya.")  # fmt: skip
    return ""


def _said_taken(view: View, order: Order) -> str:
    """No step pays an order anew of which a bank took the money back, online or at the counter:
    before the goods went it is called off and ordered once more, after it the two agree."""
    _, at = view.words._, order.story.standing
    amount = view.show.rupiah(at.taken_back)
    if at.order in CALLED_OFF or at.handover == "taken_back":
        return _("Bank sudah menarik kembali {amount} untuk Anda.", amount=amount)
    if at.handover != "done":
        return _("Bank menarik kembali {amount} yang sudah dibayar, jadi barangnya belum dapat "
                 "diserahkan. Pesanan ini tidak dapat dibayar lagi, juga tidak di kasir. Kalau "
                 "Anda masih menginginkan barangnya, minta toko membatalkan pesanan ini lewat "
                 "pesan di bawah, lalu pesan lagi.", amount=amount)  # fmt: skip
    if order.placed.way == "courier":
        return _("Bank menarik kembali {amount} yang sudah dibayar, padahal barangnya sudah "
                 "dikirim. Pesanan ini tidak dapat dibayar lagi di sini: sepakati cara "
                 "membayarnya dengan toko lewat pesan di bawah.", amount=amount)  # fmt: skip
    return _("Bank menarik kembali {amount} yang sudah dibayar, padahal barangnya sudah "
             "diserahkan. Pesanan ini tidak dapat dibayar lagi di sini: sepakati cara membayarnya "
             "dengan toko lewat pesan di bawah.", amount=amount)  # fmt: skip


def _said_course(view: View, order: Order) -> str:
    _, at, terms = view.words._, order.story.standing, order.story.terms

    def until(term: str) -> str:
        end = terms.get(term)  # type: ignore[call-overload]
        return view.show.moment(end) if end else ""

    match at.order:
        case "placed":
            return _("Toko menjawab paling lambat {when}. Anda belum perlu membayar.",
                     when=until("accept_by"))  # fmt: skip
        case "proposed" if order.story.fee_open:
            return _("Ongkos kurirnya {amount}. Setuju atau tidak? Jawablah paling lambat {when}.",
                     amount=view.show.rupiah(order.story.offered_fee),
                     when=until("agree_by"))  # fmt: skip
        case "proposed":
            return _("Toko menawarkan yang lain. Jawablah paling lambat {when}.",
                     when=until("agree_by"))  # fmt: skip
        case "accepted" | "preparing" | "ready" if at.is_prepaid and at.owed:
            return _to_pay(view, at, until("pay_by") if at.order == "accepted" else "")
        case "ready" if order.placed.way == "collect":
            return _("Pesanan siap diambil. Sebutkan empat angka di bawah di kasir.")
        case "accepted" | "preparing" | "ready":
            return _("Toko sedang mengurus pesanan Anda. Simpan tautan halaman ini.")
        case "fulfilled" if order.placed.way == "courier":
            return _("Barang sedang dibawa kurir. Kalau sampai {when} belum tiba atau ada yang "
                     "tidak beres, katakan di sini.", when=until("inspect_by"))  # fmt: skip
        case "fulfilled":
            return _("Barang sudah Anda terima. Kalau ada yang tidak beres, katakan paling "
                     "lambat {when}.", when=until("inspect_by"))  # fmt: skip
        case "complained":
            return _("Toko menjawab keluhan Anda paling lambat {when}; kalau tidak, Dinas yang "
                     "memutuskan.", when=until("answer_by"))  # fmt: skip
        case "answered":
            return said_answer(view, order, until("settle_by"))
        case "escalated":
            return _("Dinas memutuskan keluhan ini paling lambat {when}.",
                     when=until("office_by"))  # fmt: skip
        case _:
            return ""


def said_answer(view: View, order: Order, until: str) -> str:
    """What the shop offers in answer to a complaint, and until when the buyer says something."""
    _, back = view.words._, order.story.standing.total - order.story.offer
    if back > 0:
        offer = _("Toko menawarkan {amount} kembali.", amount=view.show.rupiah(back))
    else:
        offer = _("Toko menjawab tanpa mengembalikan uang.")
    return offer + " " + _("Jawablah paling lambat {when}; sesudah itu jawaban toko berlaku.",
                           when=until)  # fmt: skip


def _to_pay(view: View, at: Standing, when: str) -> str:
    _, amount = view.words._, view.show.rupiah(at.owed)
    if at.payment == "claimed":
        return _("Toko sedang memeriksa pembayaran Anda.")
    if at.payment == "asked":
        return _("Selesaikan pembayaran {amount} di halaman penyedia pembayaran. Begitu uangnya "
                 "masuk, halaman ini menyebutkannya.", amount=amount)  # fmt: skip
    if not when:
        return _("Bayarlah {amount}, lalu tekan tombol di bawah.", amount=amount)
    return _("Bayarlah {amount} paling lambat {when}, lalu tekan tombol di bawah.",
             amount=amount, when=when)  # fmt: skip
