"""Forms with a file, as browsers send them and as nobody should."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.http.problems import Malformed
from server.web.multipart import read_multipart

TYPE = 'multipart/form-data; boundary="batas"'


def body(*parts: tuple[str, bytes]) -> bytes:
    """Parts by their disposition."""
    told = (
        f"--batas\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
        for head, data in parts
    )
    return b"".join(told) + b"--batas--\r\n"


def test_texts_and_files_as_they_came() -> None:
    data = b"\x00\r\n--bata\r\n\xff"
    raw = body(
        ('name="csrf"', b"abc"),
        ('name="berkas"; filename="C:\\folder\\laporan.csv"', data),
        ('name="kosong"; filename=""', b""),
    )
    texts, files = read_multipart(TYPE, raw)
    assert texts == {"csrf": "abc"}
    assert files["berkas"] == ("laporan.csv", data) and files["kosong"] == ("", b"")


@pytest.mark.parametrize(
    ("content_type", "raw"),
    [
        ("multipart/form-data", body(('name="a"', b"1"))),
        (TYPE, b""),
        (TYPE, b"--batas\r\n"),
        (TYPE, body(('name="a"', b"1"))[:-4]),
        (TYPE, body(("filename=x", b"1"))),
        (TYPE, body(('name="a"', b"\xff"))),
        (TYPE, body(('name="a"', b"x" * 100_001))),
        (TYPE, body(*[('name="a"', b"1")] * 60)),
    ],
)
def test_what_is_no_such_form_is_refused(content_type: str, raw: bytes) -> None:
    with pytest.raises(Malformed):
        read_multipart(content_type, raw)


@given(st.text(max_size=80), st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(boundary: str, raw: bytes) -> None:
    try:
        texts, files = read_multipart(f"multipart/form-data; boundary={boundary}", raw)
    except Malformed:
        return
    assert all(one.encode() in raw for one in texts.values())
    assert all(one.data in raw for one in files.values())


@given(st.binary(max_size=300).filter(lambda data: b"--batas" not in data))
def test_a_file_of_any_bytes_comes_whole(data: bytes) -> None:
    _texts, files = read_multipart(TYPE, body(('name="berkas"; filename="a.csv"', data)))
    assert files["berkas"].data == data
