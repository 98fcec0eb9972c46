"""What is no picture, or not this shop's, gets a clear word; nothing of it is kept or leaks."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from core.sync.messages import Problem
from core.sync.pictures import PART_BYTES, PICTURE_BYTES, PicturePart, PicturesAsked, PictureTaken
from server.db.schema import pictures
from server.pictures import reading, taking
from server.pictures.refusals import BadPicture, DecodersBusy
from server.sync.revoking import revoke
from tests.helpers.picture_files import bomb, noise, photo
from tests.helpers.sync_client import Counter
from tests.server.pictures.conftest import Teller, jpeg, name_of
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import Http


def _animated(kind: str) -> bytes:
    frames = [photo((20, 20), colour) for colour in ("orange", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def _gif_script() -> bytes:
    """Both a GIF and a script."""
    return b"GIF89a/*" + bytes(10) + b"*/=1;alert(1)//" + bytes(40)


def _cut() -> bytes:
    whole = jpeg()
    return whole[: len(whole) // 2]


_NEVER = {
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "type"),
    "gif and script": (_gif_script(), "type"),
    "page": (b"<!doctype html><script>alert(1)</script>" + bytes(20), "type"),
    "nothing of a jpeg": (b"\xff\xd8\xff" + bytes(200), "unreadable"),
    "cut": (_cut(), "unreadable"),
    "png in name only": (b"\x89PNG\r\n\x1a\n" + bytes(99), "unreadable"),
    "bomb": (bomb(), "pixels"),
    "smaller bomb": (bomb(6_000, 5_000), "pixels"),
    "wide": (bomb(24_000_001, 1), "pixels"),
    "moving png": (_animated("PNG"), "animated"),
    "moving webp": (_animated("WEBP"), "animated"),
}


@pytest.mark.parametrize("case", _NEVER)
def test_what_cannot_be_read_is_refused_for_good_with_the_reason(
    shop: Shop, teller: Teller, case: str
) -> None:
    original, why = _NEVER[case]
    name = name_of(original)
    teller.name(name)
    for _ in range(2):
        refused = teller.send(original)
        assert isinstance(refused, Problem) and refused.error == "bad_picture"
    assert shop.rows(pictures.picture_part, "hash") == []
    if why == "type":
        # Said by its first bytes: nothing has come, so nothing is known.
        assert teller.lacking() == {name: 0}
    else:
        assert shop.one(pictures.picture, "hash", "refused", "size") == (name, why, 0)
        told = teller.ask(name)
        assert (told.ready, told.refused, told.lacking) == ((), (name,), ())
    got = teller.get(name)
    assert isinstance(got, Problem) and got.error == "no_picture"


def test_a_picture_that_is_also_something_else_is_only_a_picture_afterwards(
    shop: Shop, teller: Teller
) -> None:
    tail = b"PK\x03\x04<script>alert(1)</script>"
    original = jpeg(comment=b"<script>alert(2)</script>") + tail
    name = name_of(original)
    teller.name(name)
    taken = teller.send(original)
    assert isinstance(taken, PictureTaken) and taken.kept
    part = teller.get(name)
    assert isinstance(part, PicturePart)
    assert b"script" not in part.data and b"PK" not in part.data[-40:]


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ({"offset": -1}, "malformed"),
        ({"total": 10}, "malformed"),
        ({"total": -5}, "malformed"),
        ({"total": PICTURE_BYTES + 1}, "too_large"),
        ({"total": 2**62}, "too_large"),
        ({"name": b"short"}, "malformed"),
        ({"name": bytes(33)}, "malformed"),
        ({"total": 90_000, "copy": bytes(32)}, "too_large"),
    ],
)
def test_a_part_that_cannot_be_one_is_refused_before_anything_is_looked_up(
    shop: Shop, teller: Teller, where: dict[str, Any], error: str
) -> None:
    original = jpeg()
    teller.name(name_of(original))
    refused = teller.send(original, **where)
    assert isinstance(refused, Problem) and refused.error == error
    empty = teller.send(b"", total=5, name=name_of(original))
    assert isinstance(empty, Problem) and empty.error == "malformed"
    long = teller.send(b"\xff\xd8\xff" + bytes(PART_BYTES), name=name_of(original))
    assert isinstance(long, Problem) and long.error == "too_large"
    assert shop.rows(pictures.picture_part, "hash") == shop.rows(pictures.picture, "hash") == []


def test_other_bytes_than_the_name_says_are_dropped_and_begun_anew(
    shop: Shop, teller: Teller
) -> None:
    original, other = jpeg(), jpeg(photo(colour="blue"))
    name = name_of(original)
    teller.name(name)
    wrong = teller.send(other, name=name)
    assert isinstance(wrong, Problem) and wrong.error == "wrong_picture"
    assert teller.lacking() == {name: 0}
    assert shop.rows(pictures.picture, "hash") == []
    taken = teller.send(original)
    assert isinstance(taken, PictureTaken) and taken.kept


def test_one_counter_cannot_spoil_what_another_sends(shop: Shop, teller: Teller) -> None:
    original = jpeg()
    name = name_of(original)
    teller.name(name)
    spoiler = Teller(shop, shop.joined("K2"), Http(shop))
    teller.send(original, most=1_000)
    spoiler.send(b"\xff\xd8\xff" + bytes(996), name=name, total=len(original))
    assert teller.lacking() == {name: 1_000}
    taken = teller.send(original, offset=1_000)
    assert isinstance(taken, PictureTaken) and taken.kept
    assert shop.rows(pictures.picture_part, "hash") == []


def test_another_shops_picture_is_as_if_it_had_never_been(shop: Shop, teller: Teller) -> None:
    original, never = jpeg(), jpeg(photo(colour="blue"))
    name, unknown = name_of(original), name_of(never)
    teller.name(name)
    teller.send(original)
    other_shop = Shop(shop.services, shop.clock)
    thief = Teller(other_shop, other_shop.joined(), Http(other_shop))
    # Neither named: told nothing, given nothing, and not even a picture in hand is taken.
    for one, data in ((name, original), (unknown, never)):
        told = thief.ask(one)
        assert (told.ready, told.refused, told.lacking) == ((), (), ())
        got, sent = thief.get(one), thief.send(data)
        assert isinstance(got, Problem) and got.error == "no_picture"
        assert isinstance(sent, Problem) and sent.error == "no_picture"
    # Named by goods of its own: lacking, both alike; having the name opens nothing.
    thief.name(name, unknown)
    assert thief.lacking() == {name: 0, unknown: 0}
    got = thief.get(name)
    assert isinstance(got, Problem) and got.error == "no_picture"
    # The other shop's word is none in this one.
    part = teller.get(name)
    assert isinstance(part, PicturePart)
    lent = thief.send(part.data, name=name, copy=part.copy, signature=part.signature)
    assert isinstance(lent, Problem) and lent.error == "wrong_picture"
    taken = thief.send(original, most=500)
    assert isinstance(taken, PictureTaken) and taken.received == 500  # not "here already"
    assert [row[0] for row in shop.rows(pictures.picture, "hash")] == [name]
    assert other_shop.rows(pictures.picture, "hash") == []


def test_only_a_counter_in_good_standing_speaks_about_pictures(shop: Shop, teller: Teller) -> None:
    original = jpeg()
    teller.name(name_of(original))
    teller.send(original, most=500)
    unsigned = asyncio.run(teller.http.ask("GET", "/sync/picture", query=f"hash={'0' * 64}"))
    assert unsigned.status_code == 401
    stranger = Teller(shop, Counter(), teller.http)
    assert stranger.get(name_of(original)).error == "unknown_device"  # type: ignore[union-attr]
    revoke(shop.services, shop.id, teller.counter.device)
    for answer in (teller.send(original, offset=500), teller.get(name_of(original))):
        assert isinstance(answer, Problem) and answer.error == "revoked"
    asked = teller.post("/sync/pictures", PicturesAsked(), Problem)
    assert asked.error == "revoked"
    assert shop.rows(pictures.picture, "hash") == []


@pytest.mark.parametrize("names", [(b"x",), tuple(bytes([n]) * 32 for n in range(101))])
def test_a_question_has_whole_names_and_not_too_many(
    teller: Teller, names: tuple[bytes, ...]
) -> None:
    assert teller.post("/sync/pictures", PicturesAsked(names), Problem).error == "malformed"
    assert teller.post("/sync/pictures", PicturesAsked((), b"x"), Problem).error == "malformed"


@pytest.mark.parametrize(
    "query",
    [
        "hash=zz",
        "offset=1",
        f"hash={'0' * 64}&offset=-1",
        f"hash={'0' * 64}&most=0",
        f"hash={'0' * 64}&most=x",
        f"hash={'0' * 64}&most={PART_BYTES + 1}",
    ],
)
def test_a_question_for_a_part_is_checked(teller: Teller, query: str) -> None:
    response = asyncio.run(teller.http.get(teller.counter, "/sync/picture", query))
    assert response.status_code == 400
    assert b"malformed" in response.content


def test_random_bytes_are_never_a_fault_of_the_server(shop: Shop, teller: Teller) -> None:
    import random

    chance = random.Random(7)
    for head in (b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBPVP8 "):
        for _ in range(3):
            with pytest.raises(BadPicture):
                reading.read_picture(head + chance.randbytes(chance.randint(0, 3_000)))
    whole = jpeg()
    for _ in range(6):
        # A damaged one is read as far as it goes, or refused; nothing else comes of it.
        place = chance.randrange(len(whole))
        damaged = whole[:place] + chance.randbytes(20) + whole[place + 20 :]
        try:
            assert reading.read_picture(damaged).data.startswith(b"\xff\xd8\xff")
        except BadPicture as refusal:
            assert refusal.details["why"] in ("type", "pixels", "unreadable", "animated")


def test_a_decoder_that_takes_too_long_is_ended_and_the_picture_waits(
    shop: Shop, teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = jpeg()
    name = name_of(original)
    teller.name(name)
    quick = reading.read_picture
    monkeypatch.setattr(taking, "read_picture", lambda data: quick(data, time_s=0.001))
    busy = teller.send(original)
    assert isinstance(busy, Problem) and (busy.error, busy.retry_s) == ("busy", 30)
    assert teller.lacking() == {name: len(original)}
    monkeypatch.setattr(taking, "read_picture", quick)
    # Only its end travels again.
    taken = teller.send(original, offset=len(original) - 1)
    assert isinstance(taken, PictureTaken) and taken.kept


def test_the_process_that_reads_has_bounds_and_knows_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HUYULA_DB_OWNER", "postgresql://huyula_owner:geheim@db/huyula")
    seen: dict[str, Any] = {}
    run = subprocess.run

    def watched(words: list[str], **options: Any) -> Any:
        seen.update(options, words=words)
        return run(words, **options)

    monkeypatch.setattr(reading.subprocess, "run", watched)
    reading.read_picture(jpeg())
    assert "geheim" not in str(seen["env"]) and "HUYULA_DB_OWNER" in os.environ
    assert seen["timeout"] == reading.TIME_S

    look = (
        "import resource as r, server.pictures.child as c; c._limit();"
        "print([r.getrlimit(n)[0] for n in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE)])"
    )
    done = run(
        [sys.executable, "-c", look], env=seen["env"], cwd=seen["cwd"], capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == str([1024**3, 10, 0])


def test_no_more_pictures_are_read_at_once_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "WAIT_S", 0.0)
    for _ in range(reading.AT_ONCE):
        reading._room.acquire()
    try:
        with pytest.raises(DecodersBusy):
            reading.read_picture(jpeg())
    finally:
        for _ in range(reading.AT_ONCE):
            reading._room.release()
    assert reading.read_picture(noise((20, 20), 1)).width == 20


def test_an_answer_of_the_process_that_is_none_is_no_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for out, code in ((b"", 0), (b"\xc1", 0), (b"ok", 1), (bytes(2_000_000), 0)):
        done = subprocess.CompletedProcess([], code, out)
        monkeypatch.setattr(reading.subprocess, "run", lambda *a, done=done, **b: done)
        with pytest.raises(BadPicture):
            reading.read_picture(jpeg())


def test_the_published_description_names_the_requests(shop: Shop) -> None:
    http = Http(shop)

    async def fetch() -> bytes:
        import httpx

        transport = httpx.ASGITransport(http.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://huyula") as client:
            return (await client.get("/openapi.json")).content

    paths = msgspec.json.decode(asyncio.run(fetch()))["paths"]
    assert set(paths["/api/v1/sync/picture"]) == {"get", "post"}
    assert set(paths["/api/v1/sync/pictures"]) == {"post"}
    statuses = set(paths["/api/v1/sync/picture"]["post"]["responses"])
    assert {"200", "401", "403", "404", "409", "413", "422", "429", "503", "507"} <= statuses
