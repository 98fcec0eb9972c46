"""The window on a shop, shared with the other pages of the office."""

from tests.helpers.office import _look_and_language, counter, window

__all__ = ["_look_and_language", "counter", "window"]
