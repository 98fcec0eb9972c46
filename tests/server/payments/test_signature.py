from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from server.payments.signature import is_signed, signature

KEY = "SB-Mid-server-abc"


def test_it_is_made_of_the_strings_as_they_are() -> None:
    text = "HY-1" + "200" + "10000.00" + KEY
    assert signature("HY-1", "200", "10000.00", KEY) == hashlib.sha512(text.encode()).hexdigest()
    # Reckoned with sha512sum, once.
    assert signature("HY-1", "200", "10000.00", KEY).startswith("1e74d540c2f7f0d4b3906503")
    assert not is_signed("HY-1", "200", "10000", KEY, signature("HY-1", "200", "10000.00", KEY))


@given(st.text(), st.text(), st.text(), st.text())
def test_anything_else_is_not_it(order: str, code: str, amount: str, given_text: str) -> None:
    assert is_signed(order, code, amount, KEY, signature(order, code, amount, KEY))
    assert not is_signed(order, code, amount, KEY, given_text)
    assert not is_signed(order, code, amount, "other", signature(order, code, amount, KEY))
