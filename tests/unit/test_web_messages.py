"""No text of the web pages is without English."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from server.web.language import Words, texts

ROOT = Path(__file__).resolve().parents[2]


def test_every_text_of_the_pages_has_english() -> None:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts/messages.py")
    assert spec and spec.loader
    messages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(messages)
    assert list(messages.problems(ROOT, messages.WEB)) == []
    assert sum(1 for _ in messages.extract(ROOT, messages.WEB)) > 300


def test_texts_are_said_in_the_readers_language() -> None:
    assert Words("id")._("Penjualan {day}", day="Senin") == "Penjualan Senin"
    assert Words("en")._("Penjualan {day}", day="Monday") == "Sales of Monday"
    assert Words("en").ngettext("{n} struk", "{n} struk", 1) == "1 receipt"
    assert Words("en").ngettext("{n} struk", "{n} struk", 2) == "2 receipts"
    assert texts("en") is texts("en")
