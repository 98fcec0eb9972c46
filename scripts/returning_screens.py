"""What comes back, for `make screens`: refund, exchange, another way of paying, which receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from pos.receipts.naming import receipts_named
from pos.ui.receipts.refund import RefundPage
from pos.ui.receipts.which import WhichReceipt

if TYPE_CHECKING:
    from screens import Stage

Show = Callable[["Stage"], object]


def _refund(stage: Stage) -> None:
    sale = stage.sale()
    stage.fresh().show_refund(sale.receipt)
    page = stage.page()
    assert isinstance(page, RefundPage)


def _exchange(stage: Stage) -> None:
    _refund(stage)
    page = stage.page()
    assert isinstance(page, RefundPage)
    page.reason.setText("salah ukuran")
    page.findChild(QWidget, "refund_1_more").click()  # type: ignore[union-attr]
    page.findChild(QWidget, "exchange").click()  # type: ignore[union-attr]
    stage.scan(7, 12)


def _swap(stage: Stage) -> None:
    stage.fresh().show_receipt(stage.sale().receipt)
    stage.page().findChild(QWidget, "swap").click()  # type: ignore[union-attr]


def _which(stage: Stage) -> None:
    """Two receipts of one number: this counter's, and one of a counter that it met later."""
    sale = stage.sale()
    stage.fresh().show_receipt()
    counter = stage.counter
    (own,) = receipts_named(counter.db, sale.receipt)
    other = own._replace(at_ms=own.at_ms - 5_400_000, due=86_500, mark="7Q2M", register="K2 Pasar")
    zone = counter.settings.zone
    WhichReceipt((own, other), zone, stage.window, lambda _one: None).ask()


RETURNING: Sequence[tuple[str, Show]] = (
    ("refund", _refund),
    ("exchange", _exchange),
    ("swap", _swap),
    ("which-receipt", _which),
)
