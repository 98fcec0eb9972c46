"""Opening the window from the command line, and a picture of it where there is no display."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pos.cli.exits import FOLDER
from pos.cli.folder import default_folder

if TYPE_CHECKING:
    from pos.counter import Counter


def open_window(data: Path | None) -> int:
    """Open the counter's window on a data folder."""
    from pos import app

    try:
        return app.run(data or default_folder())
    except Exception as error:
        return _refused(error)


def _refused(error: Exception) -> int:
    from pos.failures import as_refusal
    from pos.messages import sentence

    print(sentence(as_refusal(error), "id"), file=sys.stderr)
    return FOLDER


def write_selling_picture(counter: Counter, file: Path) -> None:
    """Write a picture of the selling screen with a few goods in the cart."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from core import cart as carts
    from pos import app
    from pos.app import picture_of_selling
    from pos.catalog.goods import favourites, one_goods

    cart = carts.EMPTY
    for tile in favourites(counter.db, 4):
        cart, _ = carts.add(cart, one_goods(counter.db, tile.id), tile.unit, 1000)
    picture_of_selling(app.application("light"), counter, cart, file)
