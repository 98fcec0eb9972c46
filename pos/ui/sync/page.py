"""The sync page: how it stands with the shop's server in words, or the way to join one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.sync.codes import show_digits
from core.sync.messages import Enrolled
from pos.backup.age import last_backup_ms
from pos.merging.finding import Proposal
from pos.sync.memory import recall
from pos.sync.picture_memory import PictureState, picture_state
from pos.sync.state import SyncState, sync_state
from pos.sync.transport import HttpSender
from pos.ui.foundation.tokens import Size, Space
from pos.ui.i18n import Text, _, languages, ngettext, shown_count
from pos.ui.shell.desk import Desk
from pos.ui.sync.differing import difference_rows
from pos.ui.sync.form import EnrolForm
from pos.ui.sync.link import SyncLink
from pos.ui.sync.searching import PairSearch
from pos.ui.sync.words import Standing, moment, standing
from pos.ui.widgets.base import Label, frame
from pos.ui.widgets.button import Button
from pos.ui.widgets.notice import Sign
from pos.ui.widgets.page import Facts, Page
from pos.ui.widgets.press import press_by_key

LOOK_MS = 500


class SyncPage(Page):
    """`backup_asked` leads to where a backup is made, `merge_asked` to what two counters have."""

    backup_asked = Signal()
    merge_asked = Signal()

    def __init__(self, desk: Desk, window: QWidget, link: SyncLink) -> None:
        """Build it; `begin` reads how it stands."""
        super().__init__("sync", lambda: _("Server toko"))
        self.desk = desk
        self.link = link
        self.form = EnrolForm(desk, window, link.connect_to or HttpSender)
        self.sign = Sign("none", Size.ICON_LARGE)
        self.headline = Label("", "section", wrap=True)
        self.headline.setObjectName("sync_headline")
        self.sentence = Label("", "body", wrap=True)
        self.sentence.setObjectName("sync_sentence")
        self.check = Label(
            lambda: _("Cocokkan angka pemeriksa di bawah dengan layar pemilik: harus sama."),
            "strong",
            wrap=True,
        )
        self.check.setObjectName("sync_check")
        self.twins = Label("", "strong", wrap=True, tone="info")
        self.twins.setObjectName("sync_twins")
        self.twins.hide()
        self._twin_search = PairSearch(self)
        self._twin_search.found.connect(self._twins_found)
        self.facts = Facts("sync_facts")
        self._shown: object = None
        self._asked = False
        self._is_new = False
        self._to_merge = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._build()

    def _build(self) -> None:
        self.backup = Button("sync_backup", lambda: _("Cadangkan"), icon="save", key="F7")
        press_by_key(self.backup)
        self.backup.clicked.connect(self.backup_asked)
        self.merge = Button("sync_merge", lambda: _("Satukan yang sama"), icon="exchange", key="F6")
        press_by_key(self.merge)
        self.merge.clicked.connect(self.merge_asked)
        self.now = Button(
            "sync_now", lambda: _("Sinkronkan sekarang"), kind="primary", icon="transfer", key="F9"
        )
        press_by_key(self.now)
        self.now.clicked.connect(self.sync_now)
        self.add_action(self.backup)
        self.add_action(self.merge)
        self.add_action(self.now)
        self.add_action(self.form.join)
        self.form.setMaximumWidth(Size.FORM + Space.LARGE)
        row = QHBoxLayout()
        row.setSpacing(Space.LARGE)
        row.addWidget(self.form, 1)
        row.addLayout(self._side(), 1)
        row.addStretch(0)
        self.set_content(row)
        self.form.joined.connect(self._joined)
        self.link.turned.connect(self._turned)
        languages().changed.connect(self._language_changed)

    def _side(self) -> QVBoxLayout:
        card = frame("card")
        card.setMaximumWidth(Size.READING)
        head = QHBoxLayout()
        head.setSpacing(Space.GUTTER)
        head.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.headline, 1)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        inside.setSpacing(Space.GUTTER)
        inside.addLayout(head)
        inside.addWidget(self.sentence)
        inside.addWidget(self.check)
        inside.addWidget(self.twins)
        self.facts.setMaximumWidth(Size.READING)
        column = QVBoxLayout()
        column.setSpacing(Space.GUTTER)
        column.addWidget(card)
        column.addWidget(self.facts)
        column.addStretch(1)
        return column

    def begin(self) -> None:
        """Read how it stands and put the keys where the next step is."""
        self._asked = self._is_new = False
        self._shown = None
        self.twins.hide()
        self.refresh()
        if self.form.isHidden():
            self.now.setFocus()
        else:
            self.form.begin()

    def on_scan(self, text: str) -> bool:
        """Take the owner's code from a scanner; whether it was one."""
        return not self.form.isHidden() and self.form.take_scan(text)

    def sync_now(self) -> None:
        """Let a round begin at once; the page says what comes of it."""
        self._shown = None
        self.link.begin()
        self.link.now()
        # Where a new line of history cannot be written yet the link waits.
        self._asked = self.link.is_running
        self.refresh()

    def refresh(self) -> None:
        """Show how it stands, where that has changed."""
        db = self.desk.counter.db
        if db.in_transaction:
            return
        state = sync_state(db)
        now_ms = self.desk.counter.clock.now_ms()
        what = standing(state, now_ms)
        rows = self._rows(state, now_ms)
        # What is said in words changes by the minute; the widgets are made anew only then.
        shown = (what.key, self._asked, [row() for _name, row in rows])
        if shown == self._shown:
            return
        self._shown = shown
        self._show(state, what, rows)

    def _show(
        self, state: SyncState, what: Standing, rows: Sequence[tuple[Text, Callable[[], str]]]
    ) -> None:
        joins = not state.enrolled or state.is_forgotten
        self.form.setVisible(joins)
        self.form.join.setVisible(joins)
        if joins and state.url:
            self.form.suggest(state.url)
        self.now.setVisible(not joins)
        self.merge.setVisible(not joins)
        self.facts.setVisible(state.enrolled)
        if self._asked:
            self.sign.show_tone("info", "transfer")
            self.headline.say(lambda: _("Berbicara dengan server ..."), "none")
        else:
            self.sign.show_tone(what.tone, what.icon)
            self.headline.say(what.title, what.tone)
        self.sentence.say(what.sentence)
        self.check.setVisible(self._is_new)
        self.facts.set_rows(rows)

    def _rows(self, state: SyncState, now_ms: int) -> list[tuple[Text, Callable[[], str]]]:
        counter = self.desk.counter
        zone, shop = counter.settings.zone, recall(counter.db, "name")
        waiting, since, contact = state.waiting, state.waiting_since_ms, state.contact_ms
        backup_ms = last_backup_ms(counter.folder)
        record = counter.witness.record(counter.line.device)
        place = record.place if record is not None else "-"
        register, url, digits = counter.register, state.url, recall(counter.db, "check")
        rows: list[tuple[Text, Callable[[], str]]] = [
            (_waiting_for(state), lambda: _waiting(waiting)),
        ]
        if waiting and since:
            rows.append((lambda: _("Yang tertua"), lambda: moment(since, now_ms, zone)))
        differing = difference_rows(counter.db)
        rows += differing or _picture_rows(picture_state(counter.db))
        rows += [
            (lambda: _("Terakhir tersambung"), lambda: moment(contact, now_ms, zone)),
            (lambda: _("Toko di server"), lambda: shop or "-"),
            (lambda: _("Kode kasir"), lambda: register),
            (lambda: _("Cadangan terakhir"), lambda: moment(backup_ms, now_ms, zone)),
        ]
        if not differing:  # else these have no room, and say nothing about it
            rows[-2:-2] = [(lambda: _("Alamat server"), lambda: url)]
            rows[-1:-1] = [
                (lambda: _("Kunci kasir"), lambda: _key_place(place)),
                (lambda: _("Angka pemeriksa"), lambda: show_digits(digits)),
            ]
        return rows

    def _joined(self, answer: Enrolled) -> None:
        self.desk.say(_("Kasir terhubung ke {shop}.").format(shop=answer.shop_name), "ok")
        self._shown = None
        self.link.begin()
        self.link.now()
        self._is_new, self._asked = True, self.link.is_running
        self._to_merge = not answer.first
        self.refresh()
        self.now.setFocus()

    def _turned(self) -> None:
        # It may be the end of a round that had begun before somebody asked.
        self._asked = self._asked and self.link.is_asked
        if not self.isVisible():
            return
        self.refresh()
        state = sync_state(self.desk.counter.db)
        if self._to_merge and state.contact_ms and not state.error and not state.waiting:
            # The shop's records are here now: what stands twice is shown once, unasked.
            self._to_merge = False
            self._twin_search.begin(self.desk.counter.folder)

    def _twins_found(self, found: Sequence[Proposal]) -> None:
        count = len(found)
        self.twins.say(
            lambda: ngettext(
                "{count} barang atau pelanggan tampaknya tercatat dua kali. F6 menampilkannya.",
                "{count} barang atau pelanggan tampaknya tercatat dua kali. F6 menampilkannya.",
                count,
            ).format(count=count)
        )
        self.twins.setVisible(bool(count))

    def _language_changed(self) -> None:
        self._shown = None
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again and again while it is seen."""
        super().showEvent(event)
        self._timer.start(LOOK_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while it is not."""
        super().hideEvent(event)
        self._timer.stop()
        self._twin_search.stop()


def _picture_rows(state: PictureState) -> list[tuple[Text, Callable[[], str]]]:
    """What is to be said of pictures: they never keep anything else waiting."""
    rows: list[tuple[Text, Callable[[], str]]] = []
    if state.waiting:
        count = state.waiting
        rows.append((lambda: _("Gambar menunggu"), lambda: shown_count(count)))
    if state.full:
        rows.append((lambda: _("Tempat gambar di server"), lambda: _("penuh")))
    if state.refused:
        first, more = state.refused[0], len(state.refused) - 1
        rows.append(
            (
                lambda: _("Gambar tak terbaca server"),
                lambda: (
                    first
                    if not more
                    else _("{name} dan {count} lagi").format(name=first, count=more)
                ),
            )
        )
    return rows


def _key_place(place: str) -> str:
    """Where the key lies by which the server knows this counter."""
    if place == "-":
        return "-"
    return (
        _("di gantungan kunci ({name})").format(name=place)
        if place
        else _("di berkas yang tertutup bagi orang lain")
    )


def _waiting_for(state: SyncState) -> Text:
    """What entries wait for: those of a counter that is not trusted are sent, and held there."""
    if state.state != "trusted" and not state.error:
        return lambda: _("Menunggu putusan pemilik")
    return lambda: _("Menunggu dikirim")


def _waiting(count: int) -> str:
    if not count:
        return _("tidak ada")
    said = ngettext("{count} catatan", "{count} catatan", count)
    return said.format(count=shown_count(count))
