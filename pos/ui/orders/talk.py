"""What buyer and shop say on an order: read in a panel, answered by keys."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.errors import Refused
from core.orders.talk import MOST_TEXT
from pos.messages import sentence
from pos.orders.reading import OrderView
from pos.orders.talking import Message, NotTaken, mark_read, messages, say
from pos.ui.foundation.tokens import Size, Space
from pos.ui.i18n import _, language, pgettext
from pos.ui.shell.desk import Desk
from pos.ui.shell.news import ORDERS
from pos.ui.sync.words import moment
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow
from pos.ui.widgets.press import press_by_key

_HEIGHT = 220


class TalkPanel(Overlay):
    """The messages of one order and a field for the answer; what is quick to say is a key away."""

    def __init__(self, desk: Desk, window: QWidget, view: OrderView) -> None:
        """What was said is shown, the newest last."""
        super().__init__(
            "order_talk_panel",
            lambda: _("Pesan untuk pesanan {n}").format(n=view.number),
            window,
            width=Size.PANEL_WIDE,
        )
        self._desk, self._view = desk, view
        self._said = QVBoxLayout()
        self._said.setContentsMargins(0, 0, 0, 0)
        self._area = _scrolled(self._said)
        self.body.addWidget(self._area)
        self.text = TextEdit("order_talk_text", lambda: _("Jawaban untuk pembeli"))
        self.text.setMaxLength(MOST_TEXT)
        self.row = FormRow(lambda: _("Jawaban untuk pembeli"), self.text)
        self.body.addWidget(self.row)
        self._add_quick()
        yes = Button("order_talk_send", lambda: _("Kirim"), kind="primary", key="Enter")
        yes.clicked.connect(self._send)
        self.text.returnPressed.connect(self._send)
        self.add_action(yes)
        desk.changed.connect(self._facts_written)
        self.closed.connect(self.deleteLater)
        self._show()

    def _add_quick(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        quick = (
            lambda: _("Sudah siap."),
            lambda: _("Mohon tunggu sebentar."),
            lambda: _("Baik, terima kasih."),
        )
        for number, words in enumerate(quick, 1):
            made = Button(f"order_talk_{number}", words, key=f"Alt+{number}")
            press_by_key(made)
            made.clicked.connect(lambda _checked=False, words=words: self._take(words()))
            row.addWidget(made)
        row.addStretch(1)
        self.body.addLayout(row)

    def ask(self) -> None:
        """Open it: whoever opens it has read what is there."""
        self.open(self.text)
        self._to_end()

    def _take(self, words: str) -> None:
        """Put quick words into the field: Enter sends them."""
        self.text.setText(words)
        self.text.setFocus()

    def _send(self) -> None:
        try:
            say(self._desk.counter, self._view.id, self.text.text())
        except Refused as refusal:
            self._desk.sound("unknown")
            self.row.show_error(sentence(refusal, language()))
            return
        self.text.clear()
        self.row.show_error("")
        self._show()

    def _facts_written(self, kinds: frozenset[str]) -> None:
        if self.isVisible() and not ORDERS.isdisjoint(kinds):
            self._show()

    def _show(self) -> None:
        counter = self._desk.counter
        if counter.db.in_transaction:
            return
        while (item := self._said.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        found = messages(counter.db, self._view.id)
        if not found:
            self._said.addWidget(Label(lambda: _("Belum ada pesan."), "hint"))
        for one in found:
            self._said.addWidget(self._message(one))
        self._said.addStretch(1)
        mark_read(counter, self._view.id)
        self._to_end()

    def _message(self, one: Message) -> QWidget:
        made = QFrame()
        made.setProperty("surface", "plain")
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, Space.SMALL)
        column.setSpacing(0)
        column.addWidget(Label(f"{_who(one, self._view)} · {self._when(one)}", "hint", wrap=True))
        column.addWidget(Label(one.text, "body", wrap=True))
        if one.refused:
            column.addWidget(
                Label(
                    lambda: sentence(NotTaken(why=one.refused), language()),
                    "hint",
                    wrap=True,
                    tone="bad",
                )
            )
        return made

    def _when(self, one: Message) -> str:
        if one.waits:
            return _("belum terkirim")
        if one.refused:
            return _("tidak terkirim")
        counter = self._desk.counter
        return moment(one.at_ms, counter.clock.now_ms(), counter.settings.zone)

    def _to_end(self) -> None:
        bar = self._area.verticalScrollBar()
        QTimer.singleShot(0, bar, lambda: bar.setValue(bar.maximum()))


def last_words(desk: Desk, view: OrderView) -> str:
    """The last message, for who looks at the order; empty where nothing was said."""
    found = messages(desk.counter.db, view.id)
    return f"{_who(found[-1], view)}: {found[-1].text}" if found else ""


def _scrolled(column: QVBoxLayout) -> QScrollArea:
    inside = QWidget()
    inside.setProperty("surface", "panel")
    inside.setLayout(column)
    area = QScrollArea()
    area.setObjectName("order_talk_said")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(inside)
    area.setMinimumHeight(_HEIGHT)
    return area


def _who(one: Message, view: OrderView) -> str:
    if one.who == "buyer":
        return view.contact.name if view.contact else pgettext("pesanan", "Pembeli")
    return _("Toko")
