"""WCAG 2.2 AA as far as it can be reckoned: contrast, labels, landmarks, headings, sizes."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files

import pytest

from pos.ui.foundation.karawo import MOTIF, stitches
from pos.ui.foundation.tokens import DARK, LIGHT, Colours, Radius, Space
from server.web.static_files import static_file
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_pages import all_pages
from tests.helpers.web_shop import Sample

SignIn = Callable[..., Browser]
CSS = static_file("huyula.css").body.decode()
LIGHT_BLOCK = CSS.partition(":root {")[2].partition("}")[0]
DARK_BLOCK = CSS.partition("prefers-color-scheme: dark")[2].partition("}\n}")[0]
# Text on ground, as the style sheet pairs them; the last column is the least contrast.
PAIRS = [
    *((text, ground, 4.5) for text in ("ink", "ink2", "ink3") for ground in ("ground", "surface")),
    *((text, "surface", 4.5) for text in ("primary", "bad", "ok", "warn")),
    *((text, "ground", 4.5) for text in ("primary", "bad")),
    *((tone, f"{tone}-soft", 4.5) for tone in ("ok", "warn", "bad", "info")),
    ("ink2", "sunken", 4.5),
    ("ink", "primary-soft", 7.0),
    ("ink2", "primary-soft", 4.5),
    ("ok", "primary-soft", 4.5),
    ("bad", "primary-soft", 4.5),
    ("primary", "primary-soft", 4.5),
    ("on-primary", "primary", 4.5),
    ("on-primary", "primary-hover", 4.5),
    ("on-bad", "bad", 4.5),
    ("on-bar", "bar", 4.5),
    ("edge", "surface", 3.0),
    ("edge", "ground", 3.0),
    ("focus", "surface", 3.0),
    ("focus", "ground", 3.0),
    ("primary", "surface", 3.0),
    ("gold", "surface", 3.0),
]


def values(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): ([^;]+);", block))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("block", "colours"), [(LIGHT_BLOCK, LIGHT), (DARK_BLOCK, DARK)])
def test_colours_are_the_counters_own(block: str, colours: Colours) -> None:
    web = values(block)
    for name in colours.__slots__:
        assert web[name.replace("_", "-")] == getattr(colours, name), name


def test_distances_and_corners_are_the_counters_own() -> None:
    web = values(LIGHT_BLOCK)
    for group in (Space, Radius):
        for name, size in vars(group).items():
            if name.isupper():
                assert web[name.lower()] == f"{size}px", name


def test_no_rule_brings_a_colour_of_its_own() -> None:
    rules = CSS.replace(LIGHT_BLOCK, "").replace(DARK_BLOCK, "")
    # White stays: behind a QR code, which scanners read, and on paper.
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", rules)) == {"#fff"}


@pytest.mark.parametrize("block", [LIGHT_BLOCK, DARK_BLOCK])
def test_every_pair_that_is_used_has_contrast(block: str) -> None:
    web = values(block)
    for text, ground, least in PAIRS:
        found = contrast(web[text], web[ground])
        assert found >= least, (text, ground, round(found, 2))


def test_the_pattern_is_the_counters_karawo() -> None:
    drawn = files("server.web").joinpath("static", "karawo.svg").read_text()
    cells = {
        (int(float(x)) // 4, int(float(y)) // 4)
        for x, y in re.findall(r"M([\d.]+) ([\d.]+)l3", drawn)
    }
    assert cells == set(stitches("intan", MOTIF, MOTIF))


def test_focus_is_seen_and_what_is_touched_is_large() -> None:
    assert ":focus-visible { outline: 3px" in CSS and "outline: none" in CSS
    assert re.findall(r"([^\n]+) \{ outline: none", CSS) == ["main:focus"]
    for size in re.findall(r"font-size: (\d+)px", CSS):
        assert int(size) >= 13


def test_every_page_has_landmarks_one_title_and_headings_in_order(
    sample: Sample, signed_in: SignIn
) -> None:
    owner = signed_in()
    for path in [*all_pages(sample), "/nowhere"]:
        page = PageReader(owner.get(path).text)
        names = [tag for tag, _ in page.tags]
        assert names.count("main") == 1 and names.count("header") == 1, path
        assert page.headings.count(1) == 1, (path, page.headings)
        before = 0
        for level in page.headings:
            assert level <= before + 1, (path, page.headings)
            before = level
        assert len(page.ids) == len(set(page.ids)), path
        first = next(given for tag, given in page.tags if tag == "a")
        assert first["class"] == "skip" and first["href"] == "#isi", path


def test_every_field_has_a_label_and_every_button_and_link_a_name(
    sample: Sample, signed_in: SignIn
) -> None:
    owner = signed_in()
    for path in [*all_pages(sample), "/masuk"]:
        text = owner.get(path).text
        page = PageReader(text)
        for field in page.inputs:
            if field.get("type") != "hidden" and "hidden" not in field:
                assert field.get("id") in page.labels, (path, field)
                described = field.get("aria-describedby")
                assert described is None or described in page.ids, (path, field)
        for attributes, inside in re.findall(
            r"<(?:a|button)\b([^>]*)>(.*?)</(?:a|button)>", text, re.S
        ):
            said = re.sub(r"<svg.*?</svg>|<[^>]+>", "", inside, flags=re.S).strip()
            assert said or "aria-label=" in attributes, (path, inside)
        for tag, given in page.tags:
            if tag == "svg":
                assert given.get("aria-hidden") == "true" or given.get("aria-label"), path
            labelled = given.get("aria-labelledby")
            assert labelled is None or labelled in page.ids, (path, labelled)


def test_where_one_is_in_the_menu_is_said(sample: Sample, signed_in: SignIn) -> None:
    base = f"/kelola/{sample.shop_id.hex()}"
    for path in ("", "/penjualan", "/barang", "/pelanggan", "/kasir", "/periksa", "/dua-tempat"):
        page = PageReader(signed_in().get(base + path).text)
        here = [
            given["href"] for tag, given in page.tags
            if tag == "a" and given.get("aria-current") == "page"
        ]  # fmt: skip
        assert base + path in here, path


def test_a_page_with_its_style_and_script_is_light(sample: Sample, signed_in: SignIn) -> None:
    owner = signed_in()
    css = len(static_file("huyula.css").packed)
    script = len(static_file("huyula.js").packed)
    assert css < 12_000 and script < 4_000
    for path in all_pages(sample):
        body = len(owner.get(path).content)
        assert body + css + script < 60_000, (path, body)


def test_static_files_are_packed_and_kept_by_their_content(browser: Browser) -> None:
    found = static_file("huyula.css")
    kept = browser.get(f"/static/huyula.css?v={found.mark}", headers={"accept-encoding": "gzip"})
    assert (
        kept.headers["content-encoding"] == "gzip" and "immutable" in kept.headers["cache-control"]
    )
    assert kept.content == found.body
    old = browser.get("/static/huyula.css?v=older")
    assert "immutable" not in old.headers["cache-control"]
    assert browser.get("/static/../pages.py").status_code == 404
    assert browser.get("/static/base.html").status_code == 404
