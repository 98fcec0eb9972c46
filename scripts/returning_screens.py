"""What comes back, for `make screens`: refund, exchange, and another way of paying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from pos.ui.receipts.refund import RefundPage

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


RETURNING: Sequence[tuple[str, Show]] = (
    ("refund", _refund),
    ("exchange", _exchange),
    ("swap", _swap),
)
