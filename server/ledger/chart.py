"""The chart of accounts for a shop's sales through the marketplace.

Nobody's money lies with the platform (docs/decisions/0021-ledger.md): these books say what each
order owes to whom, what was paid through which provider, and what the shop owes the office.

An account with a floor is checked in the transaction that lowers it. One that is watched without a
floor is locked and can be frozen or held, and may go below zero. The rest only gather: orders never
wait for each other there.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from core.ledger import CREDIT, DEBIT
from server.db.types import show_id

Class = Literal["asset", "liability", "revenue", "contra_revenue", "expense"]


class Kind(NamedTuple):
    """A kind of account. `owner`: what each account of it belongs to, empty where a shop has one.

    `names`: in Bahasa Indonesia and in English.
    """

    kind: str
    group: Class
    side: str
    owner: str
    is_watched: bool
    floor: int | None
    names: tuple[str, str]


def _kind(
    kind: str,
    group: Class,
    names: tuple[str, str],
    *,
    owner: str = "",
    watched: bool = False,
    floor: int | None = None,
) -> Kind:
    side = DEBIT if group in ("asset", "expense", "contra_revenue") else CREDIT
    return Kind(kind, group, side, owner, watched or floor is not None, floor, names)


_KINDS: Final = (
    # What a buyer still owes for an order that was agreed. Below zero: paid before it was.
    _kind(
        "order_receivable",
        "asset",
        ("Piutang pesanan", "Order receivable"),
        owner="order",
        watched=True,
    ),
    # What an order owes back to its buyer. Its floor is what keeps a refund from being paid twice.
    _kind(
        "refund_payable",
        "liability",
        ("Utang pengembalian dana", "Refund payable"),
        owner="order",
        floor=0,
    ),
    # Agreed and not handed over yet: goods that are owed to buyers.
    _kind("order_unearned", "liability", ("Pesanan belum diserahkan", "Orders not handed over")),
    # Paid by buyers, not yet in the shop's bank: returns to zero with the provider's settlement.
    _kind(
        "provider_clearing",
        "asset",
        ("Kliring penyedia pembayaran", "Payment provider clearing"),
        owner="provider",
    ),
    # Came to the shop, and nobody knows yet for which order. Its floor: it is used once.
    _kind(
        "unassigned_money",
        "liability",
        ("Uang masuk belum jelas", "Money not assigned yet"),
        owner="money",
        floor=0,
    ),
    # Paid out beyond what is known to have been at the provider: nobody knows yet of whom it is.
    _kind(
        "payout_surplus",
        "liability",
        ("Pencairan di luar catatan", "Paid out beyond the records"),
        owner="provider",
    ),
    # Taken at a counter, whose own shifts and reports say in what.
    _kind("counter", "asset", ("Diterima di kasir", "Received at the counter")),
    _kind("cash", "asset", ("Kas", "Cash on hand")),
    _kind("bank", "asset", ("Bank", "Cash at bank")),
    # Where a sandbox's made-up money is paid out to.
    _kind("sandbox_bank", "asset", ("Bank percobaan", "Sandbox's bank")),
    _kind("sales", "revenue", ("Penjualan lokapasar", "Marketplace sales")),
    _kind("sales_returns", "contra_revenue", ("Retur penjualan", "Sales returns")),
    _kind("sales_discounts", "contra_revenue", ("Potongan penjualan", "Sales discounts")),
    _kind("delivery_income", "revenue", ("Pendapatan ongkos kirim", "Delivery income")),
    _kind("output_tax", "liability", ("PPN keluaran", "Output VAT")),
    _kind("provider_fees", "expense", ("Biaya penyedia pembayaran", "Payment provider fees")),
    # Kept of a payout, of which no report has said yet for which payment. Its floor: told once.
    _kind(
        "payout_fees",
        "expense",
        ("Biaya pencairan belum dirinci", "Payout fees not told apart yet"),
        owner="payout",
        floor=0,
    ),
    _kind("office_fees", "expense", ("Biaya layanan lokapasar", "Marketplace fees")),
    _kind("office_payable", "liability", ("Utang biaya kepada dinas", "Fees payable to office")),
    # Coupons of the office: a claim of the shop, settled by an ordinary invoice.
    _kind("coupon_receivable", "asset", ("Piutang kupon dinas", "Coupon receivable")),
    # Of one shop, to be spent in that shop only.
    _kind(
        "store_credit",
        "liability",
        ("Saldo titipan pelanggan", "Store credit"),
        owner="customer",
        floor=0,
    ),
)
CHART: Final[dict[str, Kind]] = {one.kind: one for one in _KINDS}


def code_of(kind: str, owner: str = "") -> str:
    """The code of a shop's account: its kind, and whose it is where there is one for each.

    Raises:
        KeyError: the chart has no such kind.
        ValueError: an owner is needed, or none may be given.
    """
    if bool(CHART[kind].owner) != bool(owner):
        raise ValueError(f"{kind}: owner is {CHART[kind].owner or 'nobody'}")
    return f"{kind}/{owner}" if owner else kind


def owner_of(order_id: bytes) -> str:
    """Whose an order's accounts are, and the document that its entries name."""
    return show_id(order_id)
