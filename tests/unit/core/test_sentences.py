from __future__ import annotations

from core.sentences import fill


def test_rupiah_and_quantities_are_written_as_the_language_does() -> None:
    details = {"sum": 12_500, "much": 1_250}
    assert fill("{sum:rp}, {much:qty}", details, "id") == "Rp 12.500, 1,25"
    assert fill("{sum:rp}, {much:qty}", details, "en") == "Rp 12.500, 1.25"


def test_what_is_missing_is_a_dash_and_never_an_error() -> None:
    assert fill("{who} {0} {sum:rp}", {"sum": "?"}, "id") == "- - ?"
