"""The safety of the data: a backup into a file, and the proof that nothing was changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.errors import Refused
from pos.backup.age import note_backup
from pos.backup.files import back_up
from pos.db.database import Database, open_database
from pos.failures import as_refusal
from pos.journal.verify import Proof, verify
from pos.messages import sentence
from pos.opening import database_file
from pos.printing.proof import queue_differences
from pos.staff.people import require
from pos.sync.due import NotFoldedYet, is_folding_due
from pos.ui.foundation.tokens import Size, Space, Tone
from pos.ui.i18n import _, language
from pos.ui.reports.parts import ask_file
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label, frame
from pos.ui.widgets.button import Button
from pos.ui.widgets.press import press_by_key

MOST_SHOWN = 12
_log = logging.getLogger(__name__)


class SafetyView(QWidget):
    """Two acts that take a while, each in a thread of its own; selling goes on meanwhile.

    `ended` carries a sentence and its tone.
    """

    ended = Signal(str, str)

    def __init__(self, desk: Desk) -> None:
        """Nothing is under way."""
        super().__init__()
        self.desk = desk
        self._busy = False
        self.result = Label("", "body", wrap=True)
        self.result.setObjectName("safety_result")
        self.save = Button("backup", lambda: _("Cadangkan ke berkas"), icon="save", key="F7")
        press_by_key(self.save, "F7")
        self.save.clicked.connect(self._ask)
        self.prove = Button("verify", lambda: _("Periksa data"), icon="check", key="F8")
        press_by_key(self.prove, "F8")
        self.prove.clicked.connect(self.check)
        card = frame("card")
        card.setMaximumWidth(Size.PANEL_WIDE)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        inside.setSpacing(Space.GUTTER)
        for heading, words, button in (
            (
                lambda: _("Cadangan"),
                lambda: _(
                    "Satu berkas berisi seluruh toko. Simpan di flashdisk atau komputer lain, "
                    "paling sedikit sehari sekali."
                ),
                self.save,
            ),
            (
                lambda: _("Pemeriksaan"),
                lambda: _(
                    "Menghitung ulang semua catatan dari awal dan membandingkannya, "
                    "rupiah demi rupiah."
                ),
                self.prove,
            ),
        ):
            inside.addWidget(Label(heading, "section"))
            inside.addWidget(Label(words, "body", wrap=True))
            row = QHBoxLayout()
            row.addWidget(button)
            row.addStretch(1)
            inside.addLayout(row)
        inside.addWidget(self.result)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
        self.ended.connect(self._ended)

    def begin(self) -> None:
        """Ready; what is under way goes on."""
        if not self._busy:
            self.result.say("")
        self.save.setFocus()

    def _ask(self) -> None:
        counter = self.desk.counter
        name = f"huyula-{counter.today()}.db"
        self.desk.run(
            lambda: require(counter, "backup"),
            lambda _allowed: ask_file(self, name, _("Cadangan (*.db)"), self.back_up),
        )

    def back_up(self, file: Path) -> None:
        """Write a backup; says how large it became."""

        counter = self.desk.counter

        def write(db: Database) -> tuple[str, Tone]:
            size = back_up(db, file)
            note_backup(counter.folder, counter.clock.now_ms())
            return _("Cadangan utuh di {file} ({size} KB).").format(
                file=file, size=(size + 1023) // 1024
            ), "ok"

        self._start(write, _("Menulis cadangan ..."))

    def check(self) -> None:
        """Prove the data."""
        self._start(proved, _("Memeriksa data ..."))

    def _start(self, act: Callable[[Database], tuple[str, Tone]], said: str) -> None:
        if self._busy:
            return
        self._set_busy(True)
        self.result.say(said, "info")
        file = database_file(self.desk.counter.folder)
        threading.Thread(target=self._work, args=(file, act), name="safety", daemon=True).start()

    def _work(self, file: Path, act: Callable[[Database], tuple[str, Tone]]) -> None:
        try:
            db = open_database(file, read_only=True)
            try:
                text, tone = act(db)
            finally:
                db.close()
        except Exception as error:
            text, tone = _failure(error), "bad"
        self.ended.emit(text, tone)

    def _ended(self, text: str, tone: Tone) -> None:
        self._set_busy(False)
        self.result.say(text, tone)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.save.setEnabled(not busy)
        self.prove.setEnabled(not busy)


def _failure(error: Exception) -> str:
    try:
        return sentence(as_refusal(error), language())
    except Exception:
        _log.exception("the data could not be looked at")
        return sentence(Refused(), language())


def proved(db: Database) -> tuple[str, Tone]:
    """The proof of a database in words, with its tone."""
    if is_folding_due(db):
        return sentence(NotFoldedYet(), language()), "warn"
    return proof_words(verify(db, queue_differences))


def proof_words(proof: Proof) -> tuple[str, Tone]:
    """A proof in words, with its tone."""
    if proof.ok and not proof.unchecked:
        return _("Utuh: {facts} catatan dan {sales} penjualan cocok seluruhnya.").format(
            facts=proof.facts, sales=proof.sales
        ), "ok"
    lines = [
        f"{item.table} {item.key} {item.column}: {item.found} <> {item.expected}"
        for item in proof.differences[:MOST_SHOWN]
    ]
    lines += [_("belum dapat diperiksa: {what}").format(what=what) for what in proof.unchecked]
    head = (
        _("Ada {count} perbedaan. Jangan ubah apa pun; hubungi pemilik dan siapkan cadangan.")
        if not proof.ok
        else _("Cocok, tetapi ada yang belum dapat diperiksa.")
    )
    return "\n".join([head.format(count=len(proof.differences)), *lines]), (
        "warn" if proof.ok else "bad"
    )
