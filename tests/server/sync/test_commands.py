"""What an operator sees of the feeds, and the way back after a restored database."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from sqlalchemy import select, update

from core.contract import KINDS
from core.facts.sync import DocumentsMerged
from server.cli.main import main
from server.db.schema import SHOP, catalog, journal, trade
from server.db.schema.directory import server_value
from server.db.store import Store
from server.db.types import show_id
from server.services import Services
from server.sync.allotments import append_server_fact
from server.sync.restoring import RestoredFirst, begin_epochs, check_not_restored
from server.sync.upgrading import fold_known_kinds
from server.sync.verifying import verify
from tests.helpers.postgres import Cluster
from tests.helpers.sync_client import added, fresh_id, line, sale
from tests.server.sync.conftest import Shop


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(text) for text in capsys.readouterr().out.splitlines()]


def test_lists_and_proof_are_one_object_a_line(
    shop: Shop, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    counter, goods = shop.joined(), fresh_id()
    counter.write(added(goods, 5_500, 50_000))
    counter.write(sale(1, goods, [line(goods)]))
    counter.write(sale(1, goods, [line(goods)]))
    shop.push(counter)
    common = ["--db", address, "--json"]
    assert main([*common, "sales", show_id(shop.id)]) == 0
    first, second = _lines(capsys)
    assert (first["receipt"], first["register"], first["total"]) == ("K1-000001", "K1", 15_000)
    assert (first["business_date"], first["flags"]) == ("2026-11-24", [])
    assert second["flags"] == ["number_again"]
    assert main([*common, "stock", show_id(shop.id)]) == 0
    (row,) = _lines(capsys)
    assert (row["stock"], row["name"]) == ("3.5", "Beras")
    assert main([*common, "feed", show_id(shop.id)]) == 0
    assert [row["n"] for row in _lines(capsys)] == [1, 2, 3, 4]
    assert main([*common, "restored"]) == 0
    assert _lines(capsys) == [{"shops": 1}]
    assert main([*common, "verify"]) == 0
    (proof,) = _lines(capsys)
    assert (proof["ok"], proof["entries"]) == (True, 5)


def test_goods_that_were_merged_are_one_line_of_the_stock(
    shop: Shop, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    counter, stays, goes = shop.joined(), fresh_id(), fresh_id()
    counter.write(added(stays, 5_500, 50_000))
    counter.write(added(goes, 2_000, 20_000))
    shop.push(counter)
    fact = DocumentsMerged("product", goes, stays)
    shop.services.store.in_shop(
        shop.id, lambda tx: append_server_fact(tx, fact, now_ms=shop.services.now_ms(), by=b"")
    )
    assert main(["--db", address, "--json", "stock", show_id(shop.id)]) == 0
    assert [(row["product"], row["stock"]) for row in _lines(capsys)] == [(show_id(stays), "7.5")]


def test_the_proof_names_what_was_changed_behind_its_back(shop: Shop) -> None:
    counter, goods = shop.joined(), fresh_id()
    counter.write(added(goods, 5_500, 50_000))
    shop.push(counter)
    table = catalog.product_stock
    for qty in (9_000, 5_500):
        with shop.services.store.shop(shop.id) as tx:
            tx.run(update(table).where(table.c.shop_id == SHOP).values(qty=qty))
        proof = verify(shop.services, shop.id)
        assert proof.ok == (qty == 5_500)
    entry = journal.entry
    mine = (entry.c.shop_id == SHOP, entry.c.n == 2)
    with shop.services.store.shop(shop.id) as tx:
        body = tx.scalar(entry.select().with_only_columns(entry.c.body).where(*mine))
        tx.run(update(entry).where(*mine).values(body=body[:-1] + b"\x00"))
    proof = verify(shop.services, shop.id)
    assert "entry.hash" in {one.table for one in proof.differences}
    with shop.services.store.shop(shop.id) as tx:
        tx.run(update(entry).where(*mine).values(body=body))


def test_a_fact_that_a_newer_program_knows_is_folded_in_its_place(
    shop: Shop, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, goods = shop.joined(), fresh_id()
    counter.write(added(goods, 5_500, 50_000))
    counter.write(sale(1, goods, [line(goods)]))
    counter.write(sale(2, goods, [line(goods)]))
    with monkeypatch.context() as older:
        older.delitem(KINDS, ("sale_completed", 1))
        older.setattr("core.contract._decoders", {})
        assert fold_known_kinds(shop.services) == []
        shop.push(counter)
        assert shop.rows(trade.sale, "n") == []
        assert fold_known_kinds(shop.services) == []
    assert fold_known_kinds(shop.services) == [shop.id]
    assert fold_known_kinds(shop.services) == []
    assert len(shop.rows(trade.sale, "n")) == 2
    assert shop.one(catalog.product_stock, "qty") == (3_500,)
    counter.write(sale(3, goods, [line(goods)]))
    shop.push(counter, 4)
    assert main(["--db", address, "--json", "verify"]) == 0


def test_a_newer_program_folds_before_it_serves(
    shop: Shop, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, goods = shop.joined(), fresh_id()
    counter.write(added(goods, 5_500, 50_000))
    counter.write(sale(1, goods, [line(goods)]))
    with monkeypatch.context() as older:
        older.delitem(KINDS, ("sale_completed", 1))
        older.setattr("core.contract._decoders", {})
        shop.push(counter)
    seen: list[int] = []
    monkeypatch.setattr(
        "server.app.serving.serve", lambda *_: seen.append(len(shop.rows(trade.sale, "n")))
    )
    assert main(["--db", address, "serve", "--port", "0"]) == 0
    assert seen == [1]


def test_what_a_table_holds_wrongly_is_mended_from_the_facts(
    shop: Shop, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    counter, goods = shop.joined(), fresh_id()
    counter.write(added(goods, 5_500, 50_000))
    shop.push(counter)
    stock = catalog.product_stock
    with shop.services.store.shop(shop.id) as tx:
        tx.run(update(stock).where(stock.c.shop_id == SHOP).values(qty=1))
    command = ["--db", address, "--json", "verify"]
    assert main(command) == 1
    named = {one["table"] for row in _lines(capsys) for one in row.get("differences", [])}
    assert "product_stock" in named
    assert main([*command, "--refold"]) == 1
    assert shop.one(stock, "qty") == (5_500,)
    assert main(command) == 0
    capsys.readouterr()


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_another_database_is_not_served_from_until_told(shop: Shop, engine_name: str) -> None:
    check_not_restored(shop.services)
    check_not_restored(shop.services)
    with shop.services.store.directory() as tx:
        tx.run(update(server_value).where(server_value.c.name == "postgresql").values(value=b"1/1"))
    with pytest.raises(RestoredFirst):
        check_not_restored(shop.services)
    begin_epochs(shop.services, "restored")
    check_not_restored(shop.services)


def test_a_copy_in_the_same_cluster_is_not_served_from_until_told(
    cluster: Cluster, template: str
) -> None:
    first = cluster.create(template)
    with contextlib.closing(Store(first.app)) as store:
        check_not_restored(Services(store))
    copy = cluster.create(first.app.partition("@/")[2].partition("?")[0])
    with contextlib.closing(Store(copy.app)) as store:
        services = Services(store)
        with pytest.raises(RestoredFirst):
            check_not_restored(services)
        begin_epochs(services, "restored")
        check_not_restored(services)
    cluster.drop(first)
    cluster.drop(copy)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_what_was_noted_without_the_database_is_completed(shop: Shop, engine_name: str) -> None:
    check_not_restored(shop.services)
    noted = select(server_value.c.value).where(server_value.c.name == "postgresql")
    with shop.services.store.directory() as tx:
        whole = bytes(tx.scalar(noted))
        old = whole.rpartition(b"/")[0]
        tx.run(update(server_value).where(server_value.c.name == "postgresql").values(value=old))
    check_not_restored(shop.services)
    with shop.services.store.directory() as tx:
        assert bytes(tx.scalar(noted)) == whole
