"""What a shop may not sell online, and that older entries know nothing of the gerai."""

from __future__ import annotations

import msgspec
import pytest

from core.contract import decode_body, encode_body
from core.facts.base import Header
from core.facts.catalog import ProductAdded, ProductRecord
from core.online import kept_offline
from core.sync.snapshot import Product


@pytest.mark.parametrize(
    ("category", "name", "why"),
    [
        ("Rokok", "Surya 12", "tobacco"), ("ROKOK, dll", "Surya", "tobacco"),
        ("Rokok elektrik", "Pod", "tobacco"), ("", "Rokok kretek isi 12", "tobacco"),
        ("Alat rumah", "Asbak rokok", ""), ("", "Asbak rokok", ""),
        ("Sembako", "Rokok", ""),
        ("Obat keras", "Amoksisilin", "medicine"), ("Obat daftar-G", "X", "medicine"),
        ("Psikotropika", "X", "medicine"), ("Antibiotik", "X", "medicine"),
        ("Obat bebas", "Parasetamol", ""), ("Obat bebas terbatas", "X", ""), ("Vitamin", "C", ""),
        ("Minuman keras", "X", "alcohol"), ("Bir", "X", "alcohol"), ("Birama", "X", ""),
        ("Minuman tanpa alkohol", "Bir pletok", ""), ("", "Bir", "alcohol"), ("", "", ""),
    ],
)  # fmt: skip
def test_goods_are_kept_offline_by_the_words_of_their_category(
    category: str, name: str, why: str
) -> None:
    assert kept_offline(category, name) == why


def test_an_entry_from_before_the_gerai_reads_as_not_sold_online() -> None:
    record = ProductRecord(b"i" * 16, "", "Gula", "", "", "kg", 17_500)
    header, (product, opening) = msgspec.msgpack.decode(
        encode_body(Header(1, b"", 1, "2026-11-24"), ProductAdded(record))
    )
    assert product[16] is False
    old = msgspec.msgpack.encode([header, [product[:16], opening]])
    _, fact = decode_body("product_added", 1, old)
    assert isinstance(fact, ProductAdded) and fact.product == record


def test_a_snapshot_from_before_the_gerai_is_read() -> None:
    row = Product(b"i" * 16, "", "Gula", "", "", "kg", 1, None, "kena", 0, False, False, True,
                  b"", b"", 0, 0, 0, (), (), (), True, "tidak")  # fmt: skip
    old = msgspec.msgpack.decode(msgspec.msgpack.encode(row))[:-2]
    read = msgspec.msgpack.decode(msgspec.msgpack.encode(old), type=Product)
    assert (read.online, read.halal) == (False, "")
