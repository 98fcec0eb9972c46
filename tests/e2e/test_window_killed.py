"""The window's process is killed by SIGKILL and started again: nothing that was seen is gone."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos.shop.sample import sample_barcode
from tests.helpers.process import Machine
from tests.helpers.window_process import Window

SCANS = 12
CUTS = 3
Open = Callable[..., Window]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A shop with sample goods and an open shift."""
    made = Machine(tmp_path)
    made.found()
    return made


@pytest.fixture
def window(machine: Machine) -> Iterator[Open]:
    """Opens windows, one after the other; none outlives the test."""
    made: list[Window] = []

    def opened(dies_at: str = "") -> Window:
        made.append(Window(machine, dies_at))
        return made[-1]

    yield opened
    for one in made:
        one.close()


def receipts(machine: Machine) -> list[str]:
    """The numbers of all receipts, oldest first."""
    return sorted(row["receipt"] for row in machine.run("receipts").lines)


def clean(machine: Machine) -> bool:
    """Whether the journal, folded again, gives the tables that are there."""
    return bool(machine.run("verify").data["ok"])


def test_an_open_cart_is_shown_again_as_it_was(window: Open, machine: Machine) -> None:
    first = window()
    first.scan(1, 2, 2, 5)
    first.do("key +")
    before = first.do("key Ctrl+U")
    assert len(before["cart"]) == 3
    first.kill()
    again = window()
    assert again.first is not None
    assert (again.first["cart"], again.first["total"]) == (before["cart"], before["total"])
    assert again.first["page"] == "selling"
    assert "dilanjutkan" in again.first["said"]
    # It is no picture of a cart: it can be sold.
    again.do("key F9")
    assert again.do("key Return")["page"] == "sale_done"
    again.kill()
    assert len(receipts(machine)) == 1
    assert clean(machine)


def test_what_was_seen_while_scanning_is_there(
    window: Open, machine: Machine, request: pytest.FixtureRequest
) -> None:
    """Killed at any instant of a row of scans; each of them makes a line of its own."""
    chance = random.Random(int(request.config.getoption("hypothesis_seed") or 1))
    shown: list[list[str]] = []
    for _ in range(CUTS):
        now = window()
        assert now.first is not None
        assert now.first["cart"][: len(shown)] == shown
        kept = len(now.first["cart"])
        assert kept <= len(shown) + SCANS
        numbers = range(kept + 1, kept + 1 + SCANS)
        now.send(*(f"scan {sample_barcode(number)}" for number in numbers))
        answers = [now.answer() for _ in range(chance.randrange(SCANS))]
        seen = [one for one in answers if one is not None] + now.kill()
        shown = seen[-1]["cart"] if seen else now.first["cart"]
    last = window()
    assert last.first is not None
    assert last.first["cart"][: len(shown)] == shown
    assert clean(machine)


def test_killed_when_the_sale_is_shown_it_is_there_once(window: Open, machine: Machine) -> None:
    now = window()
    now.scan(1, 5)
    now.do("key F9")
    assert now.do("key Return")["page"] == "sale_done"
    now.kill()
    _one_sale_and_an_empty_cart(window, machine)


def test_killed_before_anybody_sees_the_sale_it_is_there_once(
    window: Open, machine: Machine
) -> None:
    """The moment after the commit: the window has not heard of it, the cart stands on screen."""
    now = window("sale_completed")
    now.scan(1, 5)
    now.do("key F9")
    now.send("key Return")
    assert now.answer() is None
    assert now.process.wait() == -signal.SIGKILL
    _one_sale_and_an_empty_cart(window, machine)


def _one_sale_and_an_empty_cart(window: Open, machine: Machine) -> None:
    (number,) = receipts(machine)
    assert clean(machine)
    again = window()
    assert again.first is not None
    assert (again.first["cart"], again.first["page"]) == ([], "selling")
    again.scan(2)
    again.do("key F9")
    assert again.do("key Return")["page"] == "sale_done"
    again.kill()
    first, second = receipts(machine)
    assert first == number
    assert int(second.rpartition("-")[2]) == int(first.rpartition("-")[2]) + 1
    assert clean(machine)
