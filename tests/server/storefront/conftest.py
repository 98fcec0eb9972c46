"""Gerai on both engines: the sample shop's, and browsers with and without a session."""

from tests.server.web.conftest import browser, clock, empty_shop, sample, services, signed_in

__all__ = ["browser", "clock", "empty_shop", "sample", "services", "signed_in"]
