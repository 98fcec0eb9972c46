"""The sample marketplace: the sample shop's gerai, and two neighbours to order from as well.

Whoever looks around sees a market at once. Nothing is opened that the owner has closed: a gerai
that was opened before stays as it is.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from core.facts.catalog import ProductRecord
from server.accounts.people import add_user
from server.catalog.changing import add_product
from server.catalog.reading import ProductFields
from server.services import Services
from server.shops.adding import UnknownShop, add_shop, find_shop
from server.shops.reading import shop_here
from server.storefront.addresses import claim, free_name, name_of
from server.storefront.face import Face
from server.storefront.settings import Area, change_gerai, gerai_fields

_NOBODY: Final = bytes(16)
_BLANK: Final = ProductRecord(b"", "", "", "", "", "", 0, online=True)


class Gerai(NamedTuple):
    """A gerai that is open; `path` is where its page is."""

    shop_id: bytes
    name: str
    path: str


class _Goods(NamedTuple):
    """Something that a neighbour sells: rupiah a unit, so many on the shelf."""

    name: str
    category: str
    unit: str
    price: int
    qty: int


class _Shop(NamedTuple):
    """A neighbour: its face is a set of colours, a layout and a list of fonts."""

    name: str
    story: str
    district: str
    face: Face
    areas: tuple[Area, ...]
    goods: tuple[_Goods, ...]


_NEIGHBOURS: Final = (
    _Shop(
        "Karawo Ibu Maryam",
        "Kain dan kemeja karawo, disulam tangan di Limboto.",
        "75.01.01",
        Face("ungu", layout="grid"),
        (Area("75.01.01", 5_000), Area("75.01.02", 8_000)),
        (
            _Goods("Kain karawo katun 2 m", "Kain", "lembar", 275_000, 6),
            _Goods("Kemeja karawo pria", "Pakaian", "pcs", 325_000, 4),
            _Goods("Kipas karawo", "Oleh-oleh", "pcs", 45_000, 20),
            _Goods("Selendang karawo sutra", "Kain", "pcs", 1_250_000, 1),
        ),
    ),
    _Shop(
        "Kebun Kopi Pinogu",
        "Kopi dan gula aren dari Pinogu, digiling saat dipesan.",
        "75.01.02",
        Face("merah", layout="list"),
        (),
        (
            _Goods("Kopi Pinogu biji 250 g", "Kopi & teh", "bungkus", 52_000, 18),
            _Goods("Kopi Pinogu bubuk 165 g", "Kopi & teh", "bungkus", 25_000, 30),
            _Goods("Gula aren cetak", "Sembako", "biji", 12_000, 40),
        ),
    ),
)


def open_market(services: Services, sample: bytes, email: str, password: str) -> list[Gerai]:
    """Open the three gerai, all of them the sample owner's: without a counter the neighbours answer
    orders on the owner's pages."""
    neighbours = [_neighbour(services, one) for one in _NEIGHBOURS]
    for shop_id in neighbours:
        add_user(services, email, password, shop_id, "owner")
    _open(services, sample, "Warung contoh: apa yang dijual di kasir, ada di sini.", Face("hijau"))
    return [_shown(services, shop_id) for shop_id in (sample, *neighbours)]


def _neighbour(services: Services, shop: _Shop) -> bytes:
    try:
        return find_shop(services, shop.name).id
    except UnknownShop:
        shop_id = add_shop(services, shop.name).id
    for one in shop.goods:
        values: dict[str, Any] = {n: getattr(_BLANK, n, True) for n in ProductFields._fields}
        fields = ProductFields(**{**values, **_fields_of(one), "active": True})
        add_product(
            services, shop_id, services.new_id(), fields, one.qty * 1000, _NOBODY, form=one.name
        )
    _open(services, shop_id, shop.story, shop.face, shop.areas, shop.district)
    return shop_id


def _fields_of(one: _Goods) -> dict[str, Any]:
    return {"name": one.name, "category": one.category, "unit": one.unit, "price": one.price}


def _open(
    services: Services,
    shop_id: bytes,
    story: str,
    face: Face,
    areas: tuple[Area, ...] = (),
    district: str = "75.01.01",
) -> None:
    with services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
    assert here is not None, "it was added before"
    if name_of(services, shop_id):
        return
    seen = gerai_fields(here)
    wanted = seen._replace(
        gerai_open=True,
        gerai_story=story,
        gerai_face=face,
        gerai_areas=areas,
        gerai_district=district,
    )
    change_gerai(services, shop_id, seen, wanted, _NOBODY)
    claim(services, shop_id, free_name(services, here.name))


def _shown(services: Services, shop_id: bytes) -> Gerai:
    with services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
    assert here is not None, "it was added before"
    return Gerai(shop_id, here.name, f"/toko/{name_of(services, shop_id)}")
