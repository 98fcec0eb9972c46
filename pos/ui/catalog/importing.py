"""Importing goods from a file: choose it, look at every row, take it over, take it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from pos.catalog.importing import Imported, ShopCatalog, apply_import, take_back
from pos.failures import as_refusal
from pos.importing.errors import ImportCancelled
from pos.importing.model import Mapping
from pos.importing.planning import plan
from pos.importing.refused import save_refused
from pos.messages import reason_sentence, sentence
from pos.staff.people import may
from pos.ui.catalog.choosing import ChooseStep
from pos.ui.catalog.job import Cancelled, Job, Progress, Work
from pos.ui.catalog.looking import Looked, look_again, look_at
from pos.ui.catalog.mapping import MappingPanel
from pos.ui.catalog.preview import Preview
from pos.ui.catalog.previewing import PreviewStep
from pos.ui.catalog.working import WorkStep, command_beside
from pos.ui.i18n import _, language, shown_count
from pos.ui.selling.panels import FieldPanel
from pos.ui.shell.desk import Desk
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.overlay import QuestionPanel
from pos.ui.widgets.page import EmptyState, Page
from pos.ui.widgets.press import press_by_key


class ImportPage(Page):
    """Four steps in one place; while something runs, only stopping it can be asked.

    `left` is emitted when the way back leads out of the page.
    """

    goods_asked = Signal()
    left = Signal()

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it; `begin` shows the first step."""
        super().__init__("import", lambda: _("Impor barang"))
        self.desk = desk
        self._window = window
        self._path = Path()
        self._looked: Looked | None = None
        self.choose = ChooseStep()
        self.work = WorkStep()
        self.look = PreviewStep(self._count_taken)
        self.finished = EmptyState("import_done", "check", "")
        self.stack = QStackedWidget()
        self._build()
        self._actions()

    def _build(self) -> None:
        for step in (self.choose, self.work, self.look, self.finished):
            self.stack.addWidget(step)
        self.set_content(self.stack)
        self.choose.chosen.connect(self.read)
        self.back.connect(self.back_or_stop)

    def _actions(self) -> None:
        self._buttons: list[tuple[Button, QWidget]] = []
        go = self._button
        go(
            "import_back",
            lambda: _("Batalkan impor"),
            "undo",
            "F8",
            self._ask_take_back,
            self.choose,
        )
        go("import_again", lambda: _("Berkas lain"), "file", "F4", self.begin, self.look)
        go("import_columns", lambda: _("Kolom"), "edit", "F5", self.ask_mapping, self.look)
        go(
            "import_tick",
            lambda: _("Centang semua"),
            "check",
            "Ctrl+A",
            self.look.tick_shown,
            self.look,
        )
        self.refused = go(
            "import_refused",
            lambda: _("Simpan ditolak"),
            "save",
            "F6",
            self.ask_refused,
            self.look,
        )
        self.take = go("import_take", lambda: _("Ambil"), "import", "F9", self.apply, self.look)
        go("import_more", lambda: _("Impor lagi"), "import", "F4", self.begin, self.finished)
        go(
            "import_goods",
            lambda: _("Lihat barang"),
            "box",
            "F9",
            self.goods_asked.emit,
            self.finished,
        )
        for button, _step in self._buttons:
            if button.key_hint() == "F9":
                button.set_kind("primary")

    def _button(
        self,
        name: str,
        text: Callable[[], str],
        icon: str,
        key: str,
        act: Callable[[], None],
        step: QWidget,
    ) -> Button:
        made = Button(name, text, icon=icon, key=key)
        press_by_key(made)
        made.clicked.connect(act)
        self.add_action(made)
        self._buttons.append((made, step))
        return made

    def _step(self, step: QWidget) -> None:
        self.stack.setCurrentWidget(step)
        for button, where in self._buttons:
            button.setVisible(where is step)

    def begin(self) -> None:
        """The first step, unless something runs."""
        if self.job is not None:
            return
        self.title.say(lambda: _("Impor barang"))
        self.choose.read(self.desk.counter.db)
        self._step(self.choose)
        self._buttons[0][0].setVisible(bool(self.choose.model.count()))
        self.choose.path.setFocus()
        self.choose.path.selectAll()

    def back_or_stop(self) -> None:
        """The arrow and Escape: stop what runs, or go a step back, or leave."""
        if self.job is not None:
            self.work.cancel()
        elif self.stack.currentWidget() is self.look:
            self.begin()
        else:
            self.left.emit()

    def read(self, path: str) -> None:
        """Read a file beside the window and plan it."""
        self._path = Path(path)
        folder = self.desk.counter.folder

        def work(progress: Progress, cancelled: Cancelled) -> Looked:
            return look_at(Path(path), folder, progress, cancelled)

        self._run(_("Membaca {file}").format(file=self._path.name), work, self._show)

    def _show(self, looked: Looked) -> None:
        self._looked = looked
        if looked.plan is None:
            self._step(self.choose)
            if looked.refusal is not None:
                self.choose.say_wrong(sentence(looked.refusal, language()))
            self.ask_mapping()
            return
        self._step(self.look)
        self.title.say(lambda: _("Impor {file}").format(file=self._path.name))
        self.look.show_preview(Preview(looked.plan, with_cost=may(self.desk.counter, "see_cost")))
        self.refused.setEnabled(bool(looked.plan.counts.refused))

    def _count_taken(self) -> None:
        preview = self.look.preview
        taken = preview.taken() if preview is not None else 0
        count = shown_count(taken)
        self.take.say(lambda: _("Ambil {count} barang").format(count=count))
        self.take.setEnabled(bool(taken))

    def ask_mapping(self) -> None:
        """Choose which column holds what."""
        if self._looked is None:
            return
        made = self._looked.plan
        panel = MappingPanel(self._looked.table, made.mapping if made else None, self._window)
        panel.chosen.connect(self.plan_again)
        panel.ask()

    def plan_again(self, mapping: Mapping) -> None:
        """Plan the same file with other columns."""
        looked, folder = self._looked, self.desk.counter.folder
        if looked is None:
            return

        def work(progress: Progress, cancelled: Cancelled) -> Looked:
            return look_again(looked.table, mapping, folder, progress, cancelled)

        self._run(_("Mencocokkan kolom"), work, self._show)

    def apply(self) -> None:
        """Take all ticked rows over, in one transaction."""
        looked, preview = self._looked, self.look.preview
        if looked is None or preview is None or not preview.taken():
            return
        counter, path = self.desk.counter, self._path
        choices = preview.choices()
        mapping = preview.plan.mapping

        def work(progress: Progress, cancelled: Cancelled) -> Imported:
            made = preview.plan
            if choices.leave_out:
                catalog = ShopCatalog(counter.db)
                made = plan(looked.table, mapping, catalog, choices, None, cancelled)
            return apply_import(counter, made, path.name, progress, cancelled)

        self._write(_("Mengambil barang dari {file}").format(file=path.name), work, self._applied)

    def _applied(self, imported: Imported) -> None:
        self._step(self.finished)
        added, changed = imported.added, imported.changed
        self.finished.sentence.say(
            lambda: _(
                "{added} barang baru dan {changed} barang berubah. "
                "Impor ini dapat dibatalkan selama barang barunya belum terjual."
            ).format(added=added, changed=changed)
        )
        self.finished.setFocus()
        self.desk.say(_("Impor selesai: {file}.").format(file=self._path.name), "ok")

    def ask_refused(self) -> None:
        """Ask where the refused rows go."""
        looked = self._looked
        if looked is None or looked.plan is None or not looked.plan.counts.refused:
            self.desk.say(_("Tidak ada baris yang ditolak."))
            return
        field = TextEdit("refused_path", lambda: _("Simpan sebagai"))
        field.setText(str(self._path.with_name(f"{self._path.stem}-{_('ditolak')}.xlsx")))
        panel = FieldPanel(
            "refused_panel",
            lambda: _("Simpan baris yang ditolak"),
            lambda: _("Simpan sebagai"),
            field,
            lambda: self._save_refused(panel, field.text().strip()),
            self._window,
        )
        panel.closed.connect(panel.deleteLater)
        panel.ask()

    def _save_refused(self, panel: FieldPanel, text: str) -> None:
        looked = self._looked
        if looked is None or looked.plan is None:
            return
        if not text:
            panel.row.show_error(lambda: _("Tulis nama berkasnya."))
            return
        target, table, made = Path(text).expanduser(), looked.table, looked.plan
        spoken, heading = language(), _("Alasan")
        panel.close_panel()

        def work(_progress: Progress, _cancelled: Cancelled) -> int:
            return save_refused(
                table, made, target, lambda reason: reason_sentence(reason, spoken), heading
            )

        def done(count: int) -> None:
            self._step(self.look)
            self.desk.say(
                _("{count} baris tersimpan di {file}. Perbaiki, lalu impor lagi.").format(
                    count=count, file=target.name
                ),
                "ok",
            )

        self._run(_("Menyimpan {file}").format(file=target.name), work, done)

    def _ask_take_back(self) -> None:
        chosen = self.choose.selected()
        if chosen is None or chosen.taken_back:
            self.desk.say(_("Pilih impor yang masih berlaku."))
            return
        yes = Button("take_back_yes", lambda: _("Ya, batalkan"), kind="danger")
        panel = QuestionPanel(
            "take_back",
            lambda: _("Batalkan impor?"),
            lambda: _(
                "{products} barang dari {file} diarsipkan, stoknya dikeluarkan, "
                "dan perubahannya dikembalikan."
            ).format(products=chosen.products, file=chosen.file_name),
            yes,
            lambda: _("Biarkan"),
            self._window,
        )
        panel.confirmed.connect(lambda: self.take_import_back(chosen.id))
        panel.closed.connect(panel.deleteLater)
        panel.ask()

    def take_import_back(self, import_id: bytes) -> None:
        """Undo an import whole."""
        counter = self.desk.counter

        def work(_progress: Progress, _cancelled: Cancelled) -> None:
            take_back(counter, import_id)

        def done(_nothing: None) -> None:
            self.begin()
            self.desk.say(_("Impor dibatalkan."), "ok")

        self._write(_("Membatalkan impor"), work, done)

    @property
    def job(self) -> Job | None:
        """What runs."""
        return self.work.job

    def _write(self, doing: str, work: Work, done: Callable[[Any], None]) -> None:
        """Run a command on the counter beside the window, which asks it nothing meanwhile."""
        if self.job is None:
            self.desk.run(
                lambda: command_beside(self.desk.counter, work),
                lambda made: self._run(doing, made[0], done, made[1]),
            )

    def _run(
        self,
        doing: str,
        work: Work,
        done: Callable[[Any], None],
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        """Show the progress of a job, then go on with its answer or say why not."""
        if self.job is not None:
            return
        before = self.stack.currentWidget()
        self._step(self.work)
        self.work.run(doing, work, done, lambda error: self._failed(error, before), ended)

    def _failed(self, error: Exception, before: QWidget) -> None:
        self._step(before)
        refusal = as_refusal(error)
        if isinstance(refusal, ImportCancelled):
            self.desk.say(sentence(refusal, language()))
        else:
            self.desk.refuse(refusal)
            if before is self.choose:
                self.choose.say_wrong(sentence(refusal, language()))
