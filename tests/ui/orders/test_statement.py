"""The statement of orders at the counter: the server's figures, by the month, by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from core.orders.statement import ByWay, OfOrder, Open, OrderStatement, PaidOut
from pos.orders import statement as asked_of
from pos.orders.statement import StatementAway, figures, month_of
from pos.orders.statement_paper import statement_document
from pos.ui.i18n import set_language
from pos.ui.orders import statement as shown_by
from pos.ui.orders.statement import StatementPage
from tests.ui.hands import Hands

MONTH = OrderStatement(
    "2026-11-01", "2026-11-26", 2, 1_250_000_000, 5_000, 2_000,
    (ByWay("counter", 20_000, 0, 0, 0), ByWay("midtrans", 30_000, 1_000, 2_000, 210, 21_300)),
    Open(owed=7_000, at_providers=5_490, beyond=900),
    (OfOrder(12, "2026-11-20", 20_000, 0, 0, 20_000, 0, 0, 0, 0),
     OfOrder(14, "2026-11-21", 30_000, 5_000, 2_000, 0, 0, 26_000, 210, 7_000)),
    False,
    (PaidOut("2026-11-25", "midtrans", 21_300, 150),
     PaidOut("2026-11-26", "midtrans-sandbox", -400, 0)),
)  # fmt: skip


class Told:
    """What the server would say of each month, and which were asked for."""

    def __init__(self) -> None:
        self.months: list[tuple[str, str]] = []
        self.answer: OrderStatement | Exception = MONTH

    def asker(
        self, _counter: object, _send: object, first: str, last: str
    ) -> Callable[[], OrderStatement]:
        """As `statement_asker`."""
        self.months.append((first, last))
        answer = self.answer

        def ask() -> OrderStatement:
            if isinstance(answer, Exception):
                raise answer
            return answer

        return ask


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    made = Told()
    monkeypatch.setattr(shown_by, "statement_asker", made.asker)
    monkeypatch.setattr(shown_by, "server", lambda _db: type("At", (), {"url": "https://x"}))
    return made


def view_of(hands: Hands, qtbot: QtBot) -> StatementPage:
    """The page, after its answer came."""
    hands.window.ordering.show()
    hands.press("F2")
    page = hands.window.pages.currentWidget()
    assert isinstance(page, StatementPage)
    qtbot.waitUntil(lambda: not _waits(page))
    return page


def _waits(view: StatementPage) -> bool:
    return view.stack.currentWidget().objectName() == "statement_waiting"


def rows(view: StatementPage) -> list[tuple[str, str]]:
    """The sums as they are shown."""
    first, second = view.sums.columns
    return [(first.text(one).strip(), second.text(one)) for one in figures_of(view)]


def figures_of(view: StatementPage) -> list[asked_of.Figure]:
    return [view.sums.row(at) for at in range(view.sums.count())]


def test_the_servers_figures_are_shown_in_words_and_the_orders_beside_them(
    hands: Hands, qtbot: QtBot, told: Told
) -> None:
    view = view_of(hands, qtbot)
    said = rows(view)
    assert ("Pendapatan", "Rp 1.250.003.000") in said
    assert ("Di kasir", "") in said and ("Midtrans", "") in said
    assert ("Biaya penyedia", "-210") in said and ("Bersih", "Rp 26.790") in said
    assert ("Belum dibayar pembeli", "7.000") in said
    sandbox = "26 Nov 2026 · Midtrans (sandbox)"
    paid_out = [("25 Nov 2026 · Midtrans", "21.300"), ("Biaya pencairan", "-150")]
    at = said.index(("Pencairan", ""))
    assert said[at + 1 : at + 4] == [*paid_out, (sandbox, "-400")]
    # On the smallest screen whose it is can be read, and when an order was handed over.
    hands.window.resize(1024, 768)
    for table, at, text in (
        (view.sums_table, 0, f"   {sandbox}"),
        (view.orders_table, 1, view.orders.columns[1].text(MONTH.orders[0])),
    ):
        assert table.fontMetrics().horizontalAdvance(text) <= table.columnWidth(at) - 24
    assert ("Cair ke rekening", "21.300") in said and ("Masih di penyedia", "5.490") in said
    assert ("Cair di luar catatan", "900") in said
    assert view.orders.count() == 2 and view.sums_table.hasFocus()
    set_language("en")
    assert ("Income", "Rp 1.250.003.000") in rows(view)
    set_language("id")


def test_keys_turn_the_months_and_not_into_the_future(
    hands: Hands, qtbot: QtBot, told: Told
) -> None:
    view = view_of(hands, qtbot)
    today = view.desk.counter.today()
    for key, back in (("F4", 1), ("F4", 2), ("F5", 1), ("F5", 0), ("F5", 0)):
        hands.press(key)
        qtbot.waitUntil(lambda: not _waits(view))
        assert told.months[-1] == month_of(today, back)
    assert not view.later.isEnabled()
    hands.press("Escape")
    assert hands.window.pages.currentWidget().objectName() == "orders"


def test_without_a_server_an_answer_or_orders_it_says_so(
    hands: Hands, qtbot: QtBot, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.answer = StatementAway()
    view = view_of(hands, qtbot)
    assert view.stack.currentWidget().objectName() == "statement_away"
    assert view.document() is None and not view.pdf.isEnabled() and not view.print.isEnabled()
    told.answer = OrderStatement("2026-11-01", "2026-11-26", 0, 0, 0, 0, (), Open(), (), False)
    hands.press("F9")
    qtbot.waitUntil(lambda: not _waits(view))
    assert view.stack.currentWidget().objectName() == "statement_nothing"
    monkeypatch.setattr(shown_by, "server", lambda _db: None)
    hands.press("F9")
    assert view.stack.currentWidget().objectName() == "statement_alone"


def test_it_is_kept_as_pdf_with_the_same_figures(
    hands: Hands, qtbot: QtBot, told: Told, tmp_path: Path
) -> None:
    view = view_of(hands, qtbot)
    document = view.document()
    assert document is not None
    shown = repr(document)
    for figure in figures(MONTH):
        assert figure.amount is None or f"{abs(figure.amount):,}".replace(",", ".") in shown
    shown_by.save_pdf(view.desk, document, tmp_path / "p.pdf")
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF")
    assert "'  MIDTRANS'" in shown and "'  MIDTRANS (sandbox)'" in shown
    assert statement_document(view.desk.counter.settings, MONTH) == document


@pytest.mark.parametrize(
    ("day", "back", "days"),
    [
        ("2026-11-26", 0, ("2026-11-01", "2026-11-26")),
        ("2026-11-26", 1, ("2026-10-01", "2026-10-31")),
        ("2026-01-05", 1, ("2025-12-01", "2025-12-31")),
        ("2024-03-31", 1, ("2024-02-01", "2024-02-29")),
        ("2026-11-26", 12, ("2025-11-01", "2025-11-30")),
    ],
)
def test_months(day: str, back: int, days: tuple[str, str]) -> None:
    assert month_of(day, back) == days


def test_what_a_bank_took_back_is_not_called_unpaid(hands: Hands, qtbot: QtBot, told: Told) -> None:
    taken = OfOrder(15, "2026-11-22", 30_000, 0, 0, 0, 0, 0, 0, 30_000, 30_000)
    part = OfOrder(16, "2026-11-22", 30_000, 5_000, 0, 0, 0, 0, 0, 35_000, 30_000)
    told.answer = msgspec.structs.replace(MONTH, orders=(taken, part))
    view = view_of(hands, qtbot)
    column = view.orders.columns[-1]
    assert column.text(taken) == "ditarik bank 30.000" and column.text(part) == "35.000"
    paper = repr(view.document())
    assert paper.count("ditarik kembali bank") == 2 and paper.count("  belum dibayar") == 1
