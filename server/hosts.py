"""Which hosts a server answers for: the market's own, and those of single gerai.

Set by the operator, since a name in the DNS and its certificate are the operator's as well. Without
a word the server answers whatever host it was asked by, as a server that is tried out must.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
                          r"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")  # fmt: skip
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Kind = Literal["market", "gerai", "unknown"]


class BadHosts(ValueError):
    """A list of hosts that cannot be read; the text says what is wrong."""


class Hosts(NamedTuple):
    """`market` are the market's hosts, the first of which others are led to; `domain` is that under
    which each gerai has its name as host; `own` are further hosts, each with its gerai's name."""

    market: tuple[str, ...] = ()
    domain: str = ""
    own: tuple[tuple[str, str], ...] = ()

    def find(self, host: str) -> tuple[Kind, str]:
        """Whose host it is, and the gerai's name. `host` as it was asked for, with its port."""
        if not self.market:
            return "market", ""
        name = bare(host)
        gerai = dict(self.own).get(name)
        if gerai:
            return "gerai", gerai
        if name in self.market:
            return "market", ""
        label, _, rest = name.partition(".")
        if self.domain and rest == self.domain and _NAME.fullmatch(label):
            return "gerai", label
        return "unknown", ""

    def home_of(self, gerai: str) -> str:
        """The host of a gerai's own address, "" where it has none."""
        for host, name in self.own:
            if name == gerai:
                return host
        return f"{gerai}.{self.domain}" if self.domain and gerai else ""


NO_HOSTS: Final = Hosts()
"""Nothing was set: whatever host is answered."""


def bare(host: str) -> str:
    """A host without its port and the point at its end, in small letters; "" for what is none."""
    name, _, port = host.strip().lower().partition(":")
    name = name.removesuffix(".")
    return name if _HOST.fullmatch(name) and (not port or port.isdigit()) else ""


def read_hosts(market: str, domain: str, own: str) -> Hosts:
    """The hosts that settings name: lists with commas, and `own` as "host=gerai" each.

    Raises:
        BadHosts: one is no host or no gerai's name, or a gerai has one where the market has none.
    """
    listed = tuple(_host(one) for one in _parts(market))
    pairs = {}
    for one in _parts(own):
        host, equals, name = one.partition("=")
        if not equals or not _NAME.fullmatch(name.strip()):
            raise BadHosts(f"{one}: host=gerai")
        pairs[_host(host)] = name.strip()
    under = _host(domain) if domain.strip() else ""
    if (pairs or under) and not listed:
        raise BadHosts("hosts: the market's own come first")
    if set(pairs) & set(listed):
        raise BadHosts("the market's and a gerai's at once")
    return Hosts(listed, under, tuple(pairs.items()))


def _parts(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _host(text: str) -> str:
    found = bare(text) if ":" not in text else ""
    if not found:
        raise BadHosts(f"{text}: no host")
    return found
