"""The window on a shop, shared with the other pages of the office."""

from tests.helpers.office import counter, window

__all__ = ["counter", "window"]
