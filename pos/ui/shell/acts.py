"""What the panel of further acts offers, in three groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.ui.i18n import Text, _, pgettext
from pos.ui.keys.keymap import key_of
from pos.ui.shell.more import Act

if TYPE_CHECKING:
    from pos.ui.shell.window import MainWindow


def groups(window: MainWindow) -> tuple[tuple[Text, tuple[Act, ...]], ...]:
    """Heading and acts of each group."""
    return (
        (lambda: _("Penjualan"), _selling(window)),
        (lambda: _("Kas dan shift"), _drawer(window)),
        (lambda: _("Toko"), _shop(window)),
    )


def _selling(window: MainWindow) -> tuple[Act, ...]:
    selling = window.selling
    return (
        Act("receipts_act", "receipt", "Alt+1", lambda: _("Struk dan pengembalian"),
            window.show_receipt),
        Act("price_act", "edit", key_of("price"), lambda: _("Ubah harga baris"),
            selling.asking.price),
        Act("unit_act", "box", key_of("unit"), lambda: _("Ganti satuan baris"),
            selling.lines.next_unit),
        Act("note_act", "note", key_of("note"), lambda: _("Catatan baris"), selling.asking.note),
        Act("parked_act", "park", key_of("parked"), lambda: _("Keranjang diparkir"),
            window.show_parked),
        Act("orders_act", "store", "Alt+O", lambda: _("Pesanan online"), window.ordering.show),
        Act("help_act", "help", "Alt+B", lambda: _("Bantuan"), window.show_help),
    )  # fmt: skip


def _drawer(window: MainWindow) -> tuple[Act, ...]:
    return (
        Act("cash_in_act", "plus", "Alt+2", lambda: _("Kas masuk"), lambda: window.ask_cash("in")),
        Act("cash_out_act", "minus", "Alt+3", lambda: _("Kas keluar"),
            lambda: window.ask_cash("out")),
        Act("drawer_act", "drawer", "Alt+4", lambda: _("Buka laci"),
            lambda: window.ask_cash("open")),
        Act("close_act", "shift", "Alt+5", lambda: _("Tutup shift"), window.show_close_shift),
        Act("queue_act", "history", "Alt+Q", lambda: _("Antrean cetak"), window.ways.queue),
        Act("sync_act", "transfer", "Alt+S", lambda: _("Server toko"), window.ways.sync),
        Act("lock_act", "lock", key_of("lock"), lambda: _("Kunci"), window.lock),
    )  # fmt: skip


def _shop(window: MainWindow) -> tuple[Act, ...]:
    ways = window.ways
    return (
        Act("goods_act", "box", "Alt+6", lambda: pgettext("daftar", "Barang"), window.ways.goods),
        Act("import_act", "import", "Alt+7", lambda: _("Impor barang"), window.ways.importing),
        Act(
            "customers_act",
            "customers",
            "Alt+8",
            lambda: pgettext("daftar", "Pelanggan"),
            ways.customers,
        ),
        Act("reports_act", "chart", "Alt+9", lambda: _("Laporan"), ways.reports),
        Act(
            "printers_act", "printer", "Alt+P", lambda: pgettext("daftar", "Printer"), ways.printers
        ),
        Act("staff_act", "customer", "Alt+K", lambda: _("Karyawan"), ways.staff),
        Act("settings_act", "settings", "Alt+0", lambda: _("Pengaturan"), ways.settings),
    )
