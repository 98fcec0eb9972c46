"""What comes in at the scan field: scans, names, counts, amounts of money, and picks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from core.errors import Refused
from core.money import format_rupiah
from pos.catalog.goods import search, tiles
from pos.messages import sentence
from pos.selling.till import Outcome
from pos.selling.typed import Ahead, typed_ahead
from pos.ui.foundation.look import look
from pos.ui.i18n import _, language, shown_quantity
from pos.ui.keys.keymap import key_of
from pos.ui.selling.cart_table import fit_numbers
from pos.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from pos.ui.selling.screen import SellingScreen

AHEAD_MS = 10_000
"""What was typed ahead and then forgotten is worse than typing it again."""
MOST_RESULTS = 20


class Ringing:
    """Takes what was scanned, typed or touched to the till, and says what came of it."""

    def __init__(self, screen: SellingScreen) -> None:
        """Listen to the screen's field, results and tiles."""
        self._screen = screen
        self._desk = screen.desk
        self._field = screen.field
        self._results = screen.results
        self._drop = QTimer(screen)
        self._drop.setSingleShot(True)
        self._drop.timeout.connect(self.drop_ahead)
        self._field.query_changed.connect(self._typed)
        self._field.accepted.connect(self._accepted)
        self._field.step.connect(self._step)
        self._results.taken.connect(self._take_result)
        # With touch a tap already takes.
        self._results.clicked.connect(
            lambda index: None if look().touch else self._take_result(index.row())
        )
        screen.tiles.picked.connect(self._pick)

    def ahead(self) -> str:
        """What waits for the next goods, as it is shown: "3 x", "Rp 5.000", or nothing."""
        till = self._desk.till
        if till.asked is not None:
            return format_rupiah(till.asked)
        return f"{shown_quantity(till.multiplier)} x" if till.multiplier else ""

    def on_scan(self, text: str) -> None:
        """A code from the scanner, whatever has the focus."""
        self._field.clear()
        self._tell(self._desk.till.scan(text))

    def _tell(self, outcome: Outcome) -> None:
        if outcome.kind == "added":
            self._field.flash("ok")
            self._desk.sound("found")
            self._desk.say("")
        elif outcome.kind == "receipt":
            self._screen.receipt_asked.emit(outcome.text)
        elif outcome.kind == "unknown":
            self._unknown(outcome)
        elif outcome.refusal is not None:
            self._field.flash("bad")
            self._desk.refuse(outcome.refusal)

    def _unknown(self, outcome: Outcome) -> None:
        self._field.flash("bad")
        self._desk.sound("unknown")
        refusal = outcome.refusal or Refused()

        def text() -> str:
            waiting = len(self._desk.till.unknown)
            more = _(" Belum dikenal: {count}.").format(count=waiting) if waiting > 1 else ""
            return sentence(refusal, language()) + more

        self._screen.notices.tell(
            Notice(
                "unknown",
                text,
                "warn",
                action=lambda: _("Barang baru"),
                act=self.new_product,
                shortcut=key_of("new_product"),
            )
        )

    def new_product(self) -> None:
        """Write the last unknown code down as a product."""
        unknown = self._desk.till.unknown
        if unknown:
            self._screen.asking.new_product(unknown[-1], self._unknown_solved)

    def _unknown_solved(self) -> None:
        if not self._desk.till.unknown:
            self._screen.notices.solved("unknown")

    def _typed(self, text: str) -> None:
        ahead = typed_ahead(text)
        if ahead is not None:
            self._keep_ahead(ahead)
            return
        if text in ("+", "-") and self._desk.till.line is not None:
            self._field.clear()
            self.act(text)
            return
        if text.strip():
            model = self._screen.results_model
            model.set_rows(search(self._desk.counter.db, text, MOST_RESULTS))
            fit_numbers(self._results, model)
            self._results.go_to(0)
        self._screen.show_page()

    def follow(self) -> None:
        """Show what was found with the prices and stock of now. No row moves or goes: one may be
        under a finger, and what cannot be sold any more is refused when it is taken."""
        model = self._screen.results_model
        if not self._field.text().strip() or not model.count():
            return
        shown = [model.row(at) for at in range(model.count())]
        now = {one.id: one for one in tiles(self._desk.counter.db, [one.id for one in shown])}
        model.set_rows([now.get(one.id, one) for one in shown])
        fit_numbers(self._results, model)

    def _keep_ahead(self, ahead: Ahead) -> None:
        self._field.clear()
        till = self._desk.till
        keep = till.set_asked if ahead.kind == "money" else till.set_multiplier
        if self._desk.run(lambda: keep(ahead.text)) and ahead.text:
            self._drop.start(AHEAD_MS)
            if ahead.kind == "money":
                self._desk.say(
                    _("{amount} untuk barang timbangan berikutnya. Esc membatalkannya.").format(
                        amount=self.ahead()
                    )
                )

    def drop_ahead(self) -> bool:
        """Forget a count or an amount that still waits; False where none does."""
        waits = bool(self.ahead())
        self._desk.till.set_multiplier("")
        self._desk.say("")
        return waits

    def _count_line(self) -> None:
        """Enter behind `5*` and nothing else: the current line counts so often."""
        till = self._desk.till
        waits = till.multiplier
        if waits and till.line is not None and self._desk.run(lambda: till.set_quantity(waits)):
            self.drop_ahead()
            self._screen.show_page()

    def _accepted(self, text: str) -> None:
        if not text.strip():
            self._count_line()
            return
        if self._screen.results_model.count():
            self._take_result(max(0, self._results.current_row()))
        else:
            self._field.clear()
            self._tell(self._desk.till.scan(text.strip()))

    def _take_result(self, row: int) -> None:
        model = self._screen.results_model
        if 0 <= row < model.count():
            self._pick(model.row(row).id)

    def _pick(self, product_id: bytes) -> None:
        self._field.clear()
        self._tell(self._desk.till.pick(product_id))

    def _step(self, by: int) -> None:
        if self._field.text().strip():
            self._results.step(by)
        else:
            till = self._desk.till
            till.select(max(0, till.selected + by))

    def act(self, char: str) -> bool:
        """A character typed outside a text field: plus and minus change the current line."""
        if char in "+-" and self._desk.till.line is not None and not self._field.text():
            self._screen.lines.step(1 if char == "+" else -1)
            return True
        return False
