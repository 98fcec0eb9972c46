"""What printers and their jobs are called in the window."""

from __future__ import annotations

from collections.abc import Callable

from pos.printing.enqueue import JobRow
from pos.printing.jobs import ASKING
from pos.ui.i18n import _, pgettext

KINDS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("tcp", lambda: _("Jaringan (LAN atau Wi-Fi)")),
    ("usb", lambda: _("USB")),
    ("file", lambda: _("Berkas perangkat")),
    ("serial", lambda: _("Serial atau Bluetooth")),
    ("cups", lambda: _("Antrean CUPS")),
    ("windows", lambda: _("Printer Windows")),
)


def address_hint(kind: str) -> str:
    """How an address of this kind is written."""
    hints = {
        "tcp": _("Misalnya 192.168.1.50, atau 192.168.1.50:9100."),
        "usb": _("Nomor perangkatnya, misalnya 0416:5011."),
        "file": _("Misalnya /dev/usb/lp0."),
        "serial": _("Misalnya COM3:9600 atau /dev/rfcomm0:9600."),
        "cups": _("Nama antreannya, misalnya Kasir."),
        "windows": _("Nama printernya di Windows, misalnya POS-58."),
    }
    return hints[kind]


def kind_name(kind: str) -> str:
    """A connection's kind in words."""
    return dict(KINDS).get(kind, lambda: kind)()


def paper_name(row: JobRow) -> str:
    """What a job prints."""
    names = {
        "receipt": pgettext("satu", "Struk"),
        "pulse": _("Buka laci"),
        "zreport": _("Laporan Z"),
        "cash": _("Bukti kas"),
        "picklist": _("Daftar ambil"),
        "xreport": _("Laporan X"),
        "sales": _("Penjualan"),
        "test": _("Halaman coba"),
    }
    return f"{names.get(row.kind, row.kind)} {row.ref}".rstrip()


def cause_name(cause: str) -> str:
    """Why a job does not go on."""
    causes = {
        "unreachable": _("printer tidak dapat dicapai; periksa daya, kabel, dan alamatnya"),
        "refused": _("printer menolak sambungan; mungkin sedang dipakai komputer lain"),
        "library": _("bagian program untuk sambungan ini belum terpasang"),
        "link_lost": _("sambungan terputus di tengah cetakan"),
        "stuck": _("printer tidak menerima data; periksa kertas dan tutupnya"),
        "silent": _("printer tidak menjawab; periksa dayanya"),
        "paper_out": _("kertas habis"),
        "cover_open": _("tutup printer terbuka"),
        "error": _("printer melaporkan gangguan; matikan lalu nyalakan lagi"),
        "restarted": _("program dimulai ulang di tengah cetakan"),
        "old": _("sudah menunggu lebih dari sepuluh menit"),
        "bad_connection": _("alamat printer keliru"),
        "cancel": _("sedang dibatalkan"),
        "unconfirmed": _("tidak pasti; printer ini tidak melapor setelah mencetak"),
        "timeout": _("antrean cetak tidak menjawab; periksa kertasnya"),
        "stopped": _("program ditutup saat printer berhenti"),
        "cancelled": _("dibatalkan di tengah cetakan"),
        "late": _("laci tidak dibuka karena sudah lewat 30 detik"),
        "not_rendered": _("isi cetakan tidak dapat dibuat; hubungi bantuan"),
    }
    return causes.get(cause, cause)


def state_name(row: JobRow) -> str:
    """How a job stands, with its cause."""
    states = {
        "queued": _("menunggu giliran"),
        "checking": _("memeriksa printer"),
        "blocked": _("menunggu printer"),
        "sending": _("sedang dikirim"),
        "confirming": _("menunggu jawaban printer"),
        "stalled": _("berhenti di tengah"),
        "broken": _("terputus di tengah"),
        "unsure": _("belum pasti tercetak"),
        "printed": _("tercetak"),
        "sent": _("terkirim; printer ini tidak menjawab, lihat kertasnya"),
        "cancelled": _("dibatalkan"),
    }
    words = states.get(row.state, row.state)
    if row.cause in ("", "accepted", "again", "person"):
        return words
    return f"{words}: {cause_name(row.cause)}"


def tone_of(row: JobRow) -> str:
    """The tone in which a job's state is shown."""
    if row.state in ASKING:
        return "bad"
    if row.state in ("blocked", "stalled", "cancelled"):
        return "warn"
    return "ok" if row.state in ("printed", "sent") else "none"
