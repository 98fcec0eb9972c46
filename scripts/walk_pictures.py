"""The way of an order as pictures: the buyer's phone beside the counters of two shops, into
docs/screens/walk.

Everything is real: a service, a gateway's sandbox, Chromium, and two windows on displays of their
own that hear of orders by themselves.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Page  # noqa: E402

from tests.helpers.chromium import running_chromium  # noqa: E402
from tests.helpers.display import displayed, end, until  # noqa: E402
from tests.helpers.market_walk import Buyer, Market, running_market  # noqa: E402
from tests.helpers.screen import Screen  # noqa: E402

PLACE: Final = ROOT / "docs/screens/walk"
PHONE: Final = {"width": 360, "height": 768}
COUNTER: Final = "1024x768"
SHOWN: Final = 0.6
_TYPING_S: Final = 0.25
"""As a person types; faster, and a scanner seems to."""

_GAP: Final = 16
_AROUND: Final = (120, 120, 120)


class Walk:
    """Two counters, a phone, and what they show at each stage."""

    def __init__(self, page: Page, counters: tuple[Screen, Screen], place: Path) -> None:
        """`place` is a folder for what is in work."""
        self._page, self._counters, self._place = page, counters, place
        self.stage = 0

    def show(self, name: str) -> None:
        """Keep what all three show, side by side."""
        shown = [Image.open(BytesIO(self._page.screenshot()))]
        shown += [self.still(one) for one in self._counters]
        width = sum(one.width for one in shown) + _GAP * (len(shown) - 1)
        whole = Image.new("RGB", (width, max(one.height for one in shown)), _AROUND)
        left = 0
        for one in shown:
            whole.paste(one.convert("RGB"), (left, 0))
            left += one.width + _GAP
        self.stage += 1
        size = int(whole.width * SHOWN), int(whole.height * SHOWN)
        small = whole.resize(size, Image.Resampling.LANCZOS)
        small.quantize(128).save(PLACE / f"{self.stage}-{name}.png", optimize=True)
        print(f"{self.stage}-{name}")

    def still(self, counter: Screen) -> Image.Image:
        """What a counter shows once it paints no more."""
        file, before = self._place / "counter.png", b""

        def stands() -> bool:
            nonlocal before
            counter.keep(file)
            now = file.read_bytes()
            before, same = now, now == before
            return same

        until(stands, "a counter paints without end")
        return Image.open(BytesIO(before))

    def each(self, act: Callable[[Screen], None]) -> None:
        """The same at both counters."""
        for one in self._counters:
            act(one)


def _order(screen: Screen) -> tuple[str, str]:
    """How far the only order of a counter is, and whether it is paid."""
    found = screen.rows("SELECT state, payment FROM online_order")
    return found[0] if found else ("", "")


def _is(screen: Screen, state: str) -> None:
    until(lambda: _order(screen)[0] == state, f"no order is {state}")


def _press(screen: Screen, *keys: str) -> None:
    screen.display.press(*keys)


def walk(market: Market, page: Page, counters: tuple[Screen, Screen], place: Path) -> None:
    """From the search to the reviews."""
    buyer, shown = Buyer(page, market.url, script=True), Walk(page, counters, place)
    buyer.put_into_basket(market.kopi.goods)
    shown.show("found")
    buyer.put_into_basket(market.kain.goods)
    paid, there = buyer.order(market)
    shown.each(lambda one: _is(one, "placed"))
    shown.show("ordered")
    shown.each(_open_orders)
    shown.each(lambda one: _press(one, "F9"))
    shown.each(lambda one: _is(one, "accepted"))
    buyer.sees(paid, "Bayar sekarang")
    shown.show("accepted")
    buyer.pay(paid)
    buyer.sees(paid, re.compile(r"dibayar Rp\s25\.000"), 60_000)
    until(lambda: _order(counters[0])[1] == "paid", "the payment did not reach the counter")
    shown.show("paid")
    shown.each(lambda one: _press(one, "F9"))
    shown.each(lambda one: _is(one, "ready"))
    _hand_over(buyer, shown, counters, (paid, there))
    for order, shop in ((paid, market.kopi), (there, market.kain)):
        buyer.sees(order, "Sudah diserahkan")
        buyer.review(order, f"{shop.goods} bagus sekali, terima kasih.")
    shown.show("reviewed")


def _sold(screen: Screen) -> None:
    until(lambda: screen.number("SELECT count(*) FROM sale") == 1, "nothing was sold")


def _open_orders(screen: Screen) -> None:
    screen.display.ask("key", "--clearmodifiers", "ctrl+o")
    until(lambda: screen.shows("orders"), "the orders did not open")


def _hand_over(
    buyer: Buyer, shown: Walk, counters: tuple[Screen, Screen], orders: tuple[str, str]
) -> None:
    """One is paid for already, the other is paid in cash."""
    for screen, order in zip(counters, orders, strict=True):
        digits = buyer.digits(order)
        _press(screen, "F9")
        shown.still(screen)
        for digit in digits:
            _press(screen, digit)
            time.sleep(_TYPING_S)
    shown.show("code")
    shown.each(lambda one: _press(one, "Return"))
    until(lambda: counters[1].shows("payment"), "nothing is to be paid")
    shown.show("to-pay")
    _press(counters[1], "Return")
    shown.each(_sold)
    shown.show("handed-over")


def main() -> int:
    """Walk it and keep the pictures."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_market(Path(folder)) as market:
        shops = (market.kopi.counter, market.kain.counter)
        with displayed(COUNTER) as left, displayed(COUNTER) as right, running_chromium() as browser:
            counters = Screen(left, shops[0]), Screen(right, shops[1])
            try:
                for screen in counters:
                    screen.opens()
                    until(lambda one=screen: one.shows("selling"), "it does not sell")  # type: ignore[misc]
                page = browser.new_context(viewport=PHONE, locale="id-ID").new_page()  # type: ignore[arg-type]
                walk(market, page, counters, Path(folder))
            finally:
                for screen in counters:
                    end(screen.process)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
