"""Midtrans over HTTP: bodies out, answers in, refusals by name.

Amounts go out as integers and come back as strings such as "10000.00". Its times are GMT+7
without a zone.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from server.payments.calling import Answer, Caller
from server.payments.provider import (
    Charge,
    Charged,
    Environment,
    KeyUsed,
    Method,
    MethodNotOpen,
    NotPossibleThere,
    ProviderKeyWrong,
    ProviderRefused,
    ProviderSilent,
    RefundSaid,
    Said,
    Shown,
    UnknownThere,
    is_key,
)
from server.payments.states import translated

NAME: Final = "midtrans"
HOSTS: Final[dict[Environment, tuple[str, str]]] = {
    "sandbox": ("https://api.sandbox.midtrans.com", "https://app.sandbox.midtrans.com"),
    "production": ("https://api.midtrans.com", "https://app.midtrans.com"),
}
BANKS: Final = ("bca", "bni", "bri", "permata", "cimb", "mandiri")
_ZONE: Final = timezone(timedelta(hours=7))
_MOST_NAME: Final = 50
_DIRECT: Final = frozenset({"gopay", "qris", "shopeepay"})


class Access(NamedTuple):
    """A merchant account, opened: the secret in it is never shown."""

    environment: Environment
    server_key: str
    base: str = ""

    def __repr__(self) -> str:
        """Without the key."""
        return f"Access({self.environment!r}, base={self.base!r})"


class Midtrans:
    """The adapter, with one merchant account."""

    def __init__(self, access: Access, *, timeout_s: float = 10) -> None:
        """`timeout_s`: seconds that a call may take as a whole."""
        core, snap = HOSTS[access.environment]
        self._core, self._snap = access.base or core, access.base or snap
        self._caller = Caller(access.server_key, timeout_s)

    def request_of(self, charge: Charge) -> str:
        """The body that `charge` sends."""
        body = _snap_body(charge) if charge.method == "snap" else _charge_body(charge)
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    def charge(self, charge: Charge) -> Charged:
        """Ask for a payment, or for a page on which the buyer chooses how (Snap)."""
        headers = {"Idempotency-Key": charge.repeat_key}
        if charge.notify:
            headers["X-Override-Notification"] = charge.notify
        is_snap = charge.method == "snap"
        url = f"{self._snap}/snap/v1/transactions" if is_snap else f"{self._core}/v2/charge"
        answer = self._caller.send("POST", url, self.request_of(charge), headers)
        _check(answer)
        if is_snap:
            page = _text(answer.data, "redirect_url")
            said = Said("", charge.order_key, "pending", charge.amount, raw=answer.text)
            return Charged(said, Shown(page=page))
        return Charged(_said(answer), _shown(answer.data))

    def status(self, key: str, *, within_s: float = 0) -> Said | None:
        """What it says now; None where it knows no such order."""
        answer = self._caller.send("GET", self._place(key, "status"), within_s=within_s)
        if answer.code == "404":
            return None
        # An answer about a transaction carries its own code: that of a denied one is 202, of an
        # expired one 407.
        if "transaction_status" not in answer.data:
            _check(answer)
        return _said(answer)

    def cancel(self, key: str) -> None:
        """Call off what was not paid yet."""
        _check(self._caller.send("POST", self._place(key, "cancel"), "{}"))

    def expire(self, key: str) -> None:
        """End the time in which it may be paid."""
        answer = self._caller.send("POST", self._place(key, "expire"), "{}")
        # That is how it says that it is done.
        if answer.code != "407":
            _check(answer)

    def refund(
        self, key: str, refund_key: str, amount: int, reason: str, *, direct: bool = False
    ) -> None:
        """Give money back; the same `refund_key` is the same refund."""
        body = json.dumps({"refund_key": refund_key, "amount": amount, "reason": reason})
        place = self._place(key, "refund/online/direct" if direct else "refund")
        _check(self._caller.send("POST", place, body))

    def _place(self, key: str, what: str) -> str:
        if not is_key(key):
            raise UnknownThere(key=key)
        return f"{self._core}/v2/{key}/{what}"


def is_direct(channel: str) -> bool:
    """Whether money of this way of paying can go straight back to where it came from."""
    return channel in _DIRECT


def _charge_body(charge: Charge) -> dict[str, Any]:
    body = _common(charge)
    body["custom_expiry"] = {
        "order_time": _time(charge.asked_ms),
        "expiry_duration": charge.life_s,
        "unit": "second",
    }
    if charge.method == "qris":
        return {"payment_type": "qris", **body, "qris": {"acquirer": "gopay"}}
    if charge.method == "gopay":
        gopay: dict[str, Any] = {"enable_callback": bool(charge.back)}
        if charge.back:
            gopay["callback_url"] = charge.back
        return {"payment_type": "gopay", **body, "gopay": gopay}
    if charge.bank == "mandiri":
        bill = {"bill_info1": "Pembayaran", "bill_info2": charge.order_key[-10:]}
        return {"payment_type": "echannel", **body, "echannel": bill}
    if charge.bank not in BANKS:
        raise MethodNotOpen(method=charge.bank)
    return {"payment_type": "bank_transfer", **body, "bank_transfer": {"bank": charge.bank}}


def _snap_body(charge: Charge) -> dict[str, Any]:
    body = _common(charge)
    body["expiry"] = {
        "start_time": _time(charge.asked_ms),
        "duration": max(1, charge.life_s // 60),
        "unit": "minutes",
    }
    if charge.back:
        body["callbacks"] = {"finish": charge.back}
    return body


def _common(charge: Charge) -> dict[str, Any]:
    if charge.amount <= 0 or sum(line.amount for line in charge.lines) != charge.amount:
        raise ValueError("the lines do not sum to what is charged")
    return {
        "transaction_details": {"order_id": charge.order_key, "gross_amount": charge.amount},
        "item_details": [
            {"id": f"{n}", "name": line.name[:_MOST_NAME], "price": line.amount, "quantity": 1}
            for n, line in enumerate(charge.lines, 1)
        ],
    }


def _check(answer: Answer) -> None:
    """Pass an answer that says yes."""
    code, said = answer.code, _words(answer.data)
    if code.startswith("2") and code != "202":
        return
    match code:
        case "401":
            raise ProviderKeyWrong()
        case "402":
            raise MethodNotOpen(said=said)
        case "404":
            raise UnknownThere(said=said)
        case "406":
            raise KeyUsed(said=said)
        case "407" | "410" | "411" | "412" | "414" | "418":
            raise NotPossibleThere(said=said)
        case "409" | "429":
            raise ProviderSilent(why="code", said=code)
    if code.startswith("5") or not code:
        raise ProviderSilent(why="code", said=code)
    if "order_id" in said and "digunakan" in said:
        # Snap says so with code 400.
        raise KeyUsed(said=said)
    raise ProviderRefused(said=said or code)


def _words(data: dict[str, Any]) -> str:
    parts = [data.get("status_message"), data.get("channel_response_message")]
    for name in ("validation_messages", "error_messages"):
        found = data.get(name)
        parts += found if isinstance(found, list) else []
    return "; ".join(part for part in parts if isinstance(part, str))[:300]


def _said(answer: Answer) -> Said:
    data = answer.data
    status, fraud = _text(data, "transaction_status"), _text(data, "fraud_status")
    amount = rupiah(data.get("gross_amount"))
    if not status or amount is None:
        raise ProviderSilent(why="unreadable")
    return Said(
        transaction_id=_text(data, "transaction_id"),
        order_key=_text(data, "order_id"),
        state=translated(status, fraud, answer.code),
        amount=amount,
        channel=_text(data, "payment_type"),
        settled_ms=_instant(data.get("settlement_time")),
        expires_ms=_instant(data.get("expiry_time")),
        refunds=_refunds(data),
        raw=answer.text,
    )


def _refunds(data: dict[str, Any]) -> tuple[RefundSaid, ...]:
    listed = data.get("refunds")
    found = []
    for one in listed if isinstance(listed, list) else []:
        amount = rupiah(one.get("refund_amount")) if isinstance(one, dict) else None
        if amount:
            key = _text(one, "refund_key") or str(one.get("refund_chargeback_id", ""))
            found.append(RefundSaid(key, amount))
    whole = rupiah(data.get("refund_amount"))
    if whole and not found:
        found.append(RefundSaid(_text(data, "refund_key"), whole))
    return tuple(found)


def _shown(data: dict[str, Any]) -> Shown:
    actions = data.get("actions")
    links = {
        _text(one, "name"): _text(one, "url")
        for one in (actions if isinstance(actions, list) else [])
    }
    numbers = data.get("va_numbers")
    first = numbers[0] if isinstance(numbers, list) and numbers else {}
    bank, account = _text(first, "bank"), _text(first, "va_number")
    if "permata_va_number" in data:
        bank, account = "permata", _text(data, "permata_va_number")
    if "bill_key" in data:
        bank, account = "mandiri", _text(data, "bill_key")
    return Shown(
        qr=_text(data, "qr_string"),
        deeplink=links.get("deeplink-redirect", ""),
        bank=bank,
        account=account,
        biller=_text(data, "biller_code"),
    )


def rupiah(value: Any) -> int | None:
    """Whole rupiah of "10000.00"; None where it is no such thing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    whole, _, part = value.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) < 16) or part.strip("0"):
        return None
    return int(whole)


def _text(data: Any, name: str) -> str:
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, _ZONE).strftime("%Y-%m-%d %H:%M:%S +0700")


def _instant(value: Any) -> int | None:
    try:
        made = datetime.strptime(value, "%Y-%m-%d %H:%M:%S")
    except (TypeError, ValueError):
        return None
    return int(made.replace(tzinfo=_ZONE).timestamp() * 1000)


METHODS: Final[tuple[Method, ...]] = ("qris", "gopay", "bank_transfer", "snap")
