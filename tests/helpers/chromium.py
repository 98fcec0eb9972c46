"""Debian's Chromium, driven by Playwright, without a display and without asking the world."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, Playwright, sync_playwright

_MISSING = "Chromium is not here; run: sudo apt-get install --no-install-recommends chromium"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextlib.contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start it, and end it with the block."""
    found = shutil.which("chromium")
    if found is None:
        raise RuntimeError(_MISSING)
    with sync_playwright() as playwright:
        browser = _launch(playwright, found)
        try:
            yield browser
        finally:
            browser.close()


def _launch(playwright: Playwright, program: str) -> Browser:
    return playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
