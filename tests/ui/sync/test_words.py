"""Each case of sync has its own words, and an error's tone only where a person must act."""

from __future__ import annotations

import pytest

from pos.sync.state import SyncState
from pos.ui.i18n import say, set_language
from pos.ui.sync.words import DAY_MS, HOUR_MS, MINUTE_MS, SILENT_MS, age, moment, standing

NOW = 1_795_492_800_000
WELL = SyncState(
    enrolled=True,
    url="https://toko.contoh.id",
    waiting=0,
    waiting_since_ms=0,
    contact_ms=NOW - 1_000,
    error="",
    state="trusted",
    digest_equal=True,
)


@pytest.mark.parametrize(
    ("change", "key", "bar", "must_act"),
    [
        ({"enrolled": False}, "alone", "", False),
        ({}, "synced", "Tersinkron", False),
        ({"waiting": 12}, "waiting", "12 menunggu", False),
        ({"contact_ms": 0}, "joining", "Menyambung ...", False),
        ({"error": "no_network"}, "no_network", "Tanpa jaringan", False),
        ({"error": "no_network", "waiting": 3}, "no_network", "Tanpa jaringan, 3 menunggu", False),
        ({"error": "no_network.not_ours"}, "no_network", "Tanpa jaringan", False),
        ({"contact_ms": NOW - SILENT_MS - 1}, "no_network", "Tanpa jaringan", False),
        ({"error": "busy"}, "busy", "Server sibuk", False),
        ({"error": "too_many", "waiting": 2}, "busy", "2 menunggu", False),
        ({"state": "revoked"}, "revoked", "Kasir dicabut", True),
        ({"error": "revoked", "waiting": 2}, "revoked", "Kasir dicabut", True),
        ({"state": "unconfirmed"}, "unconfirmed", "Menunggu pemilik", True),
        ({"error": "unknown_device"}, "forgotten", "Hubungkan lagi", True),
        ({"error": "protocol"}, "old_program", "Perbarui program", True),
        ({"error": "clock"}, "clock", "Periksa jam komputer", True),
        ({"error": "no_network.tls"}, "clock", "Periksa jam komputer", True),
        ({"digest_equal": False}, "differs", "Data berbeda", True),
        ({"error": "storage_full"}, "trouble", "Sinkron terganggu", True),
        ({"error": "never_heard_of"}, "trouble", "Sinkron terganggu", True),
    ],
)
def test_every_case_has_its_words(
    change: dict[str, object], key: str, bar: str, must_act: bool
) -> None:
    found = standing(WELL._replace(**change), NOW)
    assert (found.key, say(found.bar), found.tone == "bad") == (key, bar, must_act)
    for language in ("id", "en"):
        set_language(language)  # type: ignore[arg-type]
        for text in (found.title, found.sentence):
            assert say(text) and "{" not in say(text)


def test_the_cases_where_selling_goes_on_say_so() -> None:
    for change in (
        {"error": "no_network"},
        {"error": "no_network.not_ours"},
        {"error": "protocol"},
        {"error": "unknown_device"},
        {"error": "clock"},
        {"state": "unconfirmed"},
    ):
        text = say(standing(WELL._replace(**change), NOW).sentence)
        assert "enjualan" in text, text
    assert "berjualan" in say(standing(WELL._replace(state="revoked"), NOW).sentence)


def test_a_sentence_is_said_in_the_language_that_is_in_force() -> None:
    found = standing(WELL._replace(error="no_network"), NOW)
    before = say(found.sentence)
    set_language("en")
    assert say(found.sentence) != before
    assert "Selling goes on" in say(found.sentence)


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "baru saja"),
        (MINUTE_MS - 1, "baru saja"),
        (MINUTE_MS, "1 menit lalu"),
        (HOUR_MS - 1, "59 menit lalu"),
        (HOUR_MS, "1 jam lalu"),
        (DAY_MS, "1 hari lalu"),
        (400 * DAY_MS, "400 hari lalu"),
    ],
)
def test_ages(ms: int, words: str) -> None:
    assert age(ms) == words


def test_an_instant_of_another_day_has_its_date() -> None:
    zone = "Asia/Makassar"
    assert moment(0, NOW, zone) == "belum pernah"
    assert moment(NOW - HOUR_MS, NOW, zone) == "1 jam lalu (11.00)"
    assert moment(NOW - 26 * HOUR_MS, NOW, zone) == "1 hari lalu (23-11-2026 10.00)"
    # A clock that was put back must not make an age below nothing.
    assert moment(NOW + HOUR_MS, NOW, zone) == "baru saja (13.00)"
