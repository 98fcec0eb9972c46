"""How it stands with the server, in words: one for the status bar, a sentence for the page.

Pure: what is stored goes in, words come out. An error's tone is used only where a person must act.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from core.dates import format_clock, local_time
from core.errors import Refused
from pos.messages import SENTENCES, sentence
from pos.sync.state import SyncState
from pos.ui.foundation.tokens import Tone
from pos.ui.i18n import Text, _, language, ngettext

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
BACKUP_OLD_MS: Final = 7 * DAY_MS
SILENT_MS: Final = 5 * MINUTE_MS
"""A counter speaks to its server every half minute: after so long something is in the way."""

# What the server says that passes by itself, and what the network is to blame for.
_PASSING: Final = frozenset({"busy", "too_many", "unavailable", "overloaded", "epoch", "gap"})
_CLOCK: Final = frozenset({"clock", "no_network.tls"})


class Standing(NamedTuple):
    """`key` names the case, `bar` is what the status bar says, `sentence` what to do about it."""

    key: str
    tone: Tone
    icon: str
    bar: Text
    title: Text
    sentence: Text


class _Kept(Refused):
    """A refusal that was kept as a code, to be said again."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(why=why, error=why or code)
        self.code = code  # type: ignore[misc]


def standing(state: SyncState, now_ms: int) -> Standing:
    """The one case that holds, the weightiest first."""
    if not state.enrolled:
        return _alone()
    error = state.error
    if "revoked" in (state.state, error):
        return _revoked()
    if "unconfirmed" in (state.state, error):
        return _unconfirmed()
    if state.is_forgotten:
        return _forgotten()
    if error == "protocol":
        return _too_old()
    if error in _CLOCK:
        return _clock(error)
    if error in _PASSING:
        return _busy(state)
    if error.partition(".")[0] == "no_network":
        return _no_network(state, error)
    if error:
        return _trouble(error)
    if state.digest_equal is False:
        return _differs()
    return _well(state, now_ms)


def _alone() -> Standing:
    return Standing(
        "alone",
        "none",
        "store",
        "",
        lambda: _("Kasir ini berdiri sendiri"),
        lambda: _(
            "Tanpa server dan tanpa internet semuanya tetap jalan, selamanya: menjual, mencetak, "
            "melapor. Hubungkan hanya bila toko Anda punya beberapa kasir, atau bila Anda ingin "
            "melihat penjualan dari ponsel."
        ),
    )


def _revoked() -> Standing:
    return Standing(
        "revoked",
        "bad",
        "stop",
        lambda: _("Kasir dicabut"),
        lambda: _("Pemilik mencabut kasir ini"),
        lambda: _("{why} Hubungi pemilik toko.").format(why=_said("server_refused", "revoked")),
    )


def _forgotten() -> Standing:
    return Standing(
        "forgotten",
        "bad",
        "alert",
        lambda: _("Hubungkan lagi"),
        lambda: _("Server tidak mengenal kasir ini lagi"),
        lambda: _said("server_refused", "unknown_device"),
    )


def _unconfirmed() -> Standing:
    return Standing(
        "unconfirmed",
        "bad",
        "alert",
        lambda: _("Menunggu pemilik"),
        lambda: _("Pemilik perlu memastikan kasir ini"),
        lambda: _(
            "Riwayat kasir ini baru dimulai lagi, misalnya karena dipulihkan atau pindah komputer. "
            "Penjualan tetap jalan dan sudah terkirim. Minta pemilik membuka halaman Kasir di "
            "server, lalu menekan Pastikan."
        ),
    )


def _too_old() -> Standing:
    return Standing(
        "old_program",
        "bad",
        "alert",
        lambda: _("Perbarui program"),
        lambda: _("Program kasir perlu diperbarui"),
        lambda: _said("server_refused", "protocol"),
    )


def _clock(error: str) -> Standing:
    return Standing(
        "clock",
        "bad",
        "clock",
        lambda: _("Periksa jam komputer"),
        lambda: _("Jam komputer ini keliru"),
        lambda: (
            _said("no_network", "tls")
            if error != "clock"
            else _(
                "Server tidak menerima waktu dari komputer ini. Betulkan tanggal dan jamnya; "
                "penjualan tetap jalan dan tidak ada yang hilang."
            )
        ),
    )


def _busy(state: SyncState) -> Standing:
    return Standing(
        "busy",
        "none",
        "clock",
        lambda: _waiting_bar(state.waiting) or _("Server sibuk"),
        lambda: _("Server toko sedang sibuk"),
        lambda: _said("server_refused", "busy"),
    )


def _no_network(state: SyncState, error: str) -> Standing:
    head, _dot, why = error.partition(".")
    return Standing(
        "no_network",
        "none",
        "transfer",
        lambda: _no_network_bar(state.waiting),
        lambda: _("Tanpa jaringan"),
        lambda: _said(head, why),
    )


def _trouble(error: str) -> Standing:
    """Something that time alone may not cure; what is known of it is said."""
    head, _dot, why = error.partition(".")
    return Standing(
        "trouble",
        "bad",
        "alert",
        lambda: _("Sinkron terganggu"),
        lambda: _("Sinkron terganggu"),
        lambda: _said(head, why) if head in SENTENCES else _said("server_refused", head),
    )


def _differs() -> Standing:
    return Standing(
        "differs",
        "bad",
        "alert",
        lambda: _("Data berbeda"),
        lambda: _("Hitungan kasir dan server berbeda"),
        lambda: _(
            "Catatan sudah dihitung ulang dan angkanya tetap tidak sama. Tidak ada yang ditimpa. "
            "Buat cadangan, lalu minta bantuan; penjualan boleh jalan terus."
        ),
    )


def _well(state: SyncState, now_ms: int) -> Standing:
    if not state.contact_ms:
        return Standing(
            "joining",
            "none",
            "transfer",
            lambda: _("Menyambung ..."),
            lambda: _("Menyambung ke server toko"),
            lambda: _("Kiriman pertama sedang disiapkan. Anda dapat terus berjualan."),
        )
    if now_ms - state.contact_ms > SILENT_MS:
        return _no_network(state, "no_network")
    if state.waiting:
        return Standing(
            "waiting",
            "none",
            "transfer",
            lambda: _waiting_bar(state.waiting),
            lambda: _("Tersambung, sedang mengirim"),
            lambda: _("Yang menunggu dikirim sendiri, sedikit demi sedikit."),
        )
    return Standing(
        "synced",
        "none",
        "check",
        lambda: _("Tersinkron"),
        lambda: _("Semua catatan sudah di server"),
        lambda: _("Harga, barang, pelanggan, dan stok sama di semua kasir."),
    )


def _waiting_bar(count: int) -> str:
    if not count:
        return ""
    return ngettext("{count} menunggu", "{count} menunggu", count).format(count=count)


def _no_network_bar(count: int) -> str:
    if not count:
        return _("Tanpa jaringan")
    return _("Tanpa jaringan, {waiting}").format(waiting=_waiting_bar(count))


def _said(code: str, why: str = "") -> str:
    return sentence(_Kept(code, why), language())


def age(ms: int) -> str:
    """How long ago something was."""
    for unit_ms, words in _AGES:
        if ms >= unit_ms:
            return words(ms // unit_ms)
    return _("baru saja")


_AGES: Final[tuple[tuple[int, Callable[[int], str]], ...]] = (
    (DAY_MS, lambda n: ngettext("{n} hari lalu", "{n} hari lalu", n).format(n=n)),
    (HOUR_MS, lambda n: ngettext("{n} jam lalu", "{n} jam lalu", n).format(n=n)),
    (MINUTE_MS, lambda n: ngettext("{n} menit lalu", "{n} menit lalu", n).format(n=n)),
)


def moment(at_ms: int, now_ms: int, zone: str) -> str:
    """An instant as people say it: how long ago, and the clock or the date."""
    if not at_ms:
        return _("belum pernah")
    ago = age(max(0, now_ms - at_ms))
    local = local_time(at_ms, zone)
    clock = format_clock(at_ms, zone, language())
    if local.date() != local_time(now_ms, zone).date():
        clock = f"{local.day}-{local.month}-{local.year} {clock}"
    return f"{ago} ({clock})"
