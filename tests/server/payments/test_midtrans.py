"""The adapter against the sandbox gateway, which is another process, over loopback."""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator

import pytest
from requests import get, post

from server.payments.midtrans import Access, Midtrans, rupiah
from server.payments.provider import (
    KeyUsed,
    Line,
    MethodNotOpen,
    NotPossibleThere,
    ProviderKeyWrong,
    ProviderRefused,
    ProviderSilent,
    UnknownThere,
)
from server.payments.signature import is_signed
from tests.helpers.sandbox import KEY, Sandbox, charge_of, listening, until


@pytest.fixture
def key() -> str:
    return f"HY-{uuid.uuid4().hex}-1"


def test_qris_from_asked_to_given_back(sandbox: Sandbox, key: str) -> None:
    gateway = sandbox.midtrans()
    charged = gateway.charge(charge_of(key))
    assert charged.shown.qr.startswith("000201") and "540528000" in charged.shown.qr
    assert (charged.said.state, charged.said.amount, charged.said.order_key) == (
        "pending",
        28_000,
        key,
    )
    assert charged.said.expires_ms is not None
    sandbox.act(key, "pay")
    by_id = gateway.status(charged.said.transaction_id)
    said = gateway.status(key)
    assert said is not None and by_id is not None and by_id.state == said.state == "paid"
    assert said.settled_ms is not None and said.channel == "qris"
    assert abs(said.settled_ms - time.time() * 1000) < 60_000

    gateway.refund(key, "r-1", 8_000, "habis", direct=True)
    gateway.refund(key, "r-1", 8_000, "habis", direct=True)
    said = gateway.status(key)
    assert said is not None and said.state == "part_refunded"
    assert [(one.key, one.amount) for one in said.refunds] == [("r-1", 8_000)]
    gateway.refund(key, "r-2", 20_000, "habis")
    said = gateway.status(key)
    assert said is not None and said.state == "refunded" and len(said.refunds) == 2
    with pytest.raises(NotPossibleThere):
        gateway.refund(key, "r-3", 1, "lagi")


@pytest.mark.parametrize("bank", ["bca", "bni", "bri", "permata", "cimb", "mandiri"])
def test_bank_transfer(sandbox: Sandbox, key: str, bank: str) -> None:
    gateway = sandbox.midtrans()
    charged = gateway.charge(charge_of(key, method="bank_transfer", bank=bank, life_s=86_400))
    assert charged.shown.bank == bank and charged.shown.account.isdigit()
    assert bool(charged.shown.biller) == (bank == "mandiri")
    sandbox.act(key, "pay")
    with pytest.raises(NotPossibleThere):
        gateway.refund(key, "r-1", 28_000, "habis")


def test_gopay_leads_to_its_app(sandbox: Sandbox, key: str) -> None:
    charged = sandbox.midtrans().charge(charge_of(key, method="gopay", back="https://toko.id/x"))
    assert charged.shown.deeplink.startswith(sandbox.url) and charged.shown.qr


def test_snap_is_a_page_that_needs_no_script(sandbox: Sandbox, key: str) -> None:
    gateway = sandbox.midtrans()
    with listening() as ear:
        charge = charge_of(key, method="snap", notify=ear.url, back="https://toko.id/pesanan")
        charged = gateway.charge(charge)
        assert gateway.charge(charge).shown == charged.shown
        assert gateway.status(key) is None
        page = get(charged.shown.page, timeout=10)
        assert "Kopi Pinogu" in page.text and "<script" not in page.text
        post(charged.shown.page, data={"what": "qris:"}, timeout=10)
        said = gateway.status(key)
        assert said is not None and (said.state, said.amount) == ("pending", 28_000)
        shown = get(charged.shown.page, timeout=10).text
        assert "https://toko.id/pesanan" in shown
        picture = get(f"{sandbox.url}/v2/qris/{said.transaction_id}/qr-code", timeout=10)
        assert picture.content.startswith(b"\x89PNG")
        post(charged.shown.page, data={"what": "pay"}, timeout=10)
        said = gateway.status(key)
        assert said is not None and said.state == "paid"
        ear.wait(2)
        assert ear.statuses == ["pending", "settlement"]
    with pytest.raises(KeyUsed):
        gateway.charge(charge._replace(repeat_key="another"))


def test_an_order_key_is_used_once_and_the_same_request_is_answered_again(
    sandbox: Sandbox, key: str
) -> None:
    gateway = sandbox.midtrans()
    first = gateway.charge(charge_of(key))
    assert gateway.charge(charge_of(key)).shown == first.shown
    with pytest.raises(KeyUsed):
        gateway.charge(charge_of(key, repeat_key="another"))


def test_cancelled_and_expired(sandbox: Sandbox, key: str) -> None:
    gateway = sandbox.midtrans()
    for name, call in (("cancelled", gateway.cancel), ("expired", gateway.expire)):
        mine = f"{key}{name}"
        gateway.charge(charge_of(mine))
        call(mine)
        said = gateway.status(mine)
        assert said is not None and said.state == name
        with pytest.raises(NotPossibleThere):
            call(mine)
    with pytest.raises(UnknownThere):
        gateway.cancel("HY-none")
    with pytest.raises(UnknownThere):
        gateway.cancel("../../v2/charge")
    assert gateway.status("HY-none") is None


def test_another_merchants_order_is_not_there(sandbox: Sandbox, key: str) -> None:
    sandbox.midtrans().charge(charge_of(key))
    assert sandbox.midtrans("SB-Mid-server-toko-b").status(key) is None


def test_a_key_of_the_other_environment(sandbox: Sandbox, key: str) -> None:
    with pytest.raises(ProviderKeyWrong) as refused:
        sandbox.midtrans("Mid-server-real").charge(charge_of(key))
    assert "real" not in str(refused.value)
    assert "secret" not in repr(Access("sandbox", "secret"))


def test_lines_that_do_not_sum_are_never_sent(sandbox: Sandbox, key: str) -> None:
    with pytest.raises(ValueError, match="sum"):
        sandbox.midtrans().charge(charge_of(key, lines=(Line("Kopi", 1),)))
    with pytest.raises(MethodNotOpen):
        sandbox.midtrans().charge(charge_of(key, method="bank_transfer", bank="nowhere"))


def test_what_is_wrong_with_a_request_is_said(sandbox: Sandbox, key: str) -> None:
    with pytest.raises(ProviderRefused, match="order_id"):
        sandbox.midtrans().charge(charge_of(key + "x" * 50))


def test_without_an_answer_it_is_silent(sandbox: Sandbox, key: str) -> None:
    for fault in ("error_before", "error_after", "late"):
        mine = f"{key}{fault[-3:]}"
        sandbox.wish(mine, charge=fault, delay_s=1.5)
        with pytest.raises(ProviderSilent):
            sandbox.midtrans(timeout_s=1).charge(charge_of(mine))
        said = sandbox.midtrans().status(mine)
        assert (said is None) == (fault == "error_before")
    sandbox.wish(mine, status="error_after")
    with pytest.raises(ProviderSilent):
        sandbox.midtrans().status(mine)


def test_notifications_are_signed_as_midtrans_does_and_come_again(
    sandbox: Sandbox, key: str
) -> None:
    answers = iter([503, 500, 200])
    with listening(lambda _body: next(answers, 200)) as ear:
        sandbox.midtrans().charge(charge_of(key, notify=ear.url))
        ear.wait(2)
        sandbox.act(key, "pay")
        ear.wait(3)
    told = json.loads(ear.heard[-1])
    assert told["gross_amount"] == "28000.00"
    assert is_signed(key, told["status_code"], "28000.00", KEY, told["signature_key"])


@pytest.mark.parametrize(
    ("notify", "wanted"),
    [
        ("lost", []),
        ("doubled", ["pending"] * 5 + ["settlement"] * 5),
        ("reordered", ["settlement", "pending"]),
        ("delayed", ["pending", "settlement"]),
    ],
)
def test_faults_of_notifications(
    sandbox: Sandbox, key: str, notify: str, wanted: list[str]
) -> None:
    sandbox.wish(key, notify=notify, delay_s=0.4)
    with listening() as ear:
        sandbox.midtrans().charge(charge_of(key, notify=ear.url))
        sandbox.act(key, "pay")
        ear.wait(len(wanted))
        time.sleep(0.2)
        assert ear.statuses == wanted


def test_it_pays_refuses_and_settles_late_by_itself(sandbox: Sandbox, key: str) -> None:
    gateway = sandbox.midtrans()
    for pay, state in (("at_once", "paid"), ("refused", "failed")):
        mine = f"{key}{pay[:3]}"
        sandbox.wish(mine, pay=pay, delay_s=0.05)
        gateway.charge(charge_of(mine))
        until(lambda mine=mine, state=state: _state(gateway, mine) == state)  # type: ignore[misc]
    sandbox.wish(key, pay="after_expiry", delay_s=0.5)
    gateway.charge(charge_of(key, life_s=1))
    until(lambda: _state(gateway, key) == "expired")
    until(lambda: _state(gateway, key) == "paid")


def _state(gateway: Midtrans, key: str) -> str | None:
    said = gateway.status(key)
    return None if said is None else said.state


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("10000.00", 10_000),
        ("10000", 10_000),
        (10_000, 10_000),
        ("10000.50", None),
        ("-1.00", None),
        ("1e5", None),
        ("", None),
        (None, None),
        (True, None),
        (1.5, None),
        ("٣", None),
    ],
)
def test_amounts(text: object, amount: int | None) -> None:
    assert rupiah(text) == amount


class _Odd:
    """Answers every request with the same bytes, some of them slowly."""

    def __init__(self, parts: list[bytes], pause_s: float = 0) -> None:
        self._parts, self._pause_s = parts, pause_s
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        try:
            while True:
                client, _ = self._socket.accept()
                with client:
                    client.recv(65_536)
                    for part in self._parts:
                        client.sendall(part)
                        time.sleep(self._pause_s)
        except OSError:
            pass

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def odd(request: pytest.FixtureRequest) -> Iterator[_Odd]:
    made = _Odd(*request.param)
    yield made
    made.close()


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "odd",
    [
        ([b"HTTP/1.1 200 OK\r\n\r\n<html>Silakan masuk WiFi</html>"],),
        ([b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"],),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"],),
        ([b"nonsense\r\n\r\n"],),
        ([_HEAD, b"[" * 100_000],),
        ([_HEAD, b'{"a":"' + b"x" * 400_000],),
        ([_HEAD, b'{"transaction_status":"settlement","status_code":"200"}'],),
        ([_HEAD, *[b" "] * 60], 0.1),
    ],
    ids=["portal", "redirect", "cut", "noise", "deep", "huge", "no amount", "drops"],
    indirect=True,
)
def test_what_is_no_answer_is_silence(odd: _Odd) -> None:
    gateway = Midtrans(Access("sandbox", KEY, odd.url), timeout_s=1)
    began = time.monotonic()
    with pytest.raises(ProviderSilent):
        gateway.status("HY-1")
    assert time.monotonic() - began < 4
