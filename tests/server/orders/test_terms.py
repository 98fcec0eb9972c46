"""How a shop takes orders, as its owner sets it on the web."""

from __future__ import annotations

from collections.abc import Callable

from server.accounts.people import add_user
from server.orders.terms import MINUTE_MS, pay_ways, terms_of
from server.services import Services
from server.shops.reading import shop_here
from tests.helpers.orders import set_plain
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_shop import OWNER, PASSWORD


def test_the_owner_says_how_orders_are_taken(
    services: Services, shop_id: bytes, signed_in: Callable[..., Browser]
) -> None:
    add_user(services, OWNER, PASSWORD, shop_id, "owner")
    set_plain(services, shop_id, transfer_accounts=["BRI 1"])
    owner, path = signed_in(), f"/kelola/{shop_id.hex()}/aturan-pesanan"
    form = next(one for one in PageReader(owner.get(path).text).forms if one.action == path)
    typed = {**form.fields, "gerai_accept_minutes": "30", "gerai_auto_accept": "1"}
    typed |= {"gerai_pay_ahead": "1"}
    typed.pop("gerai_pay_here", None)
    for bad in ("4", "241", "-5", "\u0665", "x", ""):
        answer = owner.post(path, {**typed, "gerai_accept_minutes": bad})
        assert answer.status_code == 422 and "antara 5 dan 240" in answer.text
    assert owner.post(path, typed).status_code == 303
    with services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
        assert here is not None
        terms, ways = terms_of(here), pay_ways(tx, here)
    assert (terms.accept_ms, terms.auto_accept, ways) == (30 * MINUTE_MS, True, ("to_shop",))
    typed.pop("gerai_pay_ahead")
    form = next(one for one in PageReader(owner.get(path).text).forms if one.action == path)
    assert owner.post(path, {**typed, "formulir": form.fields["formulir"]}).status_code == 303
    with services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
        assert here is not None and pay_ways(tx, here) == ("at_handover",)
