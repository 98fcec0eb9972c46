"""Pictures of the pages of owner and gerai: phone, desk, light and dark, into docs/screens/web.

The sample shop stands still at one instant, so that a picture only changes when the page does.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from office_web_screens import DINAS, picture_office  # noqa: E402
from payment_screens import Paid, picture_payments  # noqa: E402
from playwright.sync_api import Browser, Page  # noqa: E402

from server.accounts.office import add_office_user  # noqa: E402
from server.db.migrate import migrate  # noqa: E402
from server.orders.reviewing import answer_review, write_review  # noqa: E402
from server.orders.stepping import take_steps  # noqa: E402
from server.orders.stray import note_money  # noqa: E402
from server.search.following import follow_all  # noqa: E402
from server.services import Services  # noqa: E402
from server.sync.judging import waiting_entries  # noqa: E402
from tests.helpers.chromium import running_chromium  # noqa: E402
from tests.helpers.orders import BUYER, hand_over, order, set_plain, stock_up, walk  # noqa: E402
from tests.helpers.web_gerai import NAME, open_gerai  # noqa: E402
from tests.helpers.web_server import served  # noqa: E402
from tests.helpers.web_shop import (  # noqa: E402
    OWNER,
    PASSWORD,
    Sample,
    open_services,
    sample_shop,
    sqlite_address,
)

PLACE: Final = ROOT / "docs/screens/web"
SIZES: Final = ((360, 740), (1280, 800))


def pages(sample: Sample) -> dict[str, str]:
    """The pages that are pictured, by name."""
    base = f"/kelola/{sample.shop_id.hex()}"
    return {
        "today": base,
        "sales": f"{base}/penjualan",
        "sales-discounted": f"{base}/penjualan?diskon=1",
        "sale": f"{base}/penjualan/60",
        "goods": f"{base}/barang",
        "product": f"{base}/barang/{sample.goods[1].hex()}",
        "product-edit": f"{base}/barang/{sample.goods[1].hex()}/ubah",
        "product-new": f"{base}/barang/baru",
        "two-places": f"{base}/dua-tempat",
        "customers": f"{base}/pelanggan",
        "customer": f"{base}/pelanggan/{sample.customers[0].hex()}",
        "counters": f"{base}/kasir",
        "entries": f"{base}/periksa",
        "settings": f"{base}/pengaturan",
        "gerai-edit": f"{base}/gerai",
        "gerai-seller": f"{base}/penjual",
        "halal": f"{base}/penjual/halal",
        "product-halal": f"{base}/barang/{sample.goods[0].hex()}/ubah#halal",
        "gerai": f"/toko/{NAME}",
        "gerai-product": f"/toko/{NAME}/{sample.goods[2].hex()}",
        "gerai-categories": f"/toko/{NAME}/kategori",
        "gerai-missing": "/toko/tidak-ada",
        "account-sign-in": "/saya/masuk",
        "account-recover": "/saya/pulih",
        "market": "/pasar",
        "market-search": "/cari?q=gula",
    }


def life(services: Services, sample: Sample) -> tuple[dict[str, str], dict[str, str]]:
    """What comes after the handover: a review, and complaints on their way; by name, last the
    office's."""
    shop = sample.shop_id
    base, rice = f"/kelola/{shop.hex()}", stock_up(services, shop, "Beras pulo", 50)
    made = [
        order(services, shop, [(rice, 2)], buyer=BUYER._replace(phone=f"0812440012{at}0"))
        for at in range(4)
    ]
    for one in made:
        hand_over(services, one)
    good, bad, answered, passed = made
    walk(services, good, "buyer", "complete")
    write_review(services, shop, good.order_id, 4, "Ibu Ani", "Barangnya bagus, agak lama.")
    answer_review(services, shop, good.order_id, "Terima kasih, Ibu Ani.")
    for one in (bad, answered, passed):
        take_steps(services, shop, one.order_id, "buyer", ["complain"], reason="Berasnya berkutu.")
    for one in (answered, passed):
        take_steps(services, shop, one.order_id, "shop", ["answer"], amount=15_000, reason="Maaf.")
    take_steps(services, shop, passed.order_id, "buyer", ["ask_office"], reason="Tidak cukup.")
    add_office_user(services, DINAS, PASSWORD)
    office = {"office": "/dinas", "office-order": f"/dinas/{shop.hex()}/{passed.order_id.hex()}"}
    with services.store.reading_shop(shop) as tx:
        held = waiting_entries(tx).rows[0].n
    return {
        "entry-aside": f"{base}/sisihkan/{held}",
        "reviews": f"/toko/{NAME}/ulasan",
        "reviews-owner": f"{base}/ulasan",
        "order-review": f"/pesanan/{good.key.hex()}",
        "order-complained": f"{base}/pesanan/{bad.order_id.hex()}",
        "order-answered": f"/pesanan/{answered.key.hex()}",
        "order-terms": f"{base}/aturan-pesanan",
        "order-again": f"/pesanan/{good.key.hex()}#barang",
        "order-report": f"{base}/laporan-pesanan",
        "payments": f"{base}/pembayaran",
        "settlements": f"{base}/pembayaran/laporan",
        "payouts": f"{base}/pembayaran/pencairan",
        "offline": "/luring",
        "favourites": "/favorit",
        **money(services, shop, rice),
    }, office


def money(services: Services, shop: bytes, goods: bytes) -> dict[str, str]:
    """An order whose money was not seen yet, and money that nobody can tell the order of."""
    set_plain(services, shop, transfer_accounts=("BRI 1234-01-000123-50-1 a.n. Sri Hadija",))
    late = order(
        services, shop, [(goods, 3)], pay_way="to_shop",
        buyer=BUYER._replace(name="Ibu Hadija Monoarfa-Pakaya binti Abdullah", phone="0812999001"),
    )  # fmt: skip
    walk(services, late, "shop", "accept")
    walk(services, late, "buyer", "claim")
    note = "Transfer BRI 24 Nov, tanpa nama, katanya untuk pesanan hajatan minggu lalu"
    for number, amount in enumerate((1_250_000_000, 45_000)):
        money_id = bytes(15) + bytes([number + 1])
        note_money(services, shop, money_id, amount, "2026-11-24", note, bytes(16))
    return {"order-money": f"/kelola/{shop.hex()}/uang"}


def main() -> None:
    """Make them all."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        address = sqlite_address(Path(folder))
        migrate(address)
        # Ids as they are every time: a gerai's karawo is drawn from its shop's.
        chance = Random(7)
        services = replace(open_services(address), random=chance.randbytes)
        sample = sample_shop(services)
        open_gerai(services, sample)
        after, office = life(services, sample)
        follow_all(services)
        with served(services) as url, running_chromium() as browser:
            for size in SIZES:
                for theme in ("light", "dark"):
                    _picture_all(browser, url, sample, after, size, theme)
                    shoot = partial(_picture, size=size, theme=theme)
                    # Codes are the same every time, however much chance was used up before.
                    chance.seed(f"office {size} {theme}")
                    picture_office(browser, url, services, office, _look_of(size, theme), shoot)
        services.store.close()
    _picture_money()


def _picture_money() -> None:
    """Of another marketplace, so that no payment is in the pictures of the first."""
    with tempfile.TemporaryDirectory() as folder:
        address = sqlite_address(Path(folder))
        migrate(address)
        made = Paid(address)
        with served(made.services) as url, running_chromium() as browser:
            for size in SIZES:
                for theme in ("light", "dark"):
                    shoot = partial(_picture, size=size, theme=theme)
                    picture_payments(browser, url, made, _look_of(size, theme), shoot)
        made.services.store.close()


def _look_of(size: tuple[int, int], theme: str) -> dict[str, Any]:
    # Without scripts nothing counts down between two runs, and what scrolls is there at once.
    return {
        "viewport": {"width": size[0], "height": size[1]},
        "color_scheme": "dark" if theme == "dark" else "light",
        "locale": "id-ID",
        "java_script_enabled": False,
        "reduced_motion": "reduce",
    }


def _picture_all(
    browser: Browser,
    url: str,
    sample: Sample,
    after: dict[str, str],
    size: tuple[int, int],
    theme: str,
) -> None:
    context = browser.new_context(**_look_of(size, theme))
    page = context.new_page()
    page.goto(f"{url}/masuk")
    _picture(page, "sign-in", size, theme)
    page.get_by_label("Surel").fill(OWNER)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    for name, path in {**pages(sample), **after}.items():
        page.goto(url + path)
        _picture(page, name, size, theme)
    _picture_buying(page, url, sample, size, theme)
    context.close()


def _picture_buying(
    page: Page, url: str, sample: Sample, size: tuple[int, int], theme: str
) -> None:
    """From the basket to an order that was accepted, and what the owner sees of it."""
    for goods in sample.goods[:3]:
        page.goto(f"{url}/toko/{NAME}/{goods.hex()}")
        add = page.get_by_role("button", name="Tambah ke keranjang")
        if add.count():
            add.click()
    page.goto(f"{url}/keranjang")
    _picture(page, "basket", size, theme)
    page.get_by_role("button", name="Lanjut memesan").click()
    _picture(page, "checkout", size, theme)
    page.get_by_label("Nama").fill("Ibu Hadija Monoarfa")
    page.get_by_label("Nomor ponsel (WhatsApp)").fill("0812-4400-1234")
    page.get_by_role("button", name="Kirim pesanan").click()
    _picture(page, "order-placed", size, theme)
    order = page.url
    owner = f"{url}/kelola/{sample.shop_id.hex()}/pesanan"
    page.goto(owner)
    _picture(page, "orders", size, theme)
    page.get_by_role("link", name="Ibu Hadija").first.click()
    _picture(page, "order-owner", size, theme)
    page.get_by_role("button", name="Terima").first.click()
    page.goto(order)
    _picture(page, "order", size, theme)
    page.goto(f"{url}/privasi")
    _picture(page, "privacy", size, theme)
    _picture_account(page, url, order, size, theme)


def _picture_account(page: Page, url: str, order: str, size: tuple[int, int], theme: str) -> None:
    """A buyer makes an account and keeps the order in it."""
    page.goto(f"{url}/saya/daftar")
    _picture(page, "account-new", size, theme)
    page.get_by_label("Nama", exact=True).fill("Ibu Hadija Monoarfa")
    page.get_by_label("Nomor ponsel (WhatsApp)").fill("0812-4400-1234")
    # Another one each time: with the same, the account of the last pictures would be entered.
    page.get_by_label("Kata sandi", exact=True).fill(f"ikan bakar rica {size[0]} {theme}")
    page.get_by_label("Saya setuju").check()
    page.get_by_role("button", name="Buat akun").click()
    _picture(page, "account-code", size, theme)
    page.goto(order)
    page.get_by_role("button", name="Simpan di akun saya").click()
    page.goto(f"{url}/saya")
    _picture(page, "account-orders", size, theme)
    page.goto(f"{url}/saya/alamat")
    page.get_by_label("Alamat baru").fill("Jalan Raya Danau Limboto 115, rumah pagar bambu")
    page.get_by_role("button", name="Simpan alamat").click()
    _picture(page, "account-addresses", size, theme)
    page.goto(f"{url}/saya/akun")
    _picture(page, "account", size, theme)


def _picture(page: Page, name: str, size: tuple[int, int], theme: str) -> None:
    page.wait_for_load_state()
    page.screenshot(path=PLACE / f"{name}-{theme}-{size[0]}x{size[1]}.png")


if __name__ == "__main__":
    main()
