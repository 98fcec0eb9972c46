"""Every page opens, with data and without, in both languages; what it shows is what happened."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from server.services import Services
from server.web.pages import PAGES
from tests.helpers.sync_client import added, fresh_id
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_pages import all_pages
from tests.helpers.web_shop import TODAY, Sample, at, sale_line
from tests.server.sales.conftest import joined

SignIn = Callable[..., Browser]


def plain(text: str) -> str:
    """A page's text without its tags, blanks single."""
    without = re.sub(r"<[^>]*>", " ", text)
    return " ".join(without.replace("\u00a0", " ").split())


def test_every_page_opens_in_both_languages(sample: Sample, signed_in: SignIn) -> None:
    for language in ("id", "en"):
        owner = signed_in(language=language)
        for path in all_pages(sample):
            answer = owner.get(path)
            assert answer.status_code == 200, path
            assert f'<html lang="{language}">' in answer.text, path
            assert len(answer.content) < 45_000, (path, len(answer.content))


def test_every_get_page_of_the_table_is_among_the_tried(sample: Sample) -> None:
    tried = [path.partition("?")[0] for path in all_pages(sample)]
    for page in PAGES:
        if (
            page.method == "POST"
            or page.reach in ("all", "office")
            or page.path.endswith(("/{n}", "/{order}", ".csv"))
        ):
            continue
        pattern = re.compile(re.sub(r"{\w+}", "[^/]+", page.path))
        assert any(pattern.fullmatch(path) for path in tried), page.path


def test_an_empty_shop_says_the_next_step(empty_shop: bytes, signed_in: SignIn) -> None:
    owner = signed_in()
    base = f"/kelola/{empty_shop.hex()}"
    assert "Hubungkan kasir pertama Anda" in owner.get(base).text
    for path, said in (
        ("/penjualan", "Tidak ada struk"),
        ("/barang", "Belum ada barang"),
        ("/pelanggan", "Belum ada pelanggan"),
        ("/kasir", "Belum ada kasir"),
        ("/dua-tempat", "Tidak ada yang bertentangan"),
        ("/periksa", "Tidak ada yang menunggu"),
        ("/periksa?daftar=ditandai", "Tidak ada yang ditandai"),
        ("/periksa?daftar=selesai", "Belum ada putusan"),
    ):
        answer = owner.get(base + path)
        assert answer.status_code == 200 and said in answer.text, path
    assert owner.get(f"{base}/pengaturan").status_code == 200


def test_an_hour_of_the_day_leads_to_the_sales_that_it_counts(
    empty_shop: bytes, services: Services, signed_in: SignIn
) -> None:
    """Also where the day ends within it, and what was sold before the day's end was moved."""
    owner, base = signed_in(), f"/kelola/{empty_shop.hex()}"
    till = joined(services, empty_shop, "K1")
    for hour, minute in ((0, 30), (2, 45)):
        till.sell(at(TODAY, hour, minute), TODAY, [sale_line(added(fresh_id()).product, 1)])
    till.push(services, empty_shop)
    said = owner.submit(f"{base}/pengaturan", "/pengaturan", day_close_minutes="02.30")
    assert said.status_code == 303
    for hour, receipt in ((0, "K1-000001"), (2, "K1-000002")):
        link = f"{base}/penjualan?dari={TODAY}&jam={hour}"
        assert link in owner.get(base).text.replace("&amp;", "&")
        assert set(re.findall(r"K1-\d{6}", owner.get(link).text)) == {receipt}, hour


def test_a_figure_of_the_day_is_the_sum_of_the_sales_behind_it(
    sample: Sample, signed_in: SignIn
) -> None:
    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}"
    day = owner.get(base)
    total = re.search(r'class="much">(Rp\xa0[0-9.]+)<', day.text)
    assert total is not None
    behind = owner.get(f"{base}/penjualan?dari={TODAY}")
    assert total[1] in behind.text
    amounts = re.findall(
        r'class="money"><span class="(?:minus)?">(\u2212?)Rp\xa0([0-9.]+)', behind.text
    )
    summed = sum(int(one.replace(".", "")) * (-1 if sign else 1) for sign, one in amounts)
    assert f"{summed:,}".replace(",", ".") in total[1]


def test_each_figure_of_the_day_opens_the_sales_that_it_counts(
    sample: Sample, signed_in: SignIn
) -> None:
    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}"

    def behind(day: str, what: str) -> tuple[str, str]:
        tile = re.search(
            rf'href="([^"]+)"><span class="what">{what}</span><span class="much">([^<]+)<',
            owner.get(f"{base}?hari={day}").text,
        )
        assert tile is not None
        return tile[2], owner.get(html.unescape(tile[1])).text

    count, listed = behind(TODAY, "Struk")
    assert f"<dt>Struk</dt><dd>{count}</dd>" in listed and "Pengembalian</span>" not in listed
    total = int(re.search(r"<dt>Total</dt><dd>.*?Rp\xa0([0-9.]+)", listed)[1].replace(".", ""))  # type: ignore[index]
    average, _ = behind(TODAY, "Rata-rata")
    assert average == f"Rp\xa0{total // int(count):,}".replace(",", ".")
    taken_off, listed = behind("2026-11-22", "Diskon")
    receipts = [one for one in PageReader(listed).links if re.search(r"/penjualan/\d+$", one)]
    assert taken_off == "Rp\xa02.000" and len(receipts) == 2
    assert all("\u2212Rp\xa01.000" in owner.get(one).text for one in receipts)


def test_hours_add_up_to_the_day_and_lead_to_their_sales(sample: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}"
    links = [one for one in PageReader(owner.get(base).text).links if "jam=" in one]
    counts = 0
    for link in dict.fromkeys(links):
        found = re.search(r"<dt>Struk</dt><dd>(\d+)</dd>", owner.get(link).text)
        assert found is not None
        counts += int(found[1])
    everything = re.search(
        r"<dt>Struk</dt><dd>(\d+)</dd>", owner.get(f"{base}/penjualan?dari={TODAY}").text
    )
    assert everything is not None and counts == int(everything[1]) > 20


def test_a_receipt_shows_lines_tender_and_what_came_back(sample: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}"
    listed = owner.get(f"{base}/penjualan?dari={TODAY}&jam=15").text
    sold = next(
        link for link in PageReader(listed).links
        if re.search(r"/penjualan/\d+$", link) and "kembali 1" in owner.get(link).text
    )  # fmt: skip
    text = plain(owner.get(sold).text)
    assert "Ikan cakalang fufu" in text and "Gula pasir" in text
    assert "3 kg × 17.500 Rp 52.500" in text and "Total Rp 97.500" in text
    assert "Tunai Rp 100.000" in text and "Kembali Rp 2.500" in text


def test_lists_go_on_where_the_page_before_ended(sample: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/penjualan?dari=2026-11-17&sampai={TODAY}"
    seen: list[str] = []
    while True:
        text = owner.get(place).text
        seen += re.findall(r'class="main">(K\d-\d+)', text)
        following = [one for one in PageReader(text).links if "sebelum=" in one]
        if not following:
            break
        place = following[0]
    assert len(seen) == len(set(seen)) > 150


def test_goods_are_found_by_name_code_and_barcode(sample: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}/barang?cari="
    for text in ("gulla  pasir", "GL1", "8991002101201"):
        answer = owner.get(base + text)
        assert "1 barang ditemukan" in answer.text, text
        assert "Gula pasir" in answer.text
    assert "Tidak ada yang cocok" in owner.get(base + "99%25").text


def test_counters_show_what_waits_and_when_they_were_heard(
    sample: Sample, signed_in: SignIn
) -> None:
    text = plain(signed_in(language="en").get(f"/kelola/{sample.shop_id.hex()}/kasir").text)
    assert "K1 – Depan connected" in text and "20 hours ago" in text
    assert "37 entries not sent yet" in text and "3 hours ago" in text
    assert "K2b" in text and "unconfirmed" in text and "revoked" in text


def test_numbers_and_dates_follow_the_language(sample: Sample, signed_in: SignIn) -> None:
    base = f"/kelola/{sample.shop_id.hex()}"
    assert "Selasa, 24 November 2026" in signed_in().get(base).text
    english = signed_in(language="en")
    assert "Tuesday, 24 November 2026" in english.get(base).text
    back = english.get(f"/bahasa/id?kembali={base}")
    assert back.headers["location"] == base
    assert "Hari ini" in english.get(base).text


def test_an_unknown_address_is_a_page_for_people_and_json_for_programs(services: Services) -> None:
    stranger = Browser(services)
    assert stranger.get("/nowhere").headers["content-type"].startswith("text/html")
    answer = stranger.get("/api/v1/nowhere")
    assert answer.status_code == 404 and answer.json()["error"] == "not_found"


def test_where_only_forms_go_a_look_is_answered_with_a_page(
    empty_shop: bytes, signed_in: SignIn
) -> None:
    for path in (f"/kelola/{empty_shop.hex()}/kasir/kode", "/keranjang/tambah"):
        seen = signed_in().get(path)
        assert seen.status_code == 404 and "Halaman ini tidak ada" in seen.text
    assert signed_in().post("/pasar", {}).status_code == 405
