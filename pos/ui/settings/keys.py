"""Which key does what: a list of acts, a new key by pressing it, and the way back to standard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos.shop.keys import STANDARD, Trouble, trouble_with, twin
from pos.shop.preferences import load_preferences, save_preferences
from pos.ui.i18n import _
from pos.ui.keys.keymap import key_named, key_of, keymap
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import Page
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

_KEY_WIDTH = 160
_MODIFIERS = {
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock,
}  # fmt: skip


def act_words(act: str) -> str:
    """What an act is called in the language in force."""
    names = {
        "find": _("Cari barang"),
        "customer": _("Pelanggan"),
        "price_check": _("Cek harga"),
        "quantity": _("Jumlah"),
        "park": _("Parkir"),
        "parked": _("Ambil yang diparkir"),
        "discount": _("Diskon"),
        "pay": _("Bayar"),
        "more": _("Lainnya"),
        "lock": _("Kunci"),
        "unit": _("Ganti satuan baris"),
        "price": _("Ubah harga baris"),
        "note": _("Catatan baris"),
        "tiles": _("Ubin barang"),
        "remove": _("Hapus baris"),
        "undo": _("Batalkan perubahan terakhir"),
        "clear": _("Kosongkan keranjang"),
        "new_product": _("Barang baru dari pindaian"),
    }
    return names[act]


def trouble_sentence(trouble: Trouble) -> str:
    """Why a key cannot be had, and what to do."""
    sentences = {
        "taken": _("{key} sudah dipakai untuk {act}. Pilih tombol lain, atau ganti yang itu dulu."),
        "fixed": _("{key} selalu untuk bantuan, layar penuh, atau daftar tombol. Pilih yang lain."),
        "text": _("{key} dipakai untuk menyalin dan menempel teks. Pilih tombol lain."),
        "scanner": _("{key} juga dikirim alat pemindai. Pilih tombol lain."),
        "unfit": _(
            "{key} tidak dapat dipakai. Pilih tombol F, Ins, Del, atau Ctrl dengan sebuah huruf."
        ),
    }
    act = act_words(trouble.other) if trouble.other else ""
    return sentences[trouble.why].format(key=trouble.key, act=act)


class KeyRow(NamedTuple):
    """An act with its key now and its standard key."""

    act: str
    key: str
    standard: str


class KeysPage(Page):
    """Every act of the selling screen with its key. A choice is in force at once."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it; `begin` reads what is in force."""
        super().__init__("keys", lambda: _("Tombol papan ketik"))
        self._desk = desk
        self._window = window
        self.model: RowsModel[KeyRow] = RowsModel(
            (
                Column(lambda: _("Pekerjaan"), lambda row: act_words(row.act)),
                Column(lambda: _("Tombol"), lambda row: row.key, _KEY_WIDTH, tone=_tone),
                Column(lambda: _("Kembarannya"), lambda row: twin(row.key), _KEY_WIDTH),
                Column(lambda: _("Standar"), lambda row: row.standard, _KEY_WIDTH),
            )
        )
        self.table = ListTable(
            "key_list",
            lambda: _("Tombol papan ketik"),
            self.model,  # type: ignore[arg-type]
            choosing=True,
        )
        self.table.taken.connect(self.ask)
        self.set_content(self.table)
        hint = Label(
            lambda: _("Ctrl+1 sampai Ctrl+0 sama dengan F1 sampai F10."),
            "hint",
        )
        self.add_head(hint)
        reset = Button("keys_reset", lambda: _("Semua ke standar"), icon="undo", key="F8")
        press_by_key(reset, "F8")
        reset.clicked.connect(self.reset)
        self.add_action(reset, left=True)
        change = Button(
            "keys_change", lambda: _("Ganti tombol"), kind="primary", icon="edit", key="Enter"
        )
        change.clicked.connect(lambda: self.ask(self.table.current_row()))
        self.add_action(change)

    def begin(self) -> None:
        """Show what is in force."""
        self._read()
        self.table.go_to(0)
        self.table.setFocus()

    def _read(self) -> None:
        at = self.table.current_row()
        self.model.set_rows([KeyRow(act, key_of(act), STANDARD[act]) for act in STANDARD])
        self.table.go_to(at)

    def ask(self, row: int) -> None:
        """Ask for a new key of an act."""
        if 0 <= row < self.model.count():
            act = self.model.row(row).act
            KeyPanel(self._window, act, lambda key: self._choose({**keymap().now, act: key})).ask()

    def reset(self) -> None:
        """Give every act its standard key."""
        self._choose(STANDARD)
        self._desk.say(_("Semua tombol kembali ke standar."), "ok")

    def _choose(self, keys: Mapping[str, str]) -> None:
        db = self._desk.counter.db
        other = {act: key for act, key in keys.items() if key != STANDARD[act]}
        chosen = replace(load_preferences(db), keys=other)
        if self._desk.run(lambda: save_preferences(db, chosen)):
            keymap().put(other)
            self._read()


def _tone(row: KeyRow) -> str:
    return "none" if row.key == row.standard else "info"


class KeyPanel(Overlay):
    """Waits for a key; one that collides is refused with a sentence, and it waits on."""

    def __init__(self, window: QWidget, act: str, chosen: Callable[[str], object]) -> None:
        """`chosen` hears the key once it is a good one."""
        super().__init__("key_panel", lambda: act_words(act), window)
        self._act = act
        self._chosen = chosen
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.addWidget(
            Label(lambda: _("Tekan tombol yang baru. Esc membatalkan."), "body", wrap=True)
        )
        self.said = Label(lambda: _("Sekarang: {key}").format(key=key_of(act)), "strong", wrap=True)
        self.said.setObjectName("key_said")
        self.body.addWidget(self.said)
        standard = Button(
            "key_standard", lambda: _("Pakai {key}").format(key=STANDARD[act]), icon="undo"
        )
        standard.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        standard.clicked.connect(lambda: self.take(STANDARD[act]))
        self.add_action(standard)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it; every key goes to it."""
        self.open(self)

    def take(self, key: str) -> None:
        """Take a key, or say why not."""
        trouble = trouble_with(self._act, key, keymap().now)
        if trouble is not None:
            self.said.say(lambda: trouble_sentence(trouble), "bad")
            return
        self._chosen(key)
        self.close_panel()

    def event(self, event: QEvent) -> bool:
        """No shortcut of the window takes a key from it; Tab is a key like any other."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves everything; a key alone or with Ctrl is the answer."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        elif event.key() not in _MODIFIERS and not event.isAutoRepeat():
            self.take(key_named(event))
        event.accept()
