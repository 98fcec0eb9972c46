"""What a buyer asks for, and the place in a list of answers where the next page begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from core.text import words
from server.search.places import Point
from server.search.reckoning import MOST_LETTERS
from server.storefront.districts import districts

MOST_WORDS: Final = 8
MOST_PRICE: Final = 10**12
Sort = Literal["best", "cheapest", "nearest"]
SORTS: Final[tuple[Sort, ...]] = ("best", "cheapest", "nearest")
_PARTS: Final = 5


@dataclass(frozen=True)
class Asked:
    """A search. Prices in rupiah a base unit; `category` folded; `point`: where the buyer is."""

    text: str = ""
    category: str = ""
    district: str = ""
    least: int | None = None
    most: int | None = None
    available: bool = False
    sort: Sort = "best"
    point: Point | None = None

    @property
    def words(self) -> list[str]:
        """The folded words that are looked for; letters by themselves are too little, and what is
        longer than all of a product's text is in none."""
        found = list(dict.fromkeys(words(self.text)))[:MOST_WORDS]
        if any(len(word) > MOST_LETTERS for word in found):
            return []
        return found if any(len(word) > 1 for word in found) else []

    @property
    def is_too_short(self) -> bool:
        """Whether one letter or digit was typed, of which too much would be found."""
        return sum(map(str.isalnum, self.text)) == 1

    @property
    def is_nothing(self) -> bool:
        """Whether something was typed of which nothing can be looked for."""
        return bool(self.text.strip()) and not self.words

    @property
    def order(self) -> Sort:
        """The order that is used: nearest needs a place to be near to."""
        if self.sort == "nearest" and self.point is None and not self.district:
            return "best"
        return self.sort


class Place(NamedTuple):
    """Where a page ended: the round of the search (`finding`), the keys of its order, shop and
    product."""

    round: int
    first: int
    second: int
    shop: bytes
    product_id: bytes

    def __str__(self) -> str:
        """As it stands in a link."""
        numbers = f"{self.round}.{self.first}.{self.second}"
        return f"{numbers}.{self.shop.hex()}.{self.product_id.hex()}"


def read_place(text: str) -> Place | None:
    """A place as a link has it, None for anything else."""
    parts = text.split(".")
    if len(parts) != _PARTS or len(text) > 120 or not text.isascii():
        return None
    try:
        numbers = [int(part) for part in parts[:3]]
        shop, product_id = (bytes.fromhex(part) for part in parts[3:])
    except ValueError:
        return None
    if len(shop) != 16 or len(product_id) != 16 or any(not 0 <= n < 1 << 60 for n in numbers):
        return None
    return Place(numbers[0], numbers[1], numbers[2], shop, product_id)


def read_price(text: str) -> int | None:
    """Rupiah as people type them ("15.000", "Rp 15000"), None for anything else."""
    digits = text.lower().removeprefix("rp").strip().replace(".", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        return None
    return min(int(digits), MOST_PRICE)


def read_district(text: str) -> str:
    """A kecamatan's code, "" for anything else."""
    return text if text in districts() else ""
