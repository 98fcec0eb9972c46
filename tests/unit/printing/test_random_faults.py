"""Whatever goes wrong in whatever order: once on paper, or a question to a person."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from pos.printing.jobs import ASKING, FINAL, cancel, job, jobs, print_again
from pos.printing.proof import queue_differences
from tests.printing_tools.fake_printer import PrinterModel
from tests.printing_tools.shop import PrintShop

FAULTS = ("paper", "cover", "die", "off", "silent", "hold", "deaf", "restart", "crash")


class Fault(NamedTuple):
    """What happens, how far into the bytes, and after how many waits it is mended."""

    kind: str
    at: int
    mended_after: int
    wanted: bool


class Crash(BaseException):
    """The program is killed."""


faults = st.builds(
    Fault, st.sampled_from(FAULTS), st.integers(0, 420), st.integers(1, 12), st.booleans()
)


def _begin(shop: PrintShop, fault: Fault) -> None:
    model = shop.model
    if fault.kind == "paper":
        model.paper_left = fault.at
    elif fault.kind == "cover":
        model.cover = True
    elif fault.kind == "die":
        shop.dies_after = fault.at
    elif fault.kind == "off":
        shop.unreachable = "unreachable"
    elif fault.kind == "silent":
        model.silent = True
    elif fault.kind == "hold":
        model.holds_answers = True
    elif fault.kind == "deaf":
        model.reads_no_more = True
    elif fault.kind == "restart":
        shop.worker = shop.new_worker()


def _mend(shop: PrintShop) -> None:
    shop.unreachable = ""
    shop.dies_after = -1
    shop.model.silent = shop.model.reads_no_more = False
    shop.model.let_answers_go()
    shop.model.reload()


def _trouble(shop: PrintShop, number: int, fault: Fault) -> None:
    """Set the fault off; it is mended while the worker waits, or somebody gives up."""
    waits = [0]

    def while_waiting() -> None:
        waits[0] += 1
        if fault.kind == "crash" and waits[0] == fault.mended_after:
            raise Crash
        if not fault.wanted and job(shop.db, number).state == "stalled":
            cancel(shop.db, number, shop.now_ms())
        if waits[0] >= fault.mended_after:
            _mend(shop)

    _begin(shop, fault)
    shop.while_waiting = while_waiting
    for _ in range(3):
        try:
            shop.step()
        except Crash:
            shop.worker = shop.new_worker()
    shop.while_waiting = lambda: None
    _mend(shop)


def _drain(shop: PrintShop) -> None:
    for _ in range(40):
        if shop.step() == ("", ""):
            return
    raise AssertionError("the queue does not come to rest")


@settings(max_examples=150)
@given(
    level=st.sampled_from("ABCD"),
    known=st.booleans(),
    capacity=st.integers(40, 3000),
    course=st.lists(faults, min_size=1, max_size=5),
)
def test_each_receipt_once_or_offered(
    level: str, known: bool, capacity: int, course: list[Fault]
) -> None:
    shop = PrintShop(PrinterModel(level, capacity), level if known else "")
    receipts: list[int] = []
    pulses = 0
    for n, fault in enumerate(course):
        if fault.at % 3 == 0:
            shop.add(f"K1-{n:06d}", "pulse")
            pulses += 1
        receipts.append(shop.add(f"K1-{n:06d}"))
        _trouble(shop, receipts[-1], fault)
    _drain(shop)

    assert shop.model.pulses <= pulses
    assert queue_differences(shop.db) == []
    for row in jobs(shop.db):
        assert row.state in ASKING, "at rest a job is done or asks"
    for number in receipts:
        row = job(shop.db, number)
        assert shop.begun(number) <= 1, "never doubled by itself"
        assert row.state in (*FINAL, *ASKING)
        if row.state in ("printed", "sent"):
            assert shop.whole(number) == 1, f"{row.state} {row.cause} without paper"


@settings(max_examples=40)
@given(level=st.sampled_from("AB"), fault=faults)
def test_a_reprint_says_so_and_comes_out_whole(level: str, fault: Fault) -> None:
    shop = PrintShop(PrinterModel(level), level)
    number = shop.add()
    _trouble(shop, number, fault)
    _drain(shop)
    row = job(shop.db, number)
    if row.state not in ASKING:
        return
    again = print_again(shop.db, number, shop.now_ms())
    _drain(shop)
    assert job(shop.db, again).copy == 1
    assert job(shop.db, again).state == "printed"
    assert shop.whole(again) == 1
