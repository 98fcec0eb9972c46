"""What the server does by itself so that the index follows within about a second."""

from __future__ import annotations

import logging
from typing import Final

from server.search.indexing import catch_up, due_shops
from server.services import Services

EVERY_S: Final = 0.5
"""How often a process looks for marks."""
SHOPS_A_TURN: Final = 50
_log = logging.getLogger("huyula.search")


class Follower:
    """Goes round the shops that are marked, so that none waits for ever behind busier ones."""

    def __init__(self, services: Services) -> None:
        """Begin anywhere."""
        self._services = services
        self._after = bytes(16)

    def turn(self) -> bool:
        """Bring the next shops up to date; whether there may be more at once."""
        shops = due_shops(self._services, self._after, SHOPS_A_TURN)
        went_round = len(shops) < SHOPS_A_TURN
        again = bool(shops) and (not went_round or self._after != bytes(16))
        self._after = bytes(16) if went_round else shops[-1]
        for shop_id in shops:
            try:
                catch_up(self._services, shop_id)
            except Exception as error:
                # The others are not kept waiting; its marks stay.
                _log.warning("a shop's index does not follow", exc_info=error)
        return again


def follow_all(services: Services) -> None:
    """Bring every marked shop up to date, and return when none is left: for tests and tools."""
    while shops := due_shops(services, bytes(16), SHOPS_A_TURN):
        for shop_id in shops:
            catch_up(services, shop_id)


def rebuild(services: Services, shop_id: bytes) -> None:
    """Reckon all of a shop's rows anew, and wait for whoever is at it."""
    while not catch_up(services, shop_id, whole=True):
        pass
