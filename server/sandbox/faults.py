"""What the sandbox gateway does to a payment, for whoever tries faults."""

from __future__ import annotations

from typing import Literal

import msgspec

Pay = Literal["by_hand", "at_once", "refused", "after_expiry"]
Notify = Literal["once", "lost", "doubled", "reordered", "delayed", "forged"]
Answering = Literal["ok", "error_before", "error_after", "late"]
Refunding = Literal["ok", "refused", "error_after"]


class Faults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How it behaves; without a word as a good gateway does, with payments by hand.

    `pay`: who pays, and when. `notify`: what becomes of notifications; `forged` sends one with a
    false signature as well. `charge`, `status`: how these are answered; `error_before` did
    nothing, `error_after` did it and answers 500. `delay_s` is how late "late", "delayed" and
    "at_once" are.
    """

    pay: Pay = "by_hand"
    notify: Notify = "once"
    charge: Answering = "ok"
    status: Answering = "ok"
    refund: Refunding = "ok"
    delay_s: float = 0.2


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Faults for one order, or for all that have none of their own where `order_id` is empty."""

    order_id: str = ""
    faults: Faults = Faults()
