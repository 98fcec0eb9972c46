"""Whose accounts the sample marketplace's gateway gets, and how long it is waited for."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from server.cli.demo_gateway import DemoGateway, GatewayNotStarted, connect
from server.messages import sentence
from server.payments.accounts import Account, Known, accounts_of, set_account
from server.sealed import Vault
from server.services import Services
from server.shops.adding import add_shop

URL = "http://127.0.0.1:8090"


def accounts(services: Services, shop_id: bytes) -> list[Known]:
    with services.store.reading_shop(shop_id) as tx:
        return accounts_of(tx)


def test_a_shop_with_an_account_of_its_own_keeps_it(services: Services) -> None:
    services = replace(services, vault=Vault([bytes(32)]))
    bare, real = (add_shop(services, name).id for name in ("Contoh", "Sungguhan"))
    set_account(services, real, Account("production", "Mid-server-abc"))
    for url in ("http://127.0.0.1:1", URL):
        connect(services, [bare, real], url)
    (made,) = accounts(services, bare)
    assert (made.environment, made.base, made.is_active) == ("sandbox", URL, True)
    (kept,) = accounts(services, real)
    assert (kept.environment, kept.base, kept.is_active) == ("production", "", True)


@pytest.mark.parametrize("program", ["import signal; signal.pause()", "", "print('no address')"])
def test_a_gateway_that_does_not_start_is_not_waited_for_without_end(program: str) -> None:
    gateway = DemoGateway((sys.executable, "-c", program), start_s=1)
    with pytest.raises(GatewayNotStarted) as refused:
        gateway.url()
    assert "tidak menyala dalam 1 detik" in sentence(refused.value, "id")
    assert "did not start within 1 seconds" in sentence(refused.value, "en")
    gateway.stop()
