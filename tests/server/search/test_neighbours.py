"""Gerai by distance, and what is kept between two readings."""

from __future__ import annotations

from random import Random
from threading import Event, Thread

import pytest

from server.search.kept import Kept
from server.search.neighbours import FAR, Map, Neighbours, Spot
from server.search.places import Point


@pytest.mark.parametrize("seed", range(6))
def test_nearest_first_is_the_order_of_all_by_distance(seed: int) -> None:
    chance = Random(seed)
    centres = [Point(chance.randint(-9, 6) * 10**6, chance.randint(95, 141) * 10**6) for _ in "abc"]
    spots = []
    for _ in range(400):
        middle, wide = chance.choice(centres), chance.choice((0, 3_000, 60_000, 900_000))
        point = Point(*(one + chance.randint(-wide, wide) for one in middle))
        known = point if chance.random() < 0.8 else None
        spots.append(Spot(chance.randbytes(16), chance.choice(("", "a", "b", "c")), known))
    spots += [Spot(chance.randbytes(16), "unknown", None) for _ in range(5)]
    known_map = Map(spots)
    for district, here in (("a", None), ("unknown", None), ("", centres[0]), ("b", centres[1])):
        around = Neighbours(known_map, district, here)
        found = [one.shop for one in around.nearest_first()]
        by_distance = sorted(found, key=lambda shop: (around.metres_to(shop), shop))
        assert found == by_distance and set(found) == {one.shop for one in spots}
    assert Neighbours(known_map, "a", None).metres_to(bytes(16)) == FAR


def test_others_take_the_old_while_one_reads_anew() -> None:
    kept: Kept[str] = Kept(1_000)
    assert kept.get(0, lambda: "old") == "old"
    begun, go_on, said = Event(), Event(), []

    def slow() -> str:
        begun.set()
        assert go_on.wait(10)
        return "new"

    reader = Thread(target=lambda: said.append(kept.get(2_000, slow)))
    reader.start()
    assert begun.wait(10)
    assert kept.get(2_000, lambda: "never") == "old"
    go_on.set()
    reader.join()
    assert said == ["new"] and kept.get(2_500, lambda: "never") == "new"


def test_what_is_empty_is_looked_at_again() -> None:
    kept: Kept[list[int]] = Kept(1_000)
    assert kept.get(0, list) == [] and kept.get(0, lambda: [1]) == [1]
