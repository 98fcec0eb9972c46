"""What placing an order is refused for."""

from __future__ import annotations

from core.errors import Refused


class GeraiShut(Refused):
    """The gerai takes no orders now; `why`: "closed" or "holiday"."""

    code = "order_gerai_shut"


class GoodsGone(Refused):
    """Something is not sold online any more; `name` where it is known."""

    code = "order_goods_gone"


class NotEnough(Refused):
    """Less is left than was asked for: `left` (thousandths) of `unit` of `name`."""

    code = "order_not_enough"


class PriceChanged(Refused):
    """`name` costs `new` rupiah a `unit` now; the buyer saw `old`."""

    code = "order_price_changed"


class BadBasket(Refused):
    """The basket cannot be read; `why` names the rule."""

    code = "order_bad_basket"


class WayNotOffered(Refused):
    """The shop does not bring goods there, or does not take payment so; `why`: "way" or "pay"."""

    code = "order_way_not_offered"


class BadContact(Refused):
    """The buyer cannot be reached so; `why`: "name", "phone" or "address"."""

    code = "order_bad_contact"


class TooManyOrders(Refused):
    """So many orders of this buyer wait for an answer already."""

    code = "order_too_many"


class TooManyMessages(Refused):
    """An order has so many messages at most."""

    code = "order_too_many_messages"


class NoReason(Refused):
    """What others are to live with is said in words."""

    code = "order_no_reason"


class TalkOver(Refused):
    """The buyer's data was deleted with all that was said: nobody would read it."""

    code = "order_talk_over"
