"""The owner's page of online payments: what needs a person, and the shop's own merchant account."""

from __future__ import annotations

import hashlib
from typing import Final, cast

from core.errors import Refused
from server.http.problems import NotFound
from server.http.routes import Reply
from server.orders.door import PaidOrders
from server.orders.owed import owed_back
from server.payments import rows
from server.payments.accounts import Account, accounts_of, stop_using
from server.payments.connecting import SEEN_TO, connect_account, looked_at
from server.payments.looking import look
from server.payments.paying import Paying
from server.payments.provider import Environment
from server.payments.refunding import Wish, refund
from server.shops.editing import BadField
from server.web.forms import amount, problem
from server.web.language import N_
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import View, id_in_form, redirect

ENVIRONMENTS: Final = {"production": N_("Sungguhan"), "sandbox": N_("Percobaan (sandbox)")}
STATES: Final = {
    "asking": N_("Sedang ditanyakan"),
    "pending": N_("Menunggu pembeli"),
    "failed": N_("Gagal"),
    "cancelled": N_("Dibatalkan"),
    "expired": N_("Kedaluwarsa"),
    "paid": N_("Lunas"),
    "part_refunded": N_("Sebagian dikembalikan"),
    "refunded": N_("Dikembalikan"),
    "charged_back": N_("Ditarik kembali oleh bank"),
}
TROUBLES: Final = {
    "unanswered": N_(
        "Penyedia belum mengatakan apa yang terjadi. Tanyakan lagi; kalau tetap begitu, carilah "
        "nomornya di halaman penyedia."
    ),
    "wrong_amount": N_(
        "Penyedia menyebut jumlah yang lain dari pesanan. Periksa di halaman penyedia sebelum "
        "barang diserahkan."
    ),
    "other_order": N_(
        "Penyedia menjawab tentang pembayaran lain. Periksa nomornya di halaman penyedia."
    ),
    "charged_back": N_(
        "Uangnya ditarik kembali oleh bank atau penyedia. Buka pesanannya: kalau tidak lunas "
        "lagi, hubungi pembeli, dan kirim bukti penyerahan kepada penyedia kalau Anda tidak setuju."
    ),
    "refund_unanswered": N_(
        "Penyedia belum mengatakan apakah uangnya sudah dikembalikan. Tanyakan lagi sebelum "
        "mengembalikan dengan cara lain."
    ),
    "unknown_refund": N_(
        "Penyedia menyebut pengembalian yang tidak cocok dengan pesanan. Periksa di halaman "
        "penyedia."
    ),
    "refunded_beyond": N_(
        "Penyedia mengembalikan lebih dari yang harus dikembalikan toko; selisihnya menjadi utang "
        "pembeli. Hubungi pembeli kalau uangnya kembali dua kali."
    ),
    "provider_key_wrong": N_(
        "Penyedia tidak mengenal kunci toko lagi. Hubungkan akun sekali lagi, lalu tanyakan lagi."
    ),
    "sealed_unopened": N_(
        "Kunci toko tidak dapat dibuka oleh server ini. Hubungkan akun sekali lagi, lalu "
        "tanyakan lagi."
    ),
    "order": N_(
        "Pesanan tidak dapat menerima pembayaran ini, jadi belum dicatat. Buka pesanannya, lalu "
        "tanyakan lagi."
    ),
}


def _payments(
    view: View, *, status: int = 200, error: str = "", said: str = "", key_error: str = ""
) -> Reply:
    with view.services.store.reading_shop(view.here.id) as tx:
        troubled, owed, accounts = rows.troubled(tx), owed_back(tx), accounts_of(tx)
    return page(
        view, "payments.html", status=status, error=error, said=said, troubled=troubled,
        owed=owed, accounts=accounts, states=STATES, environments=ENVIRONMENTS,
        what_to_do={one.id: TROUBLES[one.trouble.partition(":")[0]] for one in troubled
                    if one.trouble.partition(":")[0] in TROUBLES},
        seen_to=SEEN_TO, environment=view.form.get("lingkungan", "production"),
        key_error=key_error, client_key=view.form.get("kunci-klien", "") if key_error else "",
    )  # fmt: skip


def _act(view: View) -> Reply:
    try:
        said = _done(view, view.form.get("apa", ""))
    except NotFound:
        raise
    except BadField as error:
        return _payments(view, status=422, error=" ".join(problem(view.words, error).values()))
    except Refused as error:
        return _payments(view, status=422, error=view.said(error))
    return redirect(view.place("/pembayaran", kabar=said))


def _done(view: View, what: str) -> str:
    services, shop_id = view.services, view.here.id
    paying = Paying(services, PaidOrders())
    match what:
        case "tanya":
            after = look(paying, shop_id, id_in_form(view, "bayaran"))
            return "" if after.trouble else "tanya"
        case "urus":
            looked_at(services, shop_id, id_in_form(view, "bayaran"))
        case "kembali":
            return _give_back(view, paying)
        case _:
            raise NotFound()
    return ""


def _give_back(view: View, paying: Paying) -> str:
    payment_id = id_in_form(view, "bayaran")
    made = hashlib.sha256(payment_id + view.sent_once().encode()).digest()[:16]
    wish = Wish(made, payment_id, amount(view.form, "jumlah"), view.form.get("alasan", ""))
    return {"done": "kembali", "asking": "jalan"}.get(
        refund(paying, view.here.id, wish).state, "tolak"
    )


_SAID: Final = {
    "tanya": N_("Penyedia sudah menjawab."),
    "kembali": N_("Uangnya sudah dikembalikan melalui penyedia."),
    "jalan": N_("Penyedia belum menjawab. Kami menanyakannya lagi sendiri; jangan kembalikan "
                "dengan cara lain dahulu."),
    "tolak": N_("Penyedia menolak pengembalian ini. Kembalikan dengan transfer, lalu tandai di "
                "pesanannya."),
    "hubung": N_("Akun terhubung. Pembeli dapat membayar secara online mulai sekarang."),
    "putus": N_("Pembayaran online dimatikan. Yang sudah dimulai tetap diselesaikan."),
}  # fmt: skip


def _shown(view: View) -> Reply:
    text = _SAID.get(view.query.get("kabar", ""), "")
    return _payments(view, said=view.words._(text) if text else "")


def _account(view: View) -> Reply:
    """The key is typed, asked about, sealed, and never shown again."""
    if view.form.get("apa") == "putus":
        stop_using(view.services, view.here.id)
        return redirect(view.place("/pembayaran", kabar="putus"))
    environment = view.form.get("lingkungan", "")
    if environment not in ENVIRONMENTS:
        raise NotFound()
    account = Account(
        cast(Environment, environment), view.form.get("kunci-server", "").strip(),
        client_key=view.form.get("kunci-klien", "").strip(),
    )  # fmt: skip
    try:
        connect_account(view.services, view.here.id, account)
    except Refused as error:
        # At the form, which lies below, and above all else, where the page opens.
        said = view.said(error)
        return _payments(view, status=422, error=said, key_error=said)
    return redirect(view.place("/pembayaran", kabar="hubung"))


PAGES: Final = (
    Page("GET", "/kelola/{shop}/pembayaran", "Online payments", _shown, reach="manager"),
    Page("POST", "/kelola/{shop}/pembayaran", "What is done about one", _act, reach="owner"),
    Page("POST", "/kelola/{shop}/pembayaran/akun", "Merchant account", _account, reach="owner"),
)
