"""From a shelf to an order: adding to the basket, the basket, and the checkout."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple, cast

from core.errors import Refused
from core.facts.orders import HandWay
from core.orders.standing import PayWay
from core.quantity import BadQuantity, parse_written
from server.buyers.forgetting import UNUSED_DAYS
from server.buyers.refusals import BadBuyer
from server.db.transaction import Tx
from server.db.types import parse_id
from server.http.problems import NotFound
from server.http.routes import Reply
from server.orders.goods import Quoted, quoted, wares_of
from server.orders.keys import TOKEN_BYTES, key_of
from server.orders.placing import (
    Buyer,
    Placed,
    Wanted,
    check_open,
    checked_buyer,
    make_findable,
    moment_of,
    place,
)
from server.orders.reading import find_order
from server.orders.refusals import BadBasket
from server.orders.terms import offered, pay_ways, tax_of
from server.rates import HOUR_MS, count_try
from server.shops.reading import ShopHere, shop_here
from server.storefront.addresses import name_of
from server.storefront.districts import districts
from server.storefront.settings import CourierWay, GeraiFields, gerai_fields
from server.web.basket import MOST_LINES, MOST_UNIT, Basket, Line, begun, read_basket
from server.web.buyer import check_csrf, check_origin, link, origin_range, route, show_page
from server.web.checkout_account import address_of, filled_in, keep_placed
from server.web.view import View, redirect

_ID: Final = re.compile(r"[0-9a-f]{32}")
MOST_CHECKOUTS: Final = 300
"""From one range of addresses in an hour: a mobile network hides many buyers behind one."""


class Part(NamedTuple):
    """What of the basket is of one shop, as it stands now. `problem` keeps it from being ordered
    at all; `typed` is what the checkout's form says of it."""

    here: ShopHere
    fields: GeraiFields
    name: str
    quotes: tuple[Quoted, ...]
    problem: Refused | None
    typed: dict[str, str]
    pay_ways: tuple[PayWay, ...]

    @property
    def code(self) -> str:
        """By which its fields are named in a form."""
        return self.here.id.hex()

    @property
    def total(self) -> int:
        """Rupiah, without bringing it."""
        return sum(one.line.net for one in self.quotes if one.line)

    @property
    def is_fine(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.problem is None and all(one.why is None for one in self.quotes)

    @property
    def areas(self) -> list[tuple[str, str, int]]:
        """Where the shop brings goods: code, name, fee in rupiah."""
        return [(one.code, districts()[one.code], one.fee) for one in self.fields.gerai_areas]

    @property
    def courier(self) -> CourierWay | None:
        """How a courier brings it, where the shop offers that and is paid in advance."""
        found = self.fields.gerai_courier
        in_advance = any(one != "at_handover" for one in self.pay_ways)
        return found if found.names and in_advance else None

    @property
    def goes(self) -> str:
        """What is chosen: "collect", an area's code or "courier"."""
        offered = [
            *(["collect"] if self.fields.gerai_collect else []),
            *(a[0] for a in self.areas),
            *(["courier"] if self.courier else []),
        ]
        chosen = self.typed.get("ambil", "")
        return chosen if chosen in offered else (offered[0] if offered else "")

    @property
    def pays(self) -> str:
        """The chosen way of paying."""
        chosen = self.typed.get("bayar", "")
        return chosen if chosen in self.pay_ways else self.pay_ways[0]


def _parts(view: View, basket: Basket, seen: dict[bytes, list[int]]) -> list[Part]:
    return [
        part
        for shop_id in basket.shops
        if (part := _part(view, basket.of_shop(shop_id), seen.get(shop_id, []))) is not None
    ]


def _part(view: View, lines: tuple[Line, ...], seen: list[int]) -> Part | None:
    shop_id, now_ms = lines[0].shop_id, view.services.now_ms()
    items = [line.item for line in lines]
    if len(seen) == len(items):
        items = [one._replace(seen=price) for one, price in zip(items, seen, strict=True)]
    with view.services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
        if here is None:
            return None
        fields = gerai_fields(here)
        at = moment_of(tx, here, fields, now_ms)
        quotes = quoted(wares_of(tx, {one.product_id for one in items}, at), items, tax_of(here))
        fees = [area.fee for area in fields.gerai_areas]
        fee = max((*fees, fields.gerai_courier.fee), default=0)
        whole = fee + sum(one.line.net for one in quotes if one.line)
        ways = offered(pay_ways(tx, here), whole)
    problem: Refused | None = None
    try:
        check_open(here, fields, now_ms)
    except Refused as error:
        problem = error
    typed = {
        name: view.form.get(f"{name}-{shop_id.hex()}", "") for name in ("ambil", "bayar", "ongkos")
    }
    return Part(here, fields, name_of(view.services, shop_id), quotes, problem, typed, ways)


def _add(view: View) -> Reply:
    check_origin(view)
    form = view.form
    try:
        shop_id, product_id = parse_id(form.get("toko", "")), parse_id(form.get("barang", ""))
        qty = parse_written(form.get("jumlah", "1").strip() or "1", view.language)
    except (ValueError, BadQuantity):
        raise BadBasket(why="qty") from None
    unit = form.get("satuan", "")[:MOST_UNIT]
    if qty <= 0:
        raise BadBasket(why="qty")
    line = Line(shop_id, product_id, unit, qty)
    basket = begun(view, read_basket(view)).add(line)
    if basket is None:
        raise BadBasket(why="lines")
    part = _part(view, (line,), [])
    if part is None or part.quotes[0].line is None:
        raise (part.quotes[0].why if part and part.quotes[0].why else NotFound())
    return redirect(link(view, "/keranjang", baru="1"), set_cookie=basket.as_cookie())


def _basket(view: View) -> Reply:
    basket = read_basket(view)
    parts = _parts(view, basket, {})
    return show_page(
        view, "basket.html", basket=basket, parts=parts, added=view.query.get("baru") == "1",
        total=sum(part.total for part in parts),
    )  # fmt: skip


def _change(view: View) -> Reply:
    basket = read_basket(view)
    check_csrf(view, basket.csrf if basket.nonce else "")
    lines = []
    for at, line in enumerate(basket.lines):
        if view.form.get("hapus") == str(at):
            continue
        try:
            qty = parse_written(view.form.get(f"jumlah-{at}", "").strip() or "0", view.language)
        except BadQuantity:
            qty = line.qty
        if qty > 0:
            lines.append(line._replace(qty=min(qty, 999_999_000)))
    changed = basket._replace(lines=tuple(lines))
    onward = "/pesan" if view.form.get("lanjut") == "1" and lines else "/keranjang"
    return redirect(link(view, onward), set_cookie=changed.as_cookie())


def _checkout(view: View) -> Reply:
    basket = read_basket(view)
    if not basket.lines:
        return redirect(link(view, "/keranjang"))
    token = view.services.random(TOKEN_BYTES).hex()
    return _checkout_page(view, basket, _parts(view, basket, {}), token)


def _checkout_page(
    view: View,
    basket: Basket,
    parts: list[Part],
    token: str,
    *,
    status: int = 200,
    error: Refused | None = None,
    **data: Any,
) -> Reply:
    return show_page(
        view, "checkout.html", status=status, basket=basket, parts=parts, token=token,
        error=view.said(error) if error else "", form=view.form, account=filled_in(view),
        days=view.services.order_rules.contact_days, done=data.pop("done", ()), **data,
    )  # fmt: skip


def _order(view: View) -> Reply:
    basket = read_basket(view)
    check_csrf(view, basket.csrf if basket.nonce else "")
    try:
        token = parse_id(view.form.get("formulir", ""))
    except ValueError:
        raise BadBasket(why="form") from None
    if not basket.lines:
        return _again(view, token, basket)
    try:
        return _place_all(view, basket, token, address_of(view))
    except BadBuyer as error:
        return _stopped(view, basket, [], token, error)


def _place_all(view: View, basket: Basket, token: bytes, address: str) -> Reply:
    form = view.form
    seen = {shop_id: _numbers(form.get(f"lihat-{shop_id.hex()}", "")) for shop_id in basket.shops}
    buyer = Buyer(
        form.get("nama", ""), form.get("telepon", ""), form.get("catatan", ""),
        origin_range(view.call.address),
    )  # fmt: skip
    done: list[Placed] = []
    try:
        buyer = checked_buyer(buyer)
    except Refused as error:
        return _stopped(view, basket, done, token, error)
    make_findable(view.services, token, basket.shops, _counted(view))
    for shop_id in basket.shops:
        wanted = _wanted(view, basket.of_shop(shop_id), seen[shop_id], address)
        try:
            done.append(place(view.services, token, wanted, buyer, findable=True))
        except Refused as error:
            return _stopped(view, basket, done, token, error)
    return _finished(view, basket, done)


def _again(view: View, token: bytes, basket: Basket) -> Reply:
    """The form came a second time, after its first answer had emptied the basket."""
    shops = [parse_id(one) for one in view.form.get("toko", "").split(",") if _ID.fullmatch(one)]
    done = []
    for shop_id in shops[:MOST_LINES]:
        key = key_of(token, shop_id)
        found = find_order(view.services, key)
        if found is not None:
            done.append(Placed(shop_id, found.order_id, key, 0))
    if not done:
        raise BadBasket(why="lines")
    return _finished(view, basket, done)


def _wanted(view: View, lines: tuple[Line, ...], seen: list[int], address: str) -> Wanted:
    """What the form says of one shop; whether it may be so is decided where it is placed."""
    shop_id, form = lines[0].shop_id, view.form
    code = shop_id.hex()
    # A price that the form does not say was not seen, and is none.
    prices = seen if len(seen) == len(lines) else [-1] * len(lines)
    items = tuple(line.item._replace(seen=one) for line, one in zip(lines, prices, strict=True))
    goes = form.get(f"ambil-{code}", "")
    fees = dict(
        one.split(":", 1) for one in form.get(f"ongkos-{code}", "").split(",") if ":" in one
    )
    # Nothing stands there for a fee that the shop is yet to say (`FEE_LATER`).
    fee = (_numbers(fees.get(goes, "")) or [-1])[0]
    ways: dict[str, HandWay] = {"collect": "collect", "courier": "courier"}
    way = ways.get(goes, "delivery")
    return Wanted(
        shop_id,
        items,
        way,
        goes if way == "delivery" else "",
        address,
        cast(PayWay, form.get(f"bayar-{code}", "") or "at_handover"),
        fee,
    )


def _stopped(view: View, basket: Basket, done: list[Placed], token: bytes, error: Refused) -> Reply:
    """The form again, with what is wrong; what was placed leaves the basket and is named."""
    keep_placed(view, done)
    left = basket
    for one in done:
        left = left.without_shop(one.shop_id)
    fresh = replace(view, form={k: v for k, v in view.form.items() if not k.startswith("lihat-")})
    headers = {"set-cookie": left.as_cookie()} if done else {}
    return _checkout_page(
        fresh, left, _parts(fresh, left, {}), token.hex(), status=422, error=error,
        done=tuple(done), headers=headers,
    )  # fmt: skip


def _finished(view: View, basket: Basket, done: list[Placed]) -> Reply:
    keep_placed(view, done)
    cleared = basket._replace(lines=()).as_cookie()
    if len(done) == 1:
        return redirect(link(view, f"/pesanan/{done[0].key.hex()}"), set_cookie=cleared)
    names = [(one.shop_name or _name(view, one.shop_id), one) for one in done]
    return show_page(view, "ordered.html", orders=names, headers={"set-cookie": cleared})


def _name(view: View, shop_id: bytes) -> str:
    with view.services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
    return here.name if here else ""


def _counted(view: View) -> Callable[[Tx], None]:
    """A checkout counts where it comes from, in the transaction that its orders begin with."""
    bucket, now_ms = f"checkout {origin_range(view.call.address)}", view.services.now_ms()
    return lambda tx: count_try(tx, bucket, most=MOST_CHECKOUTS, window_ms=HOUR_MS, now_ms=now_ms)


def _numbers(text: str) -> list[int]:
    return [
        int(one) if one.isascii() and one.isdigit() and len(one) < 12 else -1
        for one in text.split(",")[:60]
    ]


def _privacy(view: View) -> Reply:
    days, years = view.services.order_rules.contact_days, UNUSED_DAYS // 365
    return show_page(view, "privacy.html", days=days, years=years)


ROUTES: Final = (
    route("GET", "/keranjang", "The basket", _basket),
    route("POST", "/keranjang", "Change the basket", _change),
    route("POST", "/keranjang/tambah", "Add to the basket", _add),
    route("GET", "/pesan", "The checkout", _checkout),
    route("POST", "/pesan", "Order", _order),
    route("GET", "/privasi", "What is asked and why", _privacy),
)
