"""Orders from the gerai online: the list by what needs doing, and one order with its steps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.money import format_rupiah
from core.orders.rules import possible
from core.orders.steps import StepName
from pos.orders.picking import queue_pick_list
from pos.orders.reading import OrderView, orders
from pos.orders.stepping import see, settle_clash, step
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import Text, _, pgettext
from pos.ui.orders.bell import OrderBell
from pos.ui.orders.detail import Detail
from pos.ui.orders.panels import AnswerPanel, CodePanel, CourierPanel, OfferPanel, ReasonPanel
from pos.ui.orders.talk import TalkPanel
from pos.ui.orders.words import age, state_name, tone_of
from pos.ui.shell.desk import Desk
from pos.ui.shell.news import GOODS, ORDERS
from pos.ui.widgets.button import Button
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.overlay import QuestionPanel
from pos.ui.widgets.page import EmptyState, Page
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

LOOK_MS = 30_000
_CHANGES = ORDERS | GOODS


class OrdersPage(Page):
    """`fetched` carries an order whose code was right, to be paid and given; `statement_asked`:
    the sums of a month are wanted."""

    fetched = Signal(object)
    statement_asked = Signal()

    def __init__(self, desk: Desk, window: QWidget, bell: OrderBell) -> None:
        """Build it; `begin` reads the list."""
        super().__init__("orders", lambda: _("Pesanan online"))
        self.desk, self._window, self._bell = desk, window, bell
        self.model: RowsModel[OrderView] = RowsModel(
            (
                Column(lambda: pgettext("pesanan", "No."), lambda row: str(row.number), 60),
                Column(lambda: _("Umur"), self._age, 80),
                Column(lambda: _("Pembeli"), _buyer),
                Column(lambda: _("Total"), _total, 124, number=True),
                Column(lambda: _("Keadaan"), state_name, 180, tone=tone_of),
            )
        )
        self.table = ListTable(
            "orders_list",
            lambda: _("Pesanan online"),
            self.model,  # type: ignore[arg-type]
        )
        self.detail = Detail(desk)
        self.shown = QStackedWidget()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._build()
        self.table.current_changed.connect(lambda _row: self._show())
        self.table.taken.connect(lambda _row: self._main())
        desk.changed.connect(self._facts_written)

    def _build(self) -> None:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.GUTTER)
        column = QVBoxLayout()
        column.addWidget(self.table, 1)
        row.addLayout(column, 3)
        row.addWidget(self.detail, 2)
        self.shown.addWidget(both)
        self.shown.addWidget(
            EmptyState(
                "orders_empty",
                "store",
                lambda: _("Belum ada pesanan. Pesanan dari gerai online berbunyi di sini."),
            )
        )
        self.set_content(self.shown)
        self.talk = self._button("order_talk", self._talk_words, "note", "F3", self._talk)
        self.add_head(
            self._button(
                "order_sums",
                lambda: _("Laporan"),
                "chart",
                "F2",
                lambda: self.statement_asked.emit(),
            )
        )
        self.add_head(self.talk)
        self.mute = Button("orders_mute", self._bell_words, icon="bell", key="Alt+M")
        press_by_key(self.mute, "Alt+M")
        self.mute.clicked.connect(self._mute)
        self.add_head(self.mute)
        self.off = self._button("order_off", self._off_words, "delete", "Del", self._call_off)
        self.off.set_kind("danger")
        self.pick = self._button(
            "order_pick", lambda: _("Daftar ambil"), "printer", "F6", self._pick
        )
        self.paid = self._button("order_paid", lambda: _("Uang masuk"), "check", "F7", self._seen)
        self.unpaid = self._button(
            "order_unpaid", lambda: _("Belum masuk"), "stop", "F5", lambda: self._step("not_seen")
        )
        self.offer = self._button(
            "order_offer", lambda: _("Tawarkan lain"), "exchange", "F8", self._offer
        )
        self.next = self._button("order_next", self._next_words, "box", "F4", self._next)
        self.main = self._button("order_main", self._main_words, "check", "F9", self._main)
        self.main.set_kind("primary")
        self.add_action(self.off, left=True)
        for button in (self.pick, self.unpaid, self.paid, self.offer, self.next, self.main):
            self.add_action(button)

    def _button(
        self, name: str, text: Text, icon: str, key: str, act: Callable[[], None]
    ) -> Button:
        made = Button(name, text, icon=icon, key=key)
        press_by_key(made, key)
        made.clicked.connect(act)
        return made

    def begin(self) -> None:
        """Read the list: whoever looks has heard the bell."""
        self._bell.answered()
        self._look()
        self.table.go_to(0)
        self.table.setFocus()
        self._timer.start(LOOK_MS)

    def take_focus(self) -> None:
        """After a panel or another page."""
        self._look()
        self.table.setFocus()

    def _facts_written(self, kinds: frozenset[str]) -> None:
        if self.isVisible() and not _CHANGES.isdisjoint(kinds):
            self._bell.answered()
            self._look()

    def _tick(self) -> None:
        """Ages go on while somebody looks; a page that is left asks for nothing."""
        if self.isVisible():
            self._look()
        else:
            self._timer.stop()

    def _look(self) -> None:
        if self.desk.counter.db.in_transaction:
            return
        before = self.chosen()
        found = orders(self.desk.counter.db)
        self.model.set_rows(found)
        self.shown.setCurrentIndex(0 if found else 1)
        at = next((n for n, one in enumerate(found) if before and one.id == before.id), 0)
        if found:
            self.table.go_to(at)
        self._show()

    def chosen(self) -> OrderView | None:
        """The order that the list stands on."""
        row = self.table.current_row()
        return self.model.row(row) if 0 <= row < self.model.count() else None

    def _show(self) -> None:
        view = self.chosen()
        can = self._can(view)
        self.detail.show_order(view)
        self.off.setVisible(bool(can & {"decline", "call_off"}))
        self.talk.setVisible(view is not None)
        for button in (self.talk, self.off, self.next, self.main):
            button.retranslate()
        self.offer.setVisible("propose" in can)
        owes = view is not None and self._to_shop(view) and not view.fee_open
        self.paid.setVisible("see" in can and owes)
        self.unpaid.setVisible("not_seen" in can)
        self.pick.setVisible(view is not None and view.standing.handover != "done")
        self.next.setVisible(bool(self._next_step()))
        self.main.setVisible(bool(self._main_words()))

    def _can(self, view: OrderView | None) -> set[StepName]:
        if view is None:
            return set()
        return {one.name for one in possible(view.standing, "shop")}

    def _to_shop(self, view: OrderView) -> bool:
        return view.standing.pay_way == "to_shop" or view.standing.payment == "claimed"

    # -- words and acts of the two buttons that follow the order

    def _off_words(self) -> str:
        return _("Tolak") if "decline" in self._can(self.chosen()) else _("Batalkan")

    def _main_words(self) -> str:
        view, can = self.chosen(), self._can(self.chosen())
        if view is None:
            return ""
        if view.clash:
            return _("Sudah beres")
        if "accept" in can:
            return _("Sebut ongkos") if view.fee_open else pgettext("pesanan", "Terima")
        if "refund" in can:
            return _("Sudah dikembalikan")
        if "answer" in can:
            return _("Jawab keluhan")
        if view.standing.order == "ready":
            if view.standing.taken_back:
                return ""  # nothing is handed over for money that is gone
            return _("Beri ke kurir") if view.way == "courier" else _("Serahkan")
        return _("Sudah siap") if "make_ready" in can else ""

    def _main(self) -> None:
        view, can = self.chosen(), self._can(self.chosen())
        if view is None or not self._main_words():
            return
        if view.clash:
            counter, key = self.desk.counter, view.id
            self.desk.run(lambda: settle_clash(counter, key), lambda _done: self._look())
        elif "accept" in can:
            self._offer() if view.fee_open else self._step("accept")
        elif "refund" in can:
            self._step("refund", view.standing.to_give_back)
        elif "answer" in can:
            AnswerPanel(self.desk, self._window, view).ask()
        elif view.standing.order == "ready" and view.way == "courier":
            CourierPanel(self.desk, self._window, view, self.fetched.emit).ask()
        elif view.standing.order == "ready":
            CodePanel(self.desk, self._window, view, self.fetched.emit).ask()
        else:
            self._step("make_ready")

    def _next_step(self) -> StepName | None:
        view, can = self.chosen(), self._can(self.chosen())
        if view is None or view.clash:
            return None
        if "prepare" in can:
            return "prepare"
        if "set_out" in can and view.way == "delivery" and view.standing.handover == "waiting":
            return "set_out"
        for name in ("try_again", "miss", "accept_back", "take_back"):
            # Who comes for it is a courier, whom nobody waits for at the counter.
            if name in can and (name, view.way) != ("miss", "courier"):
                return name
        return None

    def _next_words(self) -> str:
        names = {
            "prepare": _("Siapkan"),
            "set_out": _("Diantar"),
            "try_again": _("Tunggu lagi"),
            "miss": _("Tidak diambil"),
            "accept_back": _("Terima kembali"),
            "take_back": _("Barang kembali"),
        }
        return names.get(self._next_step() or "", "")

    def _next(self) -> None:
        name, view = self._next_step(), self.chosen()
        if name == "accept_back" and view is not None:
            self._ask_back(view)
        elif name is not None:
            self._step(name)

    def _ask_back(self, view: OrderView) -> None:
        """No step leads back from this one."""
        total, counter = format_rupiah(view.standing.total), self.desk.counter
        panel = QuestionPanel(
            "order_back",
            lambda: _("Terima kembali barang pesanan {n}?").format(n=view.number),
            lambda: _(
                "Semua uang pembeli, {amount}, harus dikembalikan. Ini tidak dapat dibatalkan."
            ).format(amount=total),
            Button("order_back_yes", lambda: _("Terima kembali"), kind="danger"),
            lambda: _("Belum"),
            self._window,
        )
        panel.confirmed.connect(
            lambda: self.desk.run(
                lambda: step(counter, view.id, "accept_back"), lambda _done: self._look()
            )
        )
        panel.closed.connect(panel.deleteLater)
        panel.ask()

    def _step(self, name: StepName, amount: int = 0) -> None:
        view = self.chosen()
        if view is None:
            return
        counter, key, number = self.desk.counter, view.id, view.number
        if self.desk.run(lambda: step(counter, key, name, amount=amount)):
            self.desk.say(_("Pesanan {n}: tersimpan.").format(n=number), "ok")
        self._look()

    def _seen(self) -> None:
        view = self.chosen()
        if view is not None:
            counter, key = self.desk.counter, view.id
            self.desk.run(lambda: see(counter, key))
            self._look()

    def _offer(self) -> None:
        view = self.chosen()
        if view is not None:
            OfferPanel(self.desk, self._window, view).ask()

    def _call_off(self) -> None:
        view, can = self.chosen(), self._can(self.chosen())
        if view is not None and can & {"decline", "call_off"}:
            name: StepName = "decline" if "decline" in can else "call_off"
            ReasonPanel(self.desk, self._window, view, name).ask()

    def _talk_words(self) -> str:
        view = self.chosen()
        if view is not None and view.unread:
            return _("Pesan ({n} baru)").format(n=view.unread)
        return pgettext("pesanan", "Pesan")

    def _talk(self) -> None:
        view = self.chosen()
        if view is not None:
            TalkPanel(self.desk, self._window, view).ask()

    def _pick(self) -> None:
        view = self.chosen()
        if view is not None:
            counter, key = self.desk.counter, view.id
            if self.desk.run(lambda: queue_pick_list(counter, key)):
                counter.announce(frozenset({"print_job"}))
                self.desk.say(_("Daftar ambil dicetak."), "ok")

    def _mute(self) -> None:
        self._bell.mute(not self._bell.is_muted)
        self.mute.retranslate()

    def _bell_words(self) -> str:
        return _("Bunyi mati") if self._bell.is_muted else _("Bunyi hidup")

    def _age(self, row: OrderView) -> str:
        return age(row, self.desk.counter.clock.now_ms())


def _buyer(row: OrderView) -> str:
    return row.contact.name if row.contact else "-"


def _total(row: OrderView) -> str:
    return format_rupiah(row.standing.total, symbol=False)
