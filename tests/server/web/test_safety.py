"""Forged forms, hostile texts, guessed passwords, others' shops: what a stranger may try."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from server.accounts import signing_in
from server.accounts.passwords import is_right
from server.accounts.people import add_user
from server.services import PasswordCost, Services
from server.web.pages import PAGES
from server.web.view import _cookies
from tests.helpers.phones import Phone, add_officer, give_phone, secret_on
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_pages import all_pages
from tests.helpers.web_shop import OWNER, PASSWORD, Clock, Sample, sample_shop

SignIn = Callable[..., Browser]
HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}"


def fill(path: str, sample: Sample) -> str:
    """A path of the table with this shop's ids in it."""
    names = {
        "{shop}": sample.shop_id.hex(),
        "{product}": sample.goods[0].hex(),
        "{customer}": sample.customers[0].hex(),
        "{device}": sample.front.device.hex(),
        "{n}": "40",
        "{language}": "en",
        "{rest:path}": sample.shop_id.hex(),
    }
    for name, value in names.items():
        path = path.replace(name, value)
    return path


def test_every_answer_has_a_strict_policy(sample: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    for path in [*all_pages(sample), "/masuk", "/nowhere", "/static/huyula.css"]:
        headers = owner.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy, path
        assert headers["x-content-type-options"] == "nosniff"
        if not path.startswith("/static"):
            assert headers["cache-control"] == "no-store", path


def test_no_page_has_a_script_or_style_inside(sample: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    for path in all_pages(sample):
        for tag, given in PageReader(owner.get(path).text).tags:
            assert tag != "style" and "style" not in given, path
            assert tag != "script" or str(given.get("src")).startswith("/static/"), path
            assert not [name for name in given if name.startswith("on")], path


def test_cookies_are_kept_from_scripts_other_sites_and_plain_http(
    sample: Sample, browser: Browser
) -> None:
    for one in (
        browser.get("/masuk").headers["set-cookie"],
        browser.sign_in().headers["set-cookie"],
    ):
        assert one.startswith("__Host-")
        for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert word in one


def test_every_form_is_refused_without_its_secret(
    services: Services, sample: Sample, signed_in: SignIn
) -> None:
    phone = add_officer(services, "dinas@contoh.id")
    owner, office = signed_in(), signed_in("dinas@contoh.id", phone=phone)
    tried = 0
    for page in PAGES:
        if page.method != "POST":
            continue
        place = fill(page.path, sample)
        who = office if place.startswith("/dinas") else owner
        for fields in ({"a": "b"}, {"csrf": "x"}, {"csrf": ""}):
            assert who.post(place, fields).status_code == 403, place
        tried += 1
    assert tried > 12


def test_a_form_sent_from_another_site_is_refused(sample: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/pengaturan"
    fields = PageReader(owner.get(place).text).forms[-1].fields
    answer = owner.post(place, fields, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert owner.post(place, fields, headers={"sec-fetch-site": "same-origin"}).status_code == 303


def test_the_secret_of_one_session_does_not_open_another(sample: Sample, signed_in: SignIn) -> None:
    first, second = signed_in(), signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/pengaturan"
    fields = PageReader(first.get(place).text).forms[-1].fields
    assert second.post(place, fields).status_code == 403


def test_signing_in_needs_the_form_of_this_browser(sample: Sample, browser: Browser) -> None:
    fields = {"email": OWNER, "sandi": PASSWORD, "csrf": "A" * 43}
    assert browser.post("/masuk", fields).status_code == 422
    browser.get("/masuk")
    assert browser.post("/masuk", fields).status_code == 403


def test_whatever_people_type_comes_out_as_text(services: Services) -> None:
    hostile = sample_shop(services, "Toko", lambda text: HOSTILE)
    owner = Browser(services)
    owner.sign_in()
    base = f"/kelola/{hostile.shop_id.hex()}"
    receipts = PageReader(owner.get(f"{base}/penjualan").text).links
    opened = [link for link in receipts if re.search(r"/penjualan/\d+$", link)]
    shown = 0
    for path in [*all_pages(hostile), *opened[:5], f"{base}/barang?cari={HOSTILE}"]:
        text = owner.get(path).text
        assert "<img" not in text and "onerror=alert(1)>" not in text, path
        hostile_here = "&lt;img src=x" in text
        assert "{{7*7}}" in text or not hostile_here, path
        shown += hostile_here
    assert shown > 15


def test_what_is_typed_into_the_address_comes_out_as_text(
    sample: Sample, signed_in: SignIn
) -> None:
    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}"
    wild = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (
        f"{base}/barang?cari={wild}&sesudah={wild}&stok={wild}",
        f"{base}/penjualan?nomor={wild}&dari={wild}&jam={wild}&kasir={wild}&sebelum={wild}",
        f"{base}?hari={wild}",
        f"{base}/pelanggan?cari={wild}&lewati={wild}",
        f"{base}/periksa?daftar={wild}&sebelum={wild}",
        f"{base}/barang/{sample.goods[0].hex()}?sebelum={wild}",
        f"/masuk?lanjut={wild}",
    ):
        text = owner.get(path).text
        assert "<script>alert" not in text and '"><script' not in text, path


@pytest.mark.parametrize(
    "place",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""],
)
def test_nobody_is_sent_to_another_site(sample: Sample, browser: Browser, place: str) -> None:
    answer = browser.submit("/masuk", "/masuk", email=OWNER, sandi=PASSWORD, lanjut=place)
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    language = browser.get(f"/bahasa/en?kembali={place}")
    assert language.headers["location"] == "/"


def test_after_signing_in_one_is_where_one_wanted_to_go(sample: Sample, browser: Browser) -> None:
    wanted = f"/kelola/{sample.shop_id.hex()}/barang?stok=short"
    asked = browser.get(wanted)
    assert asked.status_code == 303 and asked.headers["location"].startswith("/masuk?lanjut=")
    answer = browser.submit(asked.headers["location"], "/masuk", email=OWNER, sandi=PASSWORD)
    assert answer.headers["location"] == wanted


def test_a_bookmark_of_the_former_address_goes_on_for_who_is_signed_in(
    sample: Sample, signed_in: SignIn, browser: Browser
) -> None:
    owner, name = signed_in(), sample.shop_id.hex()
    with_dashes = f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"
    for old, new in (
        (f"/toko/{name}", f"/kelola/{name}"),
        (f"/toko/{with_dashes}/barang?stok=short", f"/kelola/{name}/barang?stok=short"),
    ):
        answer = owner.get(old)
        assert (answer.status_code, answer.headers["location"]) == (303, new)
        assert browser.get(old).status_code == 404
    for unknown in ("/toko/warung-ibu-sri", "/toko/warung-ibu-sri/barang", "/toko/x"):
        assert owner.get(unknown).status_code == 404


def test_a_session_planted_before_signing_in_is_worth_nothing(
    sample: Sample, browser: Browser
) -> None:
    planted = "A" * 43
    browser.cookies["__Host-huyula"] = planted
    browser.sign_in()
    assert browser.cookies["__Host-huyula"] != planted
    thief = Browser(browser.app_services)
    thief.cookies["__Host-huyula"] = planted
    assert thief.get("/kelola").headers["location"].startswith("/masuk")


def test_signing_in_again_ends_the_session_before(sample: Sample, browser: Browser) -> None:
    browser.sign_in()
    first = browser.cookies["__Host-huyula"]
    form = PageReader(Browser(browser.app_services).get("/masuk").text).forms[0].fields
    browser.cookies["__Host-huyula-form"] = form["csrf"]
    session = PageReader(browser.get("/akun").text).forms[0].fields["csrf"]
    answer = browser.post("/masuk", {**form, "csrf": session, "email": OWNER, "sandi": PASSWORD})
    assert answer.status_code == 303 and browser.cookies["__Host-huyula"] != first
    old = Browser(browser.app_services)
    old.cookies["__Host-huyula"] = first
    assert old.get("/kelola").status_code == 303


def test_signing_out_ends_the_session_on_the_server(sample: Sample, browser: Browser) -> None:
    browser.sign_in()
    kept = dict(browser.cookies)
    assert browser.submit("/akun", "/keluar").status_code == 303
    browser.cookies = kept
    assert browser.get("/akun").status_code == 303


def test_an_unknown_account_is_answered_like_a_wrong_password(
    sample: Sample, services: Services
) -> None:
    answers = []
    for email in (OWNER, "siapa@contoh.id"):
        stranger = Browser(services, address=f"10.0.0.{len(answers) + 5}")
        answer = stranger.submit("/masuk", "/masuk", email=email, sandi="salah sekali")
        secret = re.compile(r'value="[\w-]{43}"')
        answers.append((answer.status_code, secret.sub("", answer.text.replace(email, ""))))
    assert answers[0] == answers[1] and answers[0][0] == 401


def test_an_unknown_account_takes_as_long(
    sample: Sample, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same work is done: a hash of the same cost is compared, once."""
    dear = Services(
        services.store,
        now_ms=services.now_ms,
        password_cost=PasswordCost(passes=2, memory_kib=1_024, lanes=1),
    )
    add_user(dear, "dear@contoh.id", PASSWORD, sample.shop_id, "viewer")
    costs: list[str] = []

    def compared(kept: str, password: str, cost: PasswordCost) -> bool:
        costs.append(kept.split("$")[3])
        return is_right(kept, password, cost)

    monkeypatch.setattr(signing_in, "is_right", compared)
    for number, email in enumerate(("dear@contoh.id", "nobody@contoh.id")):
        stranger = Browser(dear, address=f"10.1.0.{number}")
        form = PageReader(stranger.get("/masuk").text).forms[0].fields
        stranger.post("/masuk", {**form, "email": email, "sandi": "salah sekali"})
    assert costs == ["m=1024,t=2,p=1"] * 2


def test_guessing_is_paused_and_goes_on_after_it(
    sample: Sample, browser: Browser, clock: Clock
) -> None:
    for _ in range(5):
        assert browser.sign_in(password="tebakan saja").status_code == 401
    paused = browser.sign_in()
    assert paused.status_code == 429 and int(paused.headers["retry-after"]) > 0
    assert "Terlalu banyak percobaan" in paused.text
    elsewhere = Browser(browser.app_services, address="10.9.9.9")
    assert elsewhere.sign_in().status_code == 303
    clock.now_ms += 16 * 60_000
    assert browser.sign_in().status_code == 303


def test_codes_from_a_phone_are_asked_for_once_set_up(
    sample: Sample, services: Services, browser: Browser, clock: Clock
) -> None:
    browser.sign_in()
    shown = browser.get("/akun/kode")
    phone = Phone(secret_on(shown.text))
    assert secret_on(browser.get("/akun/kode").text) == phone.secret, "a reload shows the same"
    wrong = browser.submit("/akun/kode", "/pasang", kode="000000")
    assert wrong.status_code == 422 and "tidak cocok" in wrong.text
    right = phone.code(clock.now_ms)
    done = browser.submit("/akun/kode", "/pasang", kode=right)
    assert done.status_code == 200 and done.text.count("<li>") == 10
    fresh = Browser(services)
    asked = fresh.sign_in()
    assert asked.status_code == 200 and 'type="password"' not in asked.text
    assert "__Host-huyula" not in fresh.cookies and fresh.get("/akun").status_code == 303
    said = fresh.give_code(asked, kode=right)
    assert said.status_code == 401 and "sudah dipakai" in said.text
    assert fresh.give_code(said, kode=phone.code(clock.now_ms)).status_code == 303
    gone = fresh.submit("/akun", "/kode/lepas", sandi="bukan itu")
    assert gone.status_code == 422
    assert fresh.submit("/akun", "/kode/lepas", sandi=PASSWORD).status_code == 303
    assert Browser(services).sign_in().status_code == 303


def test_codes_put_in_force_elsewhere_are_asked_for(sample: Sample, services: Services) -> None:
    added = add_user(services, "lain@contoh.id", PASSWORD, sample.shop_id, "viewer")
    give_phone(services, added.account_id)
    stranger = Browser(services)
    assert "/masuk/kode" in stranger.sign_in("lain@contoh.id").text
    assert stranger.get("/akun").status_code == 303
    assert Browser(services).sign_in("lain@contoh.id", kode="000000").status_code == 401


def test_a_new_password_ends_every_session(sample: Sample, signed_in: SignIn) -> None:
    here, there = signed_in(), signed_in()
    refused = here.submit("/akun", "/akun/sandi", sandi="bukan itu", baru="sagu dan ikan asin")
    assert refused.status_code == 422 and "tidak cocok" in refused.text
    weak = here.submit("/akun", "/akun/sandi", sandi=PASSWORD, baru="pendek")
    assert weak.status_code == 422
    assert here.submit(
        "/akun", "/akun/sandi", sandi=PASSWORD, baru="sagu dan ikan asin"
    ).is_redirect
    assert there.get("/akun").status_code == 303
    assert here.sign_in().status_code == 401
    assert here.sign_in(password="sagu dan ikan asin").status_code == 303


def test_another_shops_ids_are_as_unknown_as_none(sample: Sample, services: Services) -> None:
    sample_shop(services, "Toko Tetangga", owner="tetangga@contoh.id")
    neighbour = Browser(services)
    neighbour.sign_in("tetangga@contoh.id")
    own = re.search(r"/kelola/([0-9a-f]{32})", neighbour.get("/").headers["location"])
    assert own is not None
    csrf = PageReader(neighbour.get("/akun").text).forms[0].fields["csrf"]
    for page in PAGES:
        if page.reach in ("all", "account"):
            continue
        theirs = fill(page.path, sample)
        mixed = theirs.replace(sample.shop_id.hex(), own[1])
        for place in (
            theirs,
            mixed if re.search(r"{(product|customer|device)}", page.path) else theirs,
        ):
            given = {"data": {"csrf": csrf}} if page.method == "POST" else {}
            answer = neighbour.ask(page.method, place, **given)
            assert answer.status_code == 404, place
            assert "Warung Ibu Sri" not in answer.text
    missing = neighbour.get(f"/kelola/{'0' * 32}")
    assert missing.status_code == 404


@pytest.mark.parametrize("role", ["viewer", "manager"])
def test_a_role_reaches_as_far_as_it_says(sample: Sample, services: Services, role: str) -> None:
    add_user(services, "ani@contoh.id", PASSWORD, sample.shop_id, role)
    ani = Browser(services)
    ani.sign_in("ani@contoh.id")
    csrf = PageReader(ani.get("/akun").text).forms[0].fields["csrf"]
    reaches = {"viewer": ("viewer",), "manager": ("viewer", "manager")}[role]
    for page in PAGES:
        if page.reach in ("all", "account", "office"):
            continue
        place = fill(page.path, sample)
        given = {"data": {"csrf": csrf}} if page.method == "POST" else {}
        status = ani.ask(page.method, place, **given).status_code
        assert (status == 403) is (page.reach not in reaches), (page.path, status)
    home = ani.get(f"/kelola/{sample.shop_id.hex()}").text
    assert ("Laba kotor" in home) is (role == "manager")


def test_malformed_requests_get_a_page_and_no_trace(sample: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    base = f"/kelola/{sample.shop_id.hex()}"
    csrf = PageReader(owner.get("/akun").text).forms[0].fields["csrf"]
    for place, fields, status in (
        (f"{base}/dua-tempat", {"tempat": "x-y", "pilih": "ini"}, 400),
        (f"{base}/dua-tempat", {"tempat": "1-1", "pilih": "hm"}, 400),
        (f"{base}/dua-tempat", {"tempat": "99999999-1", "pilih": "ini"}, 422),
        (f"{base}/periksa", {"entri": "zz", "putusan": "terima"}, 404),
        (f"{base}/periksa", {"entri": "00" * 32, "putusan": "terima"}, 422),
        (f"{base}/periksa", {"entri": "00", "putusan": "terima"}, 404),
        (f"{base}/kasir/kode/periksa", {"kode": "??"}, 400),
        (f"{base}/kasir/kode/periksa", {"kode": "2" * 8, "dibuat": "0", "sampai": "9" * 15}, 400),
        (f"{base}/barang/{sample.goods[0].hex()}/ubah", {"seen": "[]"}, 400),
        (f"{base}/pengaturan", {"seen": '{"shop_name": 1}'}, 400),
        (f"{base}/pengaturan", {"seen": '{"a":' * 5_000}, 400),
        ("/akun/kode/pasang", {"kode": "??"}, 422),
        ("/akun/kode", {"sandi": "x" * 10_000}, 422),
        ("/akun/pemulihan", {"kode": "x"}, 422),
    ):
        answer = owner.post(place, {"csrf": csrf, **fields})
        assert answer.status_code == status, (place, fields, answer.status_code)
        assert "Traceback" not in answer.text and "text/html" in answer.headers["content-type"]
    plain = owner.ask(
        "POST", f"{base}/pengaturan", content=b"{}", headers={"content-type": "text/x"}
    )
    assert plain.status_code == 415
    for path in (
        f"{base}/barang/xyz",
        f"{base}/penjualan/0",
        f"{base}/penjualan/9999999",
        "/kelola/x",
    ):
        assert owner.get(path).status_code == 404, path


def test_many_favourites_and_a_full_basket_push_no_session_out() -> None:
    """A header of several cookies, the last of which signs in, is read to its end."""
    header = f"huyula-suka={'a' * 4_000}; huyula-keranjang={'b' * 4_000}; __Host-huyula=last"
    found = _cookies(header)
    assert found["__Host-huyula"] == "last" and len(found["huyula-keranjang"]) == 4_000
