"""A shop connects its merchant account by itself: asked whether its key is known, then kept."""

from __future__ import annotations

from typing import Final

from server.db.transaction import ShopTx
from server.payments import rows
from server.payments.accounts import Account, accounts_of, check_account, set_account
from server.payments.looking import NoPayment
from server.payments.midtrans import Access, Midtrans
from server.payments.paying import Connect
from server.services import Services


def connect_account(
    services: Services, shop_id: bytes, account: Account, connect: Connect = Midtrans
) -> None:
    """Ask the provider about a payment that nobody made, and keep the account if it answers.

    Another address that whoever runs the server set for this environment stays.

    Raises:
        BadProviderAccount: it cannot be so.
        ProviderKeyWrong: the provider does not know the key.
        ProviderSilent, ProviderRefused: it did not say; nothing is kept.
        NoSealingKey: this server has no key to seal the server key with.
    """
    with services.store.reading_shop(shop_id) as tx:
        known = {(one.provider, one.environment): one.base for one in accounts_of(tx)}
    account = account._replace(base=known.get((account.provider, account.environment), ""))
    check_account(account)
    provider = connect(Access(account.environment, account.server_key, account.base))
    provider.status(f"HY-tanya-{services.new_id().hex()}")
    set_account(services, shop_id, account)


SEEN_TO: Final = frozenset({"charged_back", "unknown_refund", "refunded_beyond"})
"""Troubles of which everything is written down here: the rest is with people. The others leave the
list with an answer that makes sense, and with nothing else."""


def looked_at(services: Services, shop_id: bytes, payment_id: bytes) -> None:
    """A person has seen to a payment: it leaves the list, and what was said of it stays.

    Raises:
        NoPayment: there is none.
    """
    now_ms = services.now_ms()

    def write(tx: ShopTx) -> None:
        at = rows.find_payment(tx, payment_id, lock=True)
        if at is None:
            raise NoPayment()
        if at.trouble in SEEN_TO:
            rows.note(tx, at.id, "looked_at", f"{at.trouble} {now_ms}", now_ms)
            # What is still asked about, such as a refund on its way, goes on being asked about.
            rows.keep_payment(tx, at._replace(trouble="", version=at.version + 1))

    services.store.in_shop(shop_id, write)
