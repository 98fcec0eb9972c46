"""Lighthouse on a gerai's page, a product's, the market's and a search: as a phone on slow 4G.

The gerai has all that a gerai can have: logo and banner, what the law wants its seller to say,
reviews, and pictures on all its goods.

npm installs Lighthouse into a folder that is removed afterwards; it drives Debian's Chromium with
its own defaults for phones (four times slower a processor, 1.6 Mbit/s, 150 ms, simulated: what was
loaded and computed is reckoned over to such a phone). Each page is looked at three times and the
middle run counts. The scores are printed as JSON, and what was found is kept in docs/lighthouse,
without pictures.

    python -m benchmarks.bench_lighthouse

Where there is no npm, or nothing to install it from, the figures are left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec

from benchmarks.figure import Figure, at_least
from benchmarks.serving import serving
from server.db.migrate import migrate
from server.orders.goods import Item
from server.orders.reviewing import answer_review, write_review
from server.search.following import follow_all
from server.services import Services
from server.storefront.pictures import take_front
from server.storefront.seller import NOTHING_SAID, HalalGoods, change_seller
from tests.helpers.orders import BUYER, hand_over, order, walk
from tests.helpers.web_gerai import BY, NAME, open_gerai
from tests.helpers.web_pictures import drawn, show_pictures
from tests.helpers.web_shop import Sample, open_services, sample_shop, sqlite_address

REPORTS: Final = Path(__file__).resolve().parent.parent / "docs/lighthouse"
BAR: Final = 95
ROUNDS: Final = 3
_PACKAGE: Final = "lighthouse@13.5.0"
_INSTALL: Final = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
_FLAGS: Final = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
_SAID: Final = NOTHING_SAID._replace(
    seller_owner="Sri Hadija Monoarfa",
    seller_email="warung@contoh.id",
    seller_nib="1234567890123",
    seller_permits=("P-IRT 2067571010123-28",),
    seller_halal="ada",
    seller_halal_number="ID75110000012341124",
    seller_halal_goods=(HalalGoods("Sembako", "ada"),),
    seller_returns="Barang rusak diganti dalam 3 hari. Bawalah struknya.",
)
_WORDS: Final = (
    "Bersih dan cepat, terima kasih.",
    "Barangnya bagus, hanya agak lama sampai di Limboto Barat.",
    "",
)
_TRIES: Final = 3
"""Now and then it cannot read what the browser has recorded, and asks to be run again."""
_GROUPS: Final = ("performance", "accessibility", "best-practices", "seo")
_FIGURES: Final = {
    "first-contentful-paint": "first_paint_ms",
    "largest-contentful-paint": "largest_paint_ms",
    "total-blocking-time": "blocked_ms",
    "cumulative-layout-shift": "shift",
    "total-byte-weight": "bytes",
}
Report = dict[str, Any]


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """The lowest score of each page."""
    if shutil.which("npm") is None or shutil.which("chromium") is None:
        return _left_out("there is no npm or no Chromium here")
    with TemporaryDirectory() as place:
        folder = Path(place)
        if not _install(folder):
            return _left_out("npm could not install it")
        address = sqlite_address(folder)
        pages = _market(address)
        with serving(address) as port:
            found = {name: _middle(folder, port, path, rounds) for name, path in pages.items()}
    REPORTS.mkdir(parents=True, exist_ok=True)
    for name, report in found.items():
        text = msgspec.json.format(msgspec.json.encode(report), indent=1)
        (REPORTS / f"{name}.json").write_bytes(text + b"\n")
    scores = {name: report["scores"] for name, report in found.items()}
    print(msgspec.json.encode(scores).decode(), flush=True)
    return [
        at_least(f"Lighthouse on {name}, the lowest of four scores", min(one.values()), BAR, "")
        for name, one in scores.items()
    ]


def _left_out(why: str) -> list[Figure]:
    print(f"Lighthouse was not run: {why}.", file=sys.stderr)
    return []


def _install(folder: Path) -> bool:
    command = ["npm", *_INSTALL, _PACKAGE]
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=600).returncode == 0


def _market(address: str) -> dict[str, str]:
    """The sample shop's gerai; the pages that are looked at, by name."""
    migrate(address)
    services: Services = open_services(address)
    sample = sample_shop(services)
    place = open_gerai(services, sample)
    show_pictures(services, sample)
    _furnish(services, sample)
    follow_all(services)
    services.store.close()
    return {
        "gerai": place,
        "product": f"/toko/{NAME}/{sample.goods[1].hex()}",
        "market": "/pasar",
        "search": "/cari?q=gula",
    }


def _furnish(services: Services, sample: Sample) -> None:
    """Logo, banner, who sells, and reviews of the goods that are looked at."""
    shop = sample.shop_id
    take_front(services, shop, "logo", drawn(100), BY)
    take_front(services, shop, "banner", drawn(102), BY)
    change_seller(services, shop, NOTHING_SAID, _SAID, BY)
    for at, words in enumerate(_WORDS):
        buyer = BUYER._replace(phone=f"0812440012{at}0")
        made = order(services, shop, [Item(sample.goods[1], "kg", 1_000)], buyer=buyer)
        hand_over(services, made)
        walk(services, made, "buyer", "complete")
        write_review(services, shop, made.order_id, 5 - at, "Ibu Ani", words)
        if not at:
            answer_review(services, shop, made.order_id, "Terima kasih kembali.")


def _middle(folder: Path, port: int, path: str, rounds: int) -> Report:
    runs = [_run(folder, f"http://localhost:{port}{path}") for _ in range(rounds)]
    for run in runs:
        run["page"] = path
    return sorted(runs, key=lambda one: one["scores"]["performance"])[rounds // 2]


def _run(folder: Path, url: str) -> Report:
    out = folder / "report.json"
    command = [
        "node", "node_modules/lighthouse/cli/index.js", url, "--quiet", "--output=json",
        f"--output-path={out}", f"--chrome-flags={_FLAGS}",
    ]  # fmt: skip
    surroundings = {**os.environ, "CHROME_PATH": str(shutil.which("chromium"))}
    for _ in range(_TRIES):
        done = subprocess.run(
            command, cwd=folder, env=surroundings, capture_output=True, timeout=300
        )
        if done.returncode == 0:
            return _short(msgspec.json.decode(out.read_bytes()))
    raise RuntimeError(done.stderr.decode()[-1_000:])


def _short(whole: Report) -> Report:
    """What is worth keeping: scores, times, and every audit that found something."""
    groups, audits = whole["categories"], whole["audits"]
    counted = {ref["id"] for group in groups.values() for ref in group["auditRefs"]}
    return {
        "lighthouse": whole["lighthouseVersion"],
        "browser": whole["environment"]["hostUserAgent"].rpartition("Chrome/")[2].split()[0],
        "scores": {name: round(100 * groups[name]["score"]) for name in _GROUPS},
        "figures": {
            said: round(audits[name]["numericValue"], 3)
            for name, said in _FIGURES.items()
            if "numericValue" in audits[name]
        },
        "found": {
            name: one["title"]
            for name, one in sorted(audits.items())
            if name in counted and one["score"] is not None and one["score"] < 1
        },
    }


if __name__ == "__main__":
    for figure in measure():
        print(figure)
