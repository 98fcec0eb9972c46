"""A shop's merchant accounts: set with their keys, which are sealed; opened to speak with one."""

from __future__ import annotations

from typing import Final, NamedTuple, cast
from urllib.parse import urlsplit

from sqlalchemy import bindparam, select, update

from core.errors import Refused
from server.db.schema import SHOP
from server.db.schema.payments import provider_account
from server.db.transaction import AnyRow, Ask, ShopTx
from server.db.types import show_id
from server.payments.midtrans import NAME, Access
from server.payments.provider import Environment
from server.services import Services

_MOST_KEY: Final = 200
_NEAR: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_account = provider_account
_OWN = (
    _account.c.shop_id == SHOP,
    _account.c.provider == bindparam("of"),
    _account.c.environment == bindparam("at"),
)
_ONE = select(_account).where(*_OWN)
_ALL = select(_account).where(_account.c.shop_id == SHOP)
ACCOUNTS_ASK: Final = Ask(_ALL)
"""What `accounts_of` asks."""
_REST = update(_account).where(_account.c.shop_id == SHOP, _account.c.active).values(active=False)
_RESEAL = (
    update(_account)
    .where(*_OWN, _account.c.server_key == bindparam("before"))
    .values(server_key=bindparam("after"))
)


class NoProviderAccount(Refused):
    """The shop has no merchant account that is in use."""

    code = "no_provider_account"


class BadProviderAccount(Refused):
    """A merchant account cannot be so; `why`: provider, environment, key, base."""

    code = "bad_provider_account"


class Account(NamedTuple):
    """A merchant account as its owner gives it. `base`: only of a sandbox, another address than
    the provider's own; set by whoever runs the server, never by a shop."""

    environment: Environment
    server_key: str
    client_key: str = ""
    provider: str = NAME
    base: str = ""

    def __repr__(self) -> str:
        """Without the key."""
        return f"Account({self.provider!r}, {self.environment!r}, base={self.base!r})"


class Known(NamedTuple):
    """What may be shown of an account."""

    provider: str
    environment: str
    client_key: str
    base: str
    is_active: bool
    changed_ms: int


def set_account(services: Services, shop_id: bytes, account: Account) -> None:
    """Set a merchant account, and use it for new payments from now on.

    Raises:
        BadProviderAccount: it cannot be so.
        NoSealingKey: this server has no key to seal the server key with.
    """
    check_account(account)
    sealed = services.vault.seal(account.server_key, _place(shop_id, account))
    values = {
        "base": account.base.rstrip("/"),
        "client_key": account.client_key,
        "server_key": sealed,
        "active": True,
        "changed_ms": services.now_ms(),
    }
    change = update(_account).where(*_OWN).values(**values)

    def write(tx: ShopTx) -> None:
        tx.run(_REST)
        if not tx.run(change, of=account.provider, at=account.environment):
            tx.insert(
                _account, provider=account.provider, environment=account.environment, **values
            )

    services.store.in_shop(shop_id, write)


def stop_using(services: Services, shop_id: bytes) -> None:
    """Take no new payments; those that were begun go on."""
    services.store.in_shop(shop_id, lambda tx: tx.run(_REST))


def accounts_of(tx: ShopTx) -> list[Known]:
    """A shop's merchant accounts, without their secrets."""
    return [
        Known(r.provider, r.environment, r.client_key, r.base, r.active, r.changed_ms)
        for r in tx.rows(_ALL)
    ]


def active_account(tx: ShopTx) -> Known:
    """The one that new payments use.

    Raises:
        NoProviderAccount: none.
    """
    found = next((one for one in accounts_of(tx) if one.is_active), None)
    if found is None:
        raise NoProviderAccount()
    return found


def access_to(services: Services, tx: ShopTx, provider: str, environment: str) -> Access:
    """An account, opened to speak with it.

    Raises:
        NoProviderAccount: there is none.
        SealBroken: its key does not open.
    """
    row = tx.one(_ONE, of=provider, at=environment)
    if row is None:
        raise NoProviderAccount()
    return Access(cast(Environment, row.environment), _opened(services, tx, row), row.base)


def reseal(services: Services) -> int:
    """Seal every key again with the first of the sealing keys; returns how many were.

    Raises:
        SealBroken: one does not open; those before it were sealed again.
    """
    return sum(_reseal_in(services, shop_id) for shop_id in services.store.shop_ids())


def _reseal_in(services: Services, shop_id: bytes) -> int:
    def work(tx: ShopTx) -> int:
        count = 0
        for row in tx.rows(_ALL):
            if not services.vault.is_current(row.server_key):
                key = _opened(services, tx, row)
                after = services.vault.seal(key, _place(shop_id, row))
                # Unless its owner set another one meanwhile.
                count += tx.run(
                    _RESEAL,
                    of=row.provider,
                    at=row.environment,
                    before=row.server_key,
                    after=after,
                )
        return count

    return services.store.in_shop(shop_id, work)


def _opened(services: Services, tx: ShopTx, row: AnyRow) -> str:
    return services.vault.open(row.server_key, _place(tx.shop_id, row))


def _place(shop_id: bytes, account: Account | AnyRow) -> str:
    """Where a key belongs: one that is moved to another shop's row does not open there."""
    return f"provider_account/{show_id(shop_id)}/{account.provider}/{account.environment}"


def check_account(account: Account) -> None:
    """Pass a merchant account that can be.

    Raises:
        BadProviderAccount: it cannot.
    """
    if account.provider != NAME:
        raise BadProviderAccount(why="provider")
    if account.environment not in ("sandbox", "production"):
        raise BadProviderAccount(why="environment")
    for key in (account.server_key, account.client_key):
        if len(key) > _MOST_KEY or not key.isascii() or not key.isprintable() or ":" in key:
            raise BadProviderAccount(why="key")
    if not account.server_key or account.server_key != account.server_key.strip():
        raise BadProviderAccount(why="key")
    # A pair of the other environment is the commonest fault; the provider would say 401.
    if account.server_key.startswith("SB-") != (account.environment == "sandbox"):
        raise BadProviderAccount(why="key")
    if account.base and not _is_sandbox_base(account):
        raise BadProviderAccount(why="base")


def _is_sandbox_base(account: Account) -> bool:
    try:
        parts = urlsplit(account.base)
        host = parts.hostname or ""
    except ValueError:
        return False
    # The key is not sent in the clear but to this machine.
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _NEAR)
    return account.environment == "sandbox" and is_safe and not parts.query and not parts.username
