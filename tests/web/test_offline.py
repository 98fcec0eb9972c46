"""Pages that were seen last are there without a network; what needs one says so."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from server.search.following import follow_all
from tests.helpers.memory_store import ready_file
from tests.helpers.web_gerai import open_gerai
from tests.helpers.web_pictures import show_pictures
from tests.helpers.web_server import served
from tests.helpers.web_shop import open_services, sample_shop, sqlite_address
from tests.web.conftest import PHONE
from tests.web.test_owner import overflow

_KEPT = """async (name) => {
  const cache = await caches.open(name);
  return (await cache.keys()).map((one) => new URL(one.url).pathname + new URL(one.url).search);
}"""


class Market(NamedTuple):
    """A market on a phone; `cut` takes the server away. (Playwright's own switch leaves workers
    their network.)"""

    page: Page
    url: str
    path: str
    cut: Callable[[], None]


@pytest.fixture
def market(chromium: Browser, tmp_path: Path) -> Iterator[Market]:
    address = sqlite_address(tmp_path)
    ready_file(address)
    services = open_services(address)
    sample = sample_shop(services)
    path = open_gerai(services, sample)
    show_pictures(services, sample)
    follow_all(services)
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(served(services))
        size = {"width": PHONE[0], "height": PHONE[1]}
        context = chromium.new_context(viewport=size, locale="id-ID")  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        yield Market(context.new_page(), url, path, stack.close)
        context.close()
    services.store.close()


_SEEN = """async (path) =>
  (await navigator.serviceWorker.ready).active.postMessage([location.origin + path])"""


def _kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate(_KEPT, "huyula-halaman")
    return found


def _until(page: Page, condition: str, arg: str = "") -> None:
    """Until a function of the page says yes; Playwright's own waiting takes a promise for a yes."""
    page.evaluate(
        f"""async (arg) => {{
          for (const end = Date.now() + 20000; !(await ({condition})(arg));) {{
            if (Date.now() > end) throw new Error("waited in vain for " + arg);
            await new Promise((go) => setTimeout(go, 50));
          }}
        }}""",
        arg,
    )


def _until_kept(page: Page, path: str) -> None:
    _until(page, f"async (path) => (await ({_KEPT})('huyula-halaman')).includes(path)", path)


def test_what_was_seen_is_there_without_a_network_and_says_from_when(market: Market) -> None:
    page, url, path = market.page, market.url, market.path
    page.goto(url + path)  # opened before there is a worker
    _until_kept(page, path)
    page.goto(f"{url}/cari?q=gula")
    _until_kept(page, "/cari?q=gula")
    page.goto(f"{url}/keranjang")
    market.cut()
    page.goto(url + path)
    expect(page.get_by_role("status")).to_contain_text("Tanpa jaringan. Halaman ini seperti pada")
    expect(page.get_by_text("Gula pasir")).to_be_visible()
    ground = page.locator(".cover").evaluate("one => getComputedStyle(one).backgroundColor")
    assert ground == "rgb(11, 93, 82)", "with its face"
    seen = page.locator(".goods img").first
    seen.scroll_into_view_if_needed()
    assert seen.evaluate("async one => { await one.decode(); return one.naturalWidth }") > 0
    page.goto(f"{url}/cari?q=gula")
    expect(page.get_by_role("status")).to_contain_text("Tanpa jaringan.")
    page.goto(f"{url}/pasar")  # never opened here
    expect(page.get_by_role("heading", level=1)).to_have_text("Tanpa jaringan")
    expect(page.get_by_text("No network.")).to_be_visible()
    assert overflow(page) == 0
    page.get_by_role("link", name="Warung Ibu Sri").click()
    expect(page.get_by_text("Gula pasir")).to_be_visible()
    page.goto(f"{url}/keranjang")  # opened before, and never kept
    expect(page.get_by_role("heading", level=1)).to_have_text("Tanpa jaringan")


def test_only_public_pages_are_kept_and_not_too_many(market: Market) -> None:
    page, url, path = market.page, market.url, market.path
    page.goto(url + path)
    _until_kept(page, path)
    page.goto(f"{url}/masuk")
    page.goto(f"{url}/keranjang")
    page.goto(f"{url}/cari?q=gula&posisi=0.54,123.06&urut=dekat")
    assert _kept(page) == [path]
    for n in range(45):
        seen = f"{path}?cari=x&n={n}"
        page.evaluate(_SEEN, seen)
        # Kept before the next one is seen: behind the last nothing but its own clearing comes.
        _until_kept(page, seen)
    cleared = f"async () => (await ({_KEPT})('huyula-halaman')).length <= 40"
    _until(page, cleared)
    assert f"{path}?cari=x&n=44" in _kept(page)
    every = page.evaluate(
        f"async () => (await Promise.all((await caches.keys()).map({_KEPT}))).flat()"
    )
    private = ("/keranjang", "/masuk", "/kelola", "posisi=")
    assert not [one for one in every if any(word in one for word in private)]
