"""Goods and customers that two counters wrote down: looked through, merged, kept apart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos.failures import as_refusal
from pos.merging.deciding import Two, check_may_merge, keep_apart
from pos.merging.finding import Proposal
from pos.staff.people import may
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import Text, _, languages, ngettext, pgettext, shown_count
from pos.ui.keys.keymap import shortcut
from pos.ui.shell.desk import Desk
from pos.ui.sync.compare import Compare
from pos.ui.sync.merge_panel import MergePanel
from pos.ui.sync.pairs import FILTERS, Filter, Pairs, Shown, becomes, reason, sides
from pos.ui.sync.searching import PairSearch
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.fields import SearchEdit
from pos.ui.widgets.models import Column, PagedModel
from pos.ui.widgets.overlay import QuestionPanel
from pos.ui.widgets.page import EmptyState, Page
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

_PAGE = 200
_WORDS: dict[Filter, Callable[[], str]] = {
    "all": lambda: _("Semua"),
    "sure": lambda: _("Pasti"),
    "ask": lambda: _("Perlu dilihat"),
    "customers": lambda: pgettext("daftar", "Pelanggan"),
}


class MergePage(Page):
    """Ticked pairs become one each; what is not the same is never asked again."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it; `begin` looks for pairs, beside the window."""
        super().__init__("merge", lambda: _("Satukan yang sama"))
        self.desk = desk
        self._window = window
        self._looking = PairSearch(self)
        self.pairs = Pairs(())
        self.search = SearchEdit(
            "merge_search", lambda: _("Cari pasangan"), hint=lambda: _("Nama, kode, atau telepon")
        )
        self.counted = Label("", "hint")
        self.counted.setObjectName("merge_counted")
        self.model: PagedModel[Shown] = PagedModel(_columns(), _PAGE)
        self.table = ListTable(
            "merge_list",
            lambda: _("Pasangan"),
            self.model,  # type: ignore[arg-type]
        )
        self.compare = Compare()
        self.looking = EmptyState("merge_looking", "search", lambda: _("Mencari yang sama ..."))
        self.nothing = EmptyState("merge_nothing", "check", "")
        self._chips: dict[Filter, Button] = {}
        self._build()
        self._connect()

    # -- what it is made of

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.search, 1)
        for number, name in enumerate(FILTERS, 1):
            made = chip(f"merge_{name}", "", checkable=True, height=Height.BUTTON)
            press_by_key(made, f"Alt+{number}")
            made.clicked.connect(self._chooser(name))
            self._chips[name] = made
            row.addWidget(made)
        beside = QWidget()
        both = QHBoxLayout(beside)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(Space.GUTTER)
        both.addWidget(self.table, 11)
        both.addWidget(self.compare, 9)
        self.stack = QStackedWidget()
        for part in (beside, self.looking, self.nothing):
            self.stack.addWidget(part)
        column = QVBoxLayout()
        column.setSpacing(Space.GUTTER)
        column.addLayout(row)
        column.addWidget(self.stack, 1)
        self.set_content(column)
        self.add_head(self.counted)
        self._actions()

    def _actions(self) -> None:
        self.apart = Button("merge_apart", lambda: _("Bukan yang sama"), icon="close", key="Del")
        self.tick = Button("merge_tick", lambda: _("Centang"), icon="check", key="F8")
        self.every = Button("merge_every", lambda: _("Semua yang pasti"), key="Ctrl+A")
        self.go = Button("merge_go", self._go_words, kind="primary", icon="check", key="F9")
        for made, act in (
            (self.apart, self.keep_apart),
            (self.every, self.tick_shown),
            (self.tick, self.tick_current),
            (self.go, self.ask),
        ):
            if made is not self.apart:
                press_by_key(made)
            made.clicked.connect(act)
            self.add_action(made, left=made is self.apart)
        # Elsewhere the key takes a letter away: in the search field.
        gone = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table)
        gone.setContext(Qt.ShortcutContext.WidgetShortcut)
        gone.activated.connect(self.keep_apart)

    def _connect(self) -> None:
        self._looking.found.connect(self._found)
        self._looking.failed.connect(self._failed)
        self.search.query_changed.connect(self._searched)
        self.search.step.connect(self.table.step)
        self.search.accepted.connect(lambda _text: self.table.setFocus())
        self.table.taken.connect(lambda _row: self.tick_current())
        self.table.current_changed.connect(lambda _row: self._compare())
        find = shortcut("F2", self, self.search.setFocus)
        find.activated.connect(self.search.selectAll)
        languages().changed.connect(self._renew)

    # -- looking

    def begin(self) -> None:
        """Look for pairs; the list comes when they are found."""
        self.search.clear()
        self.pairs = Pairs(())
        self._renew()
        self.stack.setCurrentWidget(self.looking)
        self._looking.begin(self.desk.counter.folder)

    def _found(self, found: list[Proposal]) -> None:
        self.pairs = Pairs(found)
        self.choose("all")
        self.table.setFocus()

    def _failed(self, error: Exception) -> None:
        self._renew()
        self.desk.refuse(as_refusal(error))

    def hideEvent(self, event: QHideEvent) -> None:
        """Who has left the page waits for nothing."""
        super().hideEvent(event)
        self._looking.stop()

    # -- the list

    def choose(self, name: Filter) -> None:
        """Show only pairs of one kind."""
        self.pairs.choose(name)
        self._reset()

    def _searched(self, text: str) -> None:
        self.pairs.search(text)
        self._reset()

    def _reset(self, at: int = 0) -> None:
        pairs = self.pairs
        self.model.reset(pairs.count(), lambda number: pairs.page(number, _PAGE))
        if pairs.count():
            self.table.go_to(min(at, pairs.count() - 1))
        self._renew()

    def _renew(self) -> None:
        self.model.refresh()
        pairs, shown = self.pairs, self.pairs.count() > 0
        for name, button in self._chips.items():
            button.setChecked(name == pairs.filter)
            button.say(self._chip_words(name))
            button.setEnabled(name == "all" or pairs.counted(name) > 0)
        if not self._looking.is_looking:
            part = 0 if shown else self.stack.indexOf(self.nothing)
            self.stack.setCurrentIndex(part)
        self.nothing.sentence.say(self._nothing_words())
        ticked = len(pairs.ticked())
        self.go.setEnabled(bool(ticked))
        self.go.retranslate()
        for button in (self.apart, self.tick, self.every):
            button.setEnabled(shown)
        self.counted.say(
            (
                lambda: ngettext("{n} pasangan", "{n} pasangan", pairs.total()).format(
                    n=_thousands(pairs.total())
                )
            )
            if pairs.total()
            else ""
        )
        self._compare()

    def _nothing_words(self) -> Text:
        if self.pairs.total():
            return lambda: _("Tidak ada pasangan yang cocok. Hapus pencariannya, atau pilih Semua.")
        return lambda: _(
            "Tidak ada yang perlu disatukan: tiap barang dan pelanggan hanya tercatat sekali."
        )

    def _go_words(self) -> str:
        return _("Satukan {count}").format(count=_thousands(len(self.pairs.ticked())))

    def _chip_words(self, name: Filter) -> Text:
        return lambda: f"{_WORDS[name]()} {_thousands(self.pairs.counted(name))}"

    def _chooser(self, name: Filter) -> Callable[[], None]:
        return lambda: self.choose(name)

    def _compare(self) -> None:
        at = self.table.current_row()
        if not 0 <= at < self.pairs.count():
            return
        one = self.pairs.proposal(at)
        lines = sides(one, with_cost=may(self.desk.counter, "see_cost"))
        tone = "none" if one.pair.sure else "warn" if one.pair.possible else "bad"
        self.compare.show_pair(reason(one), lines, becomes(one), tone)

    # -- deciding

    def tick_current(self) -> None:
        """Take the current pair, or leave it out."""
        at = self.table.current_row()
        if not 0 <= at < self.pairs.count():
            return
        one = self.pairs.proposal(at)
        if not one.pair.possible:
            self.desk.sound("unknown")
        self.pairs.tick(at)
        self._renew()

    def tick_shown(self) -> None:
        """Take all shown pairs that are sure, or leave all shown ones out."""
        self.pairs.tick_shown()
        self._renew()

    def keep_apart(self) -> None:
        """The current pair is two things: nobody is asked again."""
        at = self.table.current_row()
        if not 0 <= at < self.pairs.count():
            return
        one = self.pairs.proposal(at)
        two = Two(one.table, one.pair.source, one.pair.target)

        def done(_nothing: None) -> None:
            self.desk.say(
                _("{name} tetap dua. Pasangan ini tidak diusulkan lagi.").format(
                    name=one.target.name
                ),
                "ok",
            )
            self.pairs.forget([two])
            self._reset(at)

        self.desk.run(lambda: keep_apart(self.desk.counter, [two]), done)

    def ask(self) -> None:
        """Say what will happen, then do it."""
        chosen = self.pairs.ticked()
        counter = self.desk.counter

        def allowed() -> bytes:
            check_may_merge(counter)
            counter.today()
            return counter.approver_id

        if chosen:
            self.desk.run(allowed, lambda approver: self._confirm(chosen, approver))

    def _confirm(self, chosen: list[Two], approver: bytes) -> None:
        count = _thousands(len(chosen))
        yes = Button("merge_yes", lambda: _("Satukan"), kind="primary", icon="check")
        panel = QuestionPanel(
            "merge_question",
            lambda: _("Satukan {count} pasangan?").format(count=count),
            lambda: _(
                "Stok dan kasbon dijumlahkan, kode batang pindah. Nama, harga, dan batas kasbon "
                "yang tetap yang berlaku. Ini tidak dapat dibatalkan: bila keliru, tulis barangnya "
                "lagi sebagai barang baru dan betulkan stoknya dengan Sesuaikan."
            ),
            yes,
            lambda: _("Lihat lagi"),
            self._window,
        )
        panel.confirmed.connect(lambda: self._merge(chosen, approver))
        panel.closed.connect(panel.deleteLater)
        panel.ask()

    def _merge(self, chosen: list[Two], approver: bytes) -> None:
        panel = MergePanel(self.desk, chosen, approver, self._window)
        panel.ended.connect(lambda done, merged: self._merged(chosen[:done], merged))
        # The question has only just given the keys back.
        QTimer.singleShot(0, panel.begin)

    def _merged(self, decided: list[Two], merged: int) -> None:
        left = len(decided) - merged
        words = _("{count} disatukan.").format(count=_thousands(merged))
        if left:
            words += " " + _("{count} sudah berubah di tempat lain dan dibiarkan.").format(
                count=_thousands(left)
            )
        self.desk.say(words, "warn" if left else "ok")
        self.pairs.forget(decided)
        self._reset(self.table.current_row())
        self.table.setFocus()


def _thousands(count: int) -> str:
    return shown_count(count)


def _columns() -> tuple[Column[Shown], ...]:
    return (
        Column(lambda: _("Ambil"), lambda row: row.tick, 68),
        Column(lambda: pgettext("gabung", "Tetap"), lambda row: row.stays),
        Column(lambda: _("Dilebur"), lambda row: row.goes),
        Column(lambda: _("Yakin"), lambda row: row.state, 110, tone=lambda row: row.tone),
    )
