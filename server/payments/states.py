"""What became of a payment: a provider's words in ours, and which moves count. Pure."""

from __future__ import annotations

from typing import Final, Literal

State = Literal[
    "asking",
    "pending",
    "failed",
    "cancelled",
    "expired",
    "paid",
    "part_refunded",
    "refunded",
    "charged_back",
]
"""asking: the provider was asked and has not answered yet; pending: it waits for the buyer;
charged_back: what was paid went back without us, by a bank or by the provider itself."""

OPEN: Final[frozenset[State]] = frozenset({"asking", "pending"})
"""Money may be on its way."""

CAME_TO_NOTHING: Final[frozenset[State]] = frozenset({"failed", "cancelled", "expired"})
MONEY_CAME: Final[frozenset[State]] = frozenset(
    {"paid", "part_refunded", "refunded", "charged_back"}
)
_RANK: Final[dict[State, int]] = {
    "asking": 0,
    "pending": 1,
    "failed": 2,
    "cancelled": 3,
    "expired": 4,
    "paid": 5,
    "part_refunded": 6,
    "refunded": 7,
    "charged_back": 8,
}
_WORDS: Final[dict[str, State]] = {
    "pending": "pending",
    "deny": "failed",
    "failure": "failed",
    "cancel": "cancelled",
    "expire": "expired",
    "refund": "refunded",
    "partial_refund": "part_refunded",
    "chargeback": "charged_back",
    "partial_chargeback": "charged_back",
}


def translated(status: str, fraud: str, code: str) -> State | None:
    """Midtrans' `transaction_status`, `fraud_status` and `status_code` in our word.

    None where they say nothing that we act on: a word that is unknown, or one that says "paid"
    while the rest of the answer does not agree.
    """
    if status in ("settlement", "capture"):
        # A provider that leaves out the fraud status has nothing against it.
        if code == "200" and fraud in ("accept", ""):
            return "paid"
        return "pending" if fraud == "challenge" else None
    return _WORDS.get(status)


def further(at: State, said: State) -> State:
    """Where a payment stands after what was said; what is behind is ignored.

    Money is never unsaid by what comes late: paid stays paid after "pending" and "expired". Where
    the provider says of paid money that it failed or was cancelled, it took it back.
    """
    if at in MONEY_CAME and said in ("failed", "cancelled"):
        return "charged_back"
    return said if _RANK[said] > _RANK[at] else at
