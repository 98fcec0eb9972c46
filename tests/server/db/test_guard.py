from __future__ import annotations

import pytest
from sqlalchemy import (
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.db.guard import UnnamedShop, check_directory_only, check_names_shop
from server.db.schema import SHOP
from server.db.schema.directory import account
from server.db.schema.shops import device, shop, shop_feed
from server.db.store import Store
from server.db.types import Id
from tests.helpers.shops import A, B, any_row, fill_every_table

_OTHER = device.alias("other")
_NAMED = select(device.c.device).where(device.c.shop_id == SHOP)

GOOD = {
    "select": _NAMED,
    "the parameter on the left": select(device).where(SHOP.__eq__(device.c.shop_id)),
    "lock": select(shop_feed).where(shop_feed.c.shop_id == SHOP).with_for_update(key_share=True),
    "count": select(func.count()).select_from(device).where(device.c.shop_id == SHOP),
    "join": select(device, shop)
    .join(shop, (shop.c.shop_id == device.c.shop_id) & (shop.c.shop_id == SHOP))
    .where(device.c.shop_id == SHOP),
    "alias": select(_OTHER).where(_OTHER.c.shop_id == SHOP),
    "subquery": select(_NAMED.subquery()),
    "common table": select(_NAMED.cte("c")),
    "exists": select(shop).where(
        shop.c.shop_id == SHOP,
        exists().where(device.c.shop_id == SHOP, device.c.device == shop.c.server_device),
    ),
    "union": union_all(_NAMED, _NAMED),
    "update": update(device).where(device.c.shop_id == SHOP).values(waiting=1),
    "delete": delete(device).where(device.c.shop_id == SHOP, device.c.waiting == 0),
    "insert": insert(shop).values(shop_id=SHOP, name="x"),
    "insert from a query": insert(device).from_select(
        ["shop_id", "device"],
        select(SHOP.label("s"), device.c.device).where(device.c.shop_id == SHOP),
    ),
    "upsert": upsert(shop)
    .values(shop_id=SHOP, name="x")
    .on_conflict_do_update(index_elements=["shop_id"], set_={"name": "y"}),
    "directory": select(account),
}
BAD = {
    "nothing named": select(device),
    "a value in place of the parameter": select(device).where(device.c.shop_id == b"1" * 16),
    "only perhaps": select(device).where(or_(device.c.shop_id == SHOP, device.c.waiting == 0)),
    "not": select(device).where(~(device.c.shop_id == SHOP)),
    "larger": select(device).where(device.c.shop_id > SHOP),
    "one of two": select(device, shop).where(device.c.shop_id == SHOP),
    "tied through another only": select(device)
    .join(shop, shop.c.shop_id == device.c.shop_id)
    .where(device.c.shop_id == SHOP),
    "alias": select(_OTHER).where(device.c.shop_id == SHOP),
    "subquery": select(select(device.c.device).subquery()).where(SHOP == SHOP),
    "the same table inside and outside": select(device, select(device.c.device).subquery()).where(
        device.c.shop_id == SHOP
    ),
    "exists": select(shop).where(
        shop.c.shop_id == SHOP, exists().where(device.c.device == shop.c.server_device)
    ),
    "scalar": select(select(func.count()).select_from(device).scalar_subquery()),
    "union": union_all(_NAMED, select(device.c.device)),
    "count": select(func.count()).select_from(device),
    "update": update(device).values(waiting=1),
    "update moves a row": update(device).where(device.c.shop_id == SHOP).values(shop_id=SHOP),
    "update by a subquery": update(device)
    .where(device.c.shop_id == SHOP)
    .values(waiting=select(func.max(_OTHER.c.waiting)).scalar_subquery()),
    "delete": delete(device),
    "insert": insert(shop).values(name="x"),
    "insert for another": insert(shop).values(shop_id=b"2" * 16),
    "insert from a query": insert(device).from_select(["device"], select(device.c.device)),
    "insert from a query for another": insert(device).from_select(
        ["shop_id", "device"],
        select(literal(b"2" * 16), device.c.device).where(device.c.shop_id == SHOP),
    ),
    "insert of many": insert(shop).values([{"shop_id": b"2" * 16, "name": "x"}]),
    "upsert moves a row": upsert(shop)
    .values(shop_id=SHOP, name="x")
    .on_conflict_do_update(index_elements=["shop_id"], set_={"shop_id": b"2" * 16}),
    "text": text("SELECT 1"),
    "text in a condition": select(device).where(device.c.shop_id == SHOP, text("1 = 1")),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_statement_that_names_its_shop_passes(name: str) -> None:
    check_names_shop(GOOD[name])
    check_names_shop(GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_a_statement_that_does_not_is_a_fault(name: str) -> None:
    for _ in range(2):
        with pytest.raises(UnnamedShop):
            check_names_shop(BAD[name])


@pytest.mark.parametrize("name", [name for name in GOOD if name != "directory"])
def test_the_directory_reaches_no_shop(name: str) -> None:
    with pytest.raises(UnnamedShop):
        check_directory_only(GOOD[name])


def test_the_directory_reaches_itself() -> None:
    check_directory_only(select(account).where(account.c.email == "x"))
    check_directory_only(insert(account).values(email="x"))


def test_what_passed_once_does_not_let_its_likeness_pass() -> None:
    def naming(value: object) -> object:
        return select(device).where(device.c.shop_id == value, device.c.waiting == 3)

    check_names_shop(naming(SHOP))  # type: ignore[arg-type]
    for other in (b"1" * 16, bindparam("shop_too", b"1" * 16, type_=Id)):
        with pytest.raises(UnnamedShop):
            check_names_shop(naming(other))  # type: ignore[arg-type]
    check_names_shop(naming(SHOP))  # type: ignore[arg-type]


def test_a_parameter_of_the_same_name_is_filled_with_the_shop_all_the_same(store: Store) -> None:
    fill_every_table(store, A)
    fill_every_table(store, B)
    named = bindparam("shop", A, type_=Id)
    with store.reading_shop(B) as tx:
        rows = tx.rows(select(device).where(device.c.shop_id == named))
    assert {row.shop_id for row in rows} == {B}


def test_each_row_of_an_insert_names_the_shop() -> None:
    named = {name: bindparam(name) for name in any_row(device)}
    check_names_shop(insert(device).values([{"shop_id": SHOP, **named}] * 2))
    for other in (A, bindparam("shop_too", A, type_=Id)):
        with pytest.raises(UnnamedShop):
            check_names_shop(
                insert(device).values([{"shop_id": SHOP, **named}, {"shop_id": other, **named}])
            )
