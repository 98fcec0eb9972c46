"""Opening the window from the command line, and a picture of it where there is no display."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path

from core import cart as carts
from core.errors import Refused
from pos.catalog.goods import favourites, one_goods
from pos.cli.session import FOLDER, default_folder
from pos.counter import Counter
from pos.failures import as_refusal
from pos.messages import sentence


def open_window(options: Namespace) -> int:
    """Open the counter's window on a data folder."""
    folder: Path = options.data or default_folder()
    from pos import app

    try:
        return app.run(folder)
    except Exception as error:
        refusal: Refused = as_refusal(error)
        print(sentence(refusal, "id"), file=sys.stderr)
        return FOLDER


def write_selling_picture(counter: Counter, file: Path) -> None:
    """Write a picture of the selling screen with a few goods in the cart."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from pos import app
    from pos.app import picture_of_selling

    cart = carts.EMPTY
    for tile in favourites(counter.db, 4):
        cart, _ = carts.add(cart, one_goods(counter.db, tile.id), tile.unit, 1000)
    picture_of_selling(app.application("light"), counter, cart, file)
