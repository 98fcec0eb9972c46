"""Patterns of our own after karawo."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from server.storefront.karawo import BORDER_CELLS, CELLS, border, cloth, svg

SEEDS = [bytes([number]) * 16 for number in range(60)]


def test_each_shop_has_its_own() -> None:
    assert len({cloth(seed) for seed in SEEDS}) == len(SEEDS)
    assert len({border(seed) for seed in SEEDS}) > len(SEEDS) // 3
    assert cloth(SEEDS[0]) == cloth(SEEDS[0])


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_a_pattern_is_small_and_plain_svg(seed: bytes) -> None:
    for grid, most in ((cloth(seed), 2048), (border(seed), 800)):
        text = svg(grid, "#e0b458")
        assert len(text.encode()) <= most
        tree = ElementTree.fromstring(text)
        assert [one.tag.rpartition("}")[2] for one in tree.iter()] == ["svg", "path"]
        assert all("style" not in one.attrib for one in tree.iter()) and '"' not in text
        assert tree.attrib["width"] == str(len(grid[0]) * 4)


def test_sizes_are_those_of_the_grid() -> None:
    for seed in SEEDS:
        assert len(cloth(seed)) == CELLS and len(border(seed)) == BORDER_CELLS


@pytest.mark.parametrize("colour", ["red", "#fff' onload='alert(1)", "", "url(#a)"])
def test_nothing_but_a_colour_gets_into_it(colour: str) -> None:
    with pytest.raises(ValueError):
        svg(cloth(SEEDS[0]), colour)
