"""A transaction of the sandbox gateway, and its answers in Midtrans' own fields."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from core.qris import with_amount

ZONE: Final = timezone(timedelta(hours=7))
MERCHANT: Final = "G000000001"
_STICKER: Final = (
    "00020101021126660014COM.CONTOH.WWW011893600099000001234502150000000123456780303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10999999999990303UMI5204541153033605802ID5913WARUNG HUYULA"
    "6014KAB. GORONTALO61059621162070703A0163048913"
)
CODES: Final = {
    "pending": "201",
    "settlement": "200",
    "capture": "200",
    "deny": "202",
    "cancel": "200",
    "expire": "407",
    "failure": "202",
    "refund": "200",
    "partial_refund": "200",
    "chargeback": "200",
}


@dataclass
class Refund:
    """One that was made."""

    key: str
    amount: int
    reason: str
    at_ms: int


@dataclass
class Transaction:
    """What was charged, and what became of it. Guarded by the book's lock."""

    order_id: str
    amount: int
    kind: str
    server_key: str
    notify: str
    made_ms: int
    ends_ms: int
    bank: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    status: str = "pending"
    settled_ms: int = 0
    refunds: list[Refund] = field(default_factory=list)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    charge_answer: dict[str, Any] = field(default_factory=dict)

    @property
    def refunded(self) -> int:
        """Rupiah given back."""
        return sum(one.amount for one in self.refunds)

    @property
    def qr(self) -> str:
        """What a buyer scans. Nobody can pay it: the merchant is made up."""
        return with_amount(_STICKER, self.amount, self.id[:8].upper())

    @property
    def account(self) -> str:
        """The number to transfer to."""
        return f"8{int(self.id[:8], 16):011d}"

    def fields(self) -> dict[str, Any]:
        """As its status is answered and notified."""
        found: dict[str, Any] = {
            "transaction_time": written(self.made_ms),
            "transaction_status": self.status,
            "transaction_id": self.id,
            "status_code": CODES[self.status],
            "payment_type": self.kind,
            "order_id": self.order_id,
            "merchant_id": MERCHANT,
            "gross_amount": f"{self.amount}.00",
            "fraud_status": "accept",
            "expiry_time": written(self.ends_ms),
            "currency": "IDR",
        }
        if self.settled_ms:
            found["settlement_time"] = written(self.settled_ms)
        if self.kind == "qris":
            found |= {"acquirer": "gopay", "issuer": "gopay"}
        if self.kind == "bank_transfer":
            found |= self._account()
        if self.refunds:
            found["refund_amount"] = f"{self.refunded}.00"
            found["refunds"] = [
                {
                    "refund_chargeback_id": n,
                    "refund_amount": f"{one.amount}.00",
                    "created_at": written(one.at_ms),
                    "reason": one.reason,
                    "refund_key": one.key,
                }
                for n, one in enumerate(self.refunds, 1)
            ]
        return found

    def charged(self, base: str) -> dict[str, Any]:
        """As its charge is answered."""
        found = {**self.fields(), "status_message": f"{self.kind} transaction is created"}
        picture = {
            "name": "generate-qr-code",
            "method": "GET",
            "url": f"{base}/v2/qris/{self.id}/qr-code",
        }
        if self.kind == "qris":
            found |= {"qr_string": self.qr, "actions": [picture]}
        if self.kind == "gopay":
            pay = f"{base}/sandbox/bayar/{self.id}"
            link = {"name": "deeplink-redirect", "method": "GET", "url": pay}
            found |= {"qr_string": self.qr, "actions": [picture, link]}
        if self.kind == "echannel":
            found |= {"bill_key": self.account, "biller_code": "70012"}
        return found

    def _account(self) -> dict[str, Any]:
        if self.bank == "permata":
            return {"permata_va_number": self.account}
        return {"va_numbers": [{"bank": self.bank, "va_number": self.account}]}


def written(at_ms: int) -> str:
    """An instant as Midtrans writes it: GMT+7, without saying so."""
    return datetime.fromtimestamp(at_ms // 1000, ZONE).strftime("%Y-%m-%d %H:%M:%S")
