"""The feed's own chain: anything that changes in it changes its hash."""

from __future__ import annotations

from core.sync import feed


def test_every_part_of_an_entry_is_in_the_feed_hash() -> None:
    whole = (feed.START, 1, b"h" * 32, 1000, feed.OK)
    others = (
        (b"x" * 32, *whole[1:]),
        (whole[0], 2, *whole[2:]),
        (*whole[:2], b"i" * 32, *whole[3:]),
        (*whole[:3], 1001, feed.OK),
        (*whole[:4], feed.QUARANTINED),
    )
    assert len({feed.next_hash(*parts) for parts in (whole, *others)}) == 1 + len(others)


def test_a_verdict_reads_back_with_its_codes_in_order() -> None:
    text = feed.verdict(feed.FLAGGED, "over_refund", "late")
    assert text == "flagged:late,over_refund"
    assert feed.verdict_word(text) == "flagged"
    assert feed.verdict_codes(text) == ("late", "over_refund")
    assert feed.verdict_codes(feed.OK) == ()


def test_only_quarantine_keeps_an_entry_out_of_the_accepted_state() -> None:
    assert feed.counts(feed.OK)
    assert feed.counts(feed.verdict(feed.FLAGGED, "late"))
    assert feed.counts(feed.JOINED)
    assert not feed.counts(feed.verdict(feed.QUARANTINED, "unreadable"))


def test_what_is_signed_for_one_purpose_serves_no_other() -> None:
    shop, device, digest = b"s" * 16, b"d" * 16, b"h" * 32
    texts = {
        feed.cursor_bytes(shop, 1, 2, digest),
        feed.cursor_bytes(shop, 2, 1, digest),
        feed.head_bytes(shop, device, 2, digest),
        feed.line_bytes(device, 2, digest, shop, digest),
    }
    assert len(texts) == 4
    assert len({text.partition(b"\n")[0] for text in texts}) == 3
