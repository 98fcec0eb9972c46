"""What is done to the lines of the cart by a key or a touch, without asking anything."""

from __future__ import annotations

from collections.abc import Callable

from pos.ui.i18n import _
from pos.ui.keys.keymap import told_keys
from pos.ui.shell.desk import Desk


class Lines:
    """Acts on the current line and on the whole cart."""

    def __init__(self, desk: Desk, show_parked: Callable[[], None]) -> None:
        """`show_parked` leads to the parked carts, where there is nothing to park."""
        self._desk = desk
        self._show_parked = show_parked

    def step(self, pieces: int) -> None:
        """One more or less of the current line."""
        self._desk.run(lambda: self._desk.till.step_quantity(pieces))

    def next_unit(self) -> None:
        """Sell the current line in its next unit."""
        self._desk.run(self._desk.till.next_unit)

    def remove(self) -> None:
        """Take the current line out."""
        if self._desk.till.line is not None:
            self._desk.till.remove()
            self._desk.say(told_keys(_("Baris dihapus. Ctrl+Z mengembalikannya.")))

    def undo(self) -> None:
        """Take the last change back."""
        if not self._desk.till.undo():
            self._desk.say(_("Tidak ada yang dapat dibatalkan."))

    def clear(self) -> None:
        """Empty the cart; a parked copy is kept."""
        if self._desk.till.cart.lines:
            self._desk.run(self._desk.till.clear)
            self._desk.say(told_keys(_("Keranjang dikosongkan. Salinannya diparkir (F7).")))

    def park(self) -> None:
        """Put the cart aside."""
        till = self._desk.till
        if not till.cart.lines:
            self._show_parked()
            return
        self._desk.run(till.park)
        self._desk.say(told_keys(_("Keranjang diparkir. Tekan F7 untuk mengambilnya.")), "ok")
