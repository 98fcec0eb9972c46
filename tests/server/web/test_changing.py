"""What is changed on the web is a fact: counters get it, and two places are told apart."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from core.facts.base import FieldChange
from core.facts.shop import StaffAdded, StaffChanged
from server.accounts.people import add_user
from server.db.schema import SHOP, journal
from server.db.schema.catalog import product
from server.db.schema.people import customer, setting
from server.db.schema.shops import device
from server.services import Services
from server.sync.confirming import confirm
from server.sync.greeting import greet, register_line
from server.sync.revoking import revoke
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_shop import PASSWORD, TODAY, Clock, Sample, Till, at

SignIn = Callable[..., Browser]


def last_entry(services: Services, shop_id: bytes) -> tuple[str, str]:
    entry = journal.entry
    statement = (
        select(entry.c.kind, entry.c.verdict)
        .where(entry.c.shop_id == SHOP)
        .order_by(entry.c.n.desc())
        .limit(1)
    )
    with services.store.reading_shop(shop_id) as tx:
        row = tx.one(statement)
    assert row is not None
    return row.kind, row.verdict


def value_of(services: Services, shop_id: bytes, column: object, key: object) -> object:
    with services.store.reading_shop(shop_id) as tx:
        table = column.table  # type: ignore[attr-defined]
        return tx.scalar(select(column).where(table.c.shop_id == SHOP, key))  # type: ignore[call-overload]


def test_a_price_is_edited_with_history(
    sample: Sample, services: Services, signed_in: SignIn, clock: Clock
) -> None:
    clock.now_ms += 60_000
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/barang/{sample.goods[0].hex()}"
    saved = owner.submit(f"{place}/ubah", "/ubah", price="Rp 74.000", cost="", min_stock="2,5")
    assert saved.status_code == 303 and saved.headers["location"] == f"{place}?ya=1"
    text = owner.get(saved.headers["location"]).text
    assert "Tersimpan" in text and "sri@contoh.id" in text
    assert "Rp\xa072.500 → <strong>Rp\xa074.000</strong>" in text
    assert last_entry(services, sample.shop_id) == ("product_changed", "")
    wanted = product.c.product_id == sample.goods[0]
    assert value_of(services, sample.shop_id, product.c.price, wanted) == 74_000
    assert value_of(services, sample.shop_id, product.c.min_stock, wanted) == 2_500


def test_nothing_changed_writes_nothing(
    sample: Sample, services: Services, signed_in: SignIn
) -> None:
    before = last_entry(services, sample.shop_id)
    place = f"/kelola/{sample.shop_id.hex()}/barang/{sample.goods[0].hex()}/ubah"
    assert signed_in().submit(place, "/ubah").status_code == 303
    assert last_entry(services, sample.shop_id) == before


def test_what_cannot_be_read_is_said_beside_its_field_and_kept(
    sample: Sample, signed_in: SignIn
) -> None:
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/barang/{sample.goods[0].hex()}/ubah"
    answer = owner.submit(place, "/ubah", price="mahal", name="  ", code="BR9")
    assert answer.status_code == 422
    assert 'id="price-said">Tulislah jumlah rupiah' in answer.text
    assert 'value="mahal"' in answer.text and 'value="BR9"' in answer.text
    price = next(one for one in PageReader(answer.text).inputs if one.get("id") == "price")
    assert price["aria-invalid"] == "true" and price["aria-describedby"] == "price-said"
    empty = owner.submit(place, "/ubah", name="  ", price=" ")
    assert empty.status_code == 422 and "Isilah kolom ini." in empty.text
    empty = owner.submit(place, "/ubah", name="  ")
    assert empty.status_code == 422 and "Isilah nama barangnya." in empty.text


def test_a_form_that_was_open_too_long_is_judged_by_what_its_reader_saw(
    sample: Sample, services: Services, signed_in: SignIn, clock: Clock
) -> None:
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/barang/{sample.goods[0].hex()}/ubah"
    old = PageReader(owner.get(place).text).forms[-1].fields
    clock.now_ms += 60_000
    owner.submit(place, "/ubah", price="73000")
    clock.now_ms += 60_000
    owner.post(place, {**old, "price": "75.000"})
    text = owner.get(f"/kelola/{sample.shop_id.hex()}/dua-tempat").text
    assert "Rp\xa075.000" in text and "Rp\xa073.000" in text


def test_the_badge_counts_what_its_reader_may_see(
    sample: Sample, services: Services, signed_in: SignIn, clock: Clock
) -> None:
    add_user(services, "lihat@contoh.id", PASSWORD, sample.shop_id, "viewer")
    owner, home = signed_in(), f"/kelola/{sample.shop_id.hex()}"
    place = f"{home}/barang/{sample.goods[0].hex()}/ubah"
    old = PageReader(owner.get(place).text).forms[-1].fields
    for cost in ("61.000", "62.000"):
        clock.now_ms += 60_000
        owner.post(place, {**old, "cost": cost})
    viewer = signed_in("lihat@contoh.id")
    assert "3 isian diubah di dua tempat" in owner.get(home).text
    assert "2 isian diubah di dua tempat" in viewer.get(home).text


def test_the_owner_takes_the_other_value(
    sample: Sample, services: Services, signed_in: SignIn, clock: Clock
) -> None:
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/dua-tempat"
    text = owner.get(place).text
    assert "Rp\xa018.500" in text and "Rp\xa018.000" in text and "K1" in text and "K2" in text
    forms = [one for one in PageReader(text).forms if one.action.endswith("/dua-tempat")]
    assert len(forms) == 4
    wanted = product.c.product_id == sample.goods[1]
    assert value_of(services, sample.shop_id, product.c.price, wanted) == 18_500
    clock.now_ms += 60_000
    other = next(one for one in forms if one.fields["pilih"] == "lain" and one is not forms[1])
    assert owner.post(other.action, other.fields).status_code == 303
    assert value_of(services, sample.shop_id, product.c.price, wanted) == 18_000
    again = owner.post(other.action, other.fields)
    assert again.status_code == 422 and "sudah diputuskan" in again.text
    keep = next(
        one for one in PageReader(owner.get(place).text).forms if one.fields.get("pilih") == "ini"
    )
    assert owner.post(keep.action, keep.fields).status_code == 303
    assert "Tidak ada yang bertentangan" in owner.get(place).text


def test_a_limit_is_changed_and_dealt_anew(
    sample: Sample, services: Services, signed_in: SignIn, clock: Clock
) -> None:
    clock.now_ms += 60_000
    place = f"/kelola/{sample.shop_id.hex()}/pelanggan/{sample.customers[1].hex()}"
    assert signed_in().submit(f"{place}/ubah", "/ubah", credit_limit="1jt").status_code == 303
    wanted = customer.c.customer_id == sample.customers[1]
    assert value_of(services, sample.shop_id, customer.c.credit_limit, wanted) == 1_000_000
    text = signed_in().get(place).text
    assert (
        "Jatah tiap kasir" in text and last_entry(services, sample.shop_id)[0] == "kasbon_allotted"
    )


def test_settings_reach_the_counters_and_the_pages(
    sample: Sample, services: Services, signed_in: SignIn, clock: Clock
) -> None:
    clock.now_ms += 60_000
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/pengaturan"
    answer = owner.submit(
        place, "/pengaturan", shop_name="Warung Baru", zone="Asia/Jayapura",
        day_close_minutes="02.30", receipt_footer="Terima kasih\nSampai jumpa",
    )  # fmt: skip
    assert answer.status_code == 303
    assert "Warung Baru" in owner.get(place).text
    closes = value_of(
        services, sample.shop_id, setting.c.value, setting.c.name == "day_close_minutes"
    )
    assert closes == "150"
    assert last_entry(services, sample.shop_id) == ("settings_changed", "")
    wrong = owner.submit(place, "/pengaturan", zone="Mars/Olympus", day_close_minutes="jam dua")
    assert wrong.status_code == 422 and "Tulislah jam" in wrong.text


def test_revoking_asks_first_then_the_journal_waits(
    sample: Sample, services: Services, signed_in: SignIn
) -> None:
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/kasir/{sample.front.device.hex()}/cabut"
    assert "Ya, cabut K1" in owner.get(place).text
    state = device.c.device == sample.front.device
    assert value_of(services, sample.shop_id, device.c.state, state) == "trusted"
    assert owner.submit(place, "/cabut").status_code == 303
    assert value_of(services, sample.shop_id, device.c.state, state) == "revoked"
    again = owner.get(place)
    assert again.status_code == 303
    assert "sudah dicabut sebelumnya" in owner.get(again.headers["location"]).text


def test_a_counter_that_began_a_new_line_since_the_page_was_made_is_asked_about_there(
    sample: Sample, services: Services, signed_in: SignIn
) -> None:
    """To revoke the old line alone would say that it is done, and leave the counter trusted."""
    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}/kasir"
    place = f"{base}/{sample.front.device.hex()}/cabut"
    forms = PageReader(owner.get(place).text).forms
    form = next(one for one in forms if not one.action and one.method == "post")
    child = sample.front.child("K1b7q")
    register_line(services, child.hello())
    greet(services, sample.shop_id, child.hello())
    asked = owner.post(place, form.fields)
    assert asked.status_code == 303 and owner.get(place).status_code == 303
    newer = asked.headers["location"]
    assert "Ya, cabut K1b7q" in owner.get(newer).text
    copy = sample.front.child("K1bxx")
    register_line(services, copy.hello(vouched=False))
    confirm(services, sample.shop_id, copy.device)
    both = owner.post(place, form.fields)
    assert "lebih dari satu riwayat" in owner.get(both.headers["location"]).text
    revoke(services, sample.shop_id, copy.device)
    assert owner.submit(newer, "/cabut").status_code == 303
    for line in (sample.front, child):
        found = value_of(services, sample.shop_id, device.c.state, device.c.device == line.device)
        assert found == "revoked"
    twice = owner.post(newer, form.fields)
    assert "sudah dicabut sebelumnya" in owner.get(twice.headers["location"]).text


def test_a_receipt_footer_that_is_too_long_is_not_cut_unasked(
    sample: Sample, signed_in: SignIn
) -> None:
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/pengaturan"
    typed = "\n".join(f"baris {number}" for number in range(7))
    said = owner.submit(place, "/pengaturan", receipt_footer=typed)
    assert said.status_code == 422 and "Paling banyak 6 baris." in said.text
    assert "baris 6" in said.text
    assert owner.submit(place, "/pengaturan", receipt_footer=typed[:-8]).status_code == 303


def test_the_list_of_shops_has_the_name_that_their_pages_have(
    sample: Sample, signed_in: SignIn
) -> None:
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/pengaturan"
    assert owner.submit(place, "/pengaturan", shop_name="Warung Bu Sri").status_code == 303
    assert "Warung Bu Sri" in owner.get("/kelola").text


def test_confirming_a_line_makes_what_it_sent_count(
    sample: Sample, services: Services, signed_in: SignIn
) -> None:
    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}"
    assert "belum Anda pastikan" in owner.get(f"{base}/periksa").text
    place = f"{base}/kasir/{sample.doubtful.device.hex()}/pastikan"
    assert owner.submit(place, "/pastikan").status_code == 303
    state = device.c.device == sample.doubtful.device
    assert value_of(services, sample.shop_id, device.c.state, state) == "trusted"
    assert "belum Anda pastikan" not in owner.get(f"{base}/periksa").text
    assert "K2b-000001" in owner.get(f"{base}/penjualan").text


def test_confirming_twice_says_what_became_of_the_line(
    sample: Sample, services: Services, signed_in: SignIn
) -> None:
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/kasir/{sample.doubtful.device.hex()}/pastikan"
    form = next(one for one in PageReader(owner.get(place).text).forms if not one.action)
    for _ in range(2):
        answer = owner.post(place, form.fields)
        assert answer.status_code == 303
        assert "Kasir dipastikan" in owner.get(answer.headers["location"]).text
    revoke(services, sample.shop_id, sample.doubtful.device)
    late = owner.post(place, form.fields)
    assert "sudah dicabut sebelumnya" in owner.get(late.headers["location"]).text


def test_an_entry_of_a_revoked_counter_is_released_or_set_aside(
    sample: Sample, services: Services, signed_in: SignIn
) -> None:
    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}"
    text = owner.get(f"{base}/periksa").text
    assert "kasir yang sudah dicabut" in text and "Mi instan goreng" in text
    forms = [one for one in PageReader(text).forms if one.action.endswith("/periksa")]
    release = forms[1]
    assert owner.post(release.action, {**release.fields, "putusan": "terima"}).status_code == 303
    assert "K3-000001" in owner.get(f"{base}/penjualan").text
    left = PageReader(owner.get(f"{base}/periksa").text)
    (ask,) = [one for one in left.links if "/sisihkan/" in one]
    asked = owner.get(ask).text
    assert "Beras Pulo 5 kg" in asked and "tidak dapat ditarik kembali" in asked
    (aside,) = [one for one in PageReader(asked).forms if one.action.endswith("/periksa")]
    assert owner.post(aside.action, {**aside.fields, "putusan": "sisihkan"}).status_code == 303
    # Asked again, nothing waits: back to the list.
    assert owner.get(ask).headers["location"] == f"{base}/periksa"
    assert owner.get(f"{base}/sisihkan/x").status_code == 404
    twice = owner.post(release.action, {**release.fields, "putusan": "terima"})
    assert twice.status_code == 422
    done = owner.get(f"{base}/periksa?daftar=selesai").text
    assert "diterima" in done and "disisihkan" in done


def test_a_code_is_shown_with_its_time_and_the_six_digits_of_who_joins(
    services: Services, sample: Sample, signed_in: SignIn
) -> None:
    from server.sync.enrolling import enrol
    from server.sync.keys import ServerKey
    from tests.helpers.sync_client import Counter

    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}/kasir"
    shown = owner.submit(base, "/kasir/kode")
    assert shown.status_code == 200 and "sampai pukul 15.50" in shown.text
    assert "Belum ada kasir yang memakai" in shown.text and 'role="img"' in shown.text
    check = next(one for one in PageReader(shown.text).forms if one.action.endswith("/periksa"))
    joined = enrol(
        services, ServerKey(services).public, Counter("K9").enrol(check.fields["kode"]), address="x"
    )
    text = owner.post(check.action, check.fields).text
    assert f"{joined.check[:3]} {joined.check[3:]}" in text and "K9" in text


def test_a_manager_decides_about_goods_and_not_about_who_may_do_what(
    sample: Sample, services: Services, signed_in: SignIn
) -> None:
    who, first, second = fresh_id(), Till(sample.front, b""), Till(sample.back, b"")
    for till in (first, second):
        till.sent = len(till.counter.entries)
    first.write(at(TODAY, 15, 50), TODAY, StaffAdded(who, "Rahmat", "cashier"))
    for till, role in ((first, '"owner"'), (second, '"manager"')):
        change = FieldChange("role", '"cashier"', role)
        till.write(at(TODAY, 15, 51), TODAY, StaffChanged(who, (change,)))
        till.push(services, sample.shop_id)
    page = f"/kelola/{sample.shop_id.hex()}/dua-tempat"
    add_user(services, "ani@contoh.id", PASSWORD, sample.shop_id, "manager")
    owner, ani = signed_in(), signed_in("ani@contoh.id")
    asked = [one.fields for one in PageReader(owner.get(page).text).forms if one.action == page]
    role, goods = asked[0], asked[2]
    seen = ani.get(page).text
    assert seen.count("Pemilik toko yang menentukan ini.") == 1
    assert ">Manajer</span>" in seen
    assert "Pemilik toko yang menentukan ini." not in owner.get(page).text
    offered = [one.fields for one in PageReader(seen).forms if one.action == page]
    assert {one["tempat"] for one in offered} == {one["tempat"] for one in asked[2:]}
    csrf = offered[0]["csrf"]
    assert ani.post(page, {**role, "csrf": csrf}).status_code == 403
    assert ani.post(page, {**goods, "csrf": csrf}).status_code == 303
    assert owner.post(page, role).status_code == 303
