"""An order's story is told in the feed's order; what came too late changes nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.contract import decode_body, encode_body, kind_of
from core.facts.base import Header
from core.facts.orders import OrderLine, OrderPlaced, OrderStep, OrderStepped
from core.orders.codes import is_right, proof_of, read_scanned, scanned_text
from core.orders.standing import Actor, PayWay
from core.orders.steps import StepName
from core.orders.story import Story, Written, tell, total_of

ORDER, RICE, SUGAR = b"o" * 16, b"r" * 16, b"s" * 16
LINES = (
    OrderLine(RICE, "Beras", "karung", 25, 2_000, 300_000, 600_000),
    OrderLine(RICE, "Beras", "kg", 1, 1_500, 13_000, 19_500),
    OrderLine(SUGAR, "Gula", "kg", 1, 1_000, 17_000, 17_000),
)
LESS = LINES[:2]


def placed(pay_way: PayWay = "at_handover", fee: int = 5_000) -> OrderPlaced:
    total = total_of(LINES, fee)
    return OrderPlaced(
        ORDER, 1, LINES, "delivery", "750104", fee, pay_way, total, bytes(16), 600_000
    )


def step(
    name: StepName,
    who: Actor = "shop",
    amount: int = 0,
    until_ms: int = 0,
    lines: tuple[OrderLine, ...] = (),
) -> Written:
    return Written(
        OrderStepped(ORDER, who, (OrderStep(name, amount, until_ms),), (), lines), who != "shop"
    )


def whys(story: Story) -> list[str]:
    return [one.why for some in story.told for one in some]


def test_goods_are_set_aside_from_the_order_to_the_handover_each_summed() -> None:
    order = placed()
    assert tell(order, ()).reserved == {RICE: 51_500, SUGAR: 1_000}
    over = OrderStepped(
        ORDER,
        "shop",
        (
            OrderStep("pay_at_handover", order.total),
            OrderStep("hand_over"),
            OrderStep("fulfil", until_ms=9),
        ),
        sale_seq=4,
    )
    story = tell(order, [step("accept"), Written(over, by_server=False)])
    assert (story.standing.order, story.reserved) == ("fulfilled", {})
    assert story.terms == {"accept_by": 600_000, "inspect_by": 9}
    assert {action for one in story.told[1] for action in one.actions} >= {"consume", "make_sale"}


def test_of_two_at_once_the_feed_says_who_was_first() -> None:
    cancel, accept = step("cancel", "buyer"), step("accept")
    first = tell(placed(), [accept, cancel])
    assert (first.standing.order, whys(first)) == ("cancelled", ["", ""])
    other = tell(placed(), [cancel, accept])
    assert (other.standing.order, whys(other)) == ("cancelled", ["", "order_step_not_possible"])
    assert other.reserved == {}


def test_less_is_offered_and_agreed() -> None:
    offer = step("propose", lines=LESS)
    asked = tell(placed(), [offer])
    assert (asked.offered, asked.lines) == (LESS, LINES)
    total = total_of(LESS, 5_000)
    wrong = tell(placed(), [offer, step("agree", "buyer", total - 1)])
    assert (wrong.standing.order, whys(wrong)[-1]) == ("proposed", "order_wrong_amount")
    agreed = tell(placed(), [offer, step("agree", "buyer", total)])
    assert (agreed.lines, agreed.offered, agreed.standing.total) == (LESS, (), total)
    assert agreed.reserved == {RICE: 51_500}
    left = tell(placed(), [offer, step("refuse_proposal", "buyer")])
    assert (left.standing.order, left.offered, left.reserved) == ("cancelled", (), {})


def test_a_counter_speaks_for_its_shop_alone() -> None:
    forged = Written(OrderStepped(ORDER, "provider", (OrderStep("settle_payment", 1),)), False)
    assert whys(tell(placed(), [forged])) == ["order_step_not_yours"]


def test_each_step_of_a_fact_is_judged_by_itself() -> None:
    """Paid through the provider while the counter, without a network, took the money in cash."""
    order = placed("gateway")
    paid = step("settle_payment", "provider", order.total)
    over = OrderStepped(
        ORDER, "shop", (OrderStep("pay_at_handover", order.total), OrderStep("hand_over"))
    )
    story = tell(order, [step("accept"), paid, Written(over, by_server=False)])
    assert whys(story) == ["", "", "order_step_not_possible", ""]
    assert story.standing.handover == "done"


def test_the_facts_are_read_back_as_they_were_written() -> None:
    header = Header(1, b"boot", 2, "2026-11-26")
    for fact in (placed(), step("propose", lines=LESS).fact):
        assert decode_body(*kind_of(fact), encode_body(header, fact)) == (header, fact)


@given(st.binary(min_size=16, max_size=16), st.integers(0, 9_999))
def test_a_code_is_read_from_the_picture_and_only_the_right_digits_are_right(
    order: bytes, number: int
) -> None:
    digits = f"{number:04}"
    assert read_scanned(scanned_text(order, digits)) == (order, digits)
    assert read_scanned(f" {scanned_text(order, digits).lower()}\n") == (order, digits)


def test_digits_are_checked_against_the_proof() -> None:
    proof = proof_of(ORDER, "0417")
    assert is_right(ORDER, "0417", proof)
    for wrong in ("0418", "417", "04170", "٠٤١٧", "", "abcd"):
        assert not is_right(ORDER, wrong, proof)
    assert not is_right(b"p" * 16, "0417", proof)
    for other in ("8991234567890", "HUYULA-", "HUYULA-00-0417", f"HUYULA-{'Z' * 32}-0417"):
        assert read_scanned(other) is None


def by_courier() -> OrderPlaced:
    return OrderPlaced(
        ORDER, 1, LINES, "courier", "", 0, "to_shop", total_of(LINES, 0), bytes(16), 600_000, True
    )


def told_fee(fee: int | None, lines: tuple[OrderLine, ...] = LINES) -> Written:
    fact = OrderStepped(ORDER, "shop", (OrderStep("propose"),), (), lines, fee=fee)
    return Written(fact, by_server=False)


def test_what_a_courier_costs_is_said_by_the_shop_and_agreed_to_before_it_is_owed() -> None:
    order = by_courier()
    early = tell(order, [step("accept"), told_fee(None)])
    assert whys(early) == ["order_fee_open"] * 2 and early.standing.order == "placed"
    said = tell(order, [told_fee(25_000)])
    assert (said.fee, said.fee_open, said.offered_fee) == (0, True, 25_000)
    assert said.offered_total == order.total + 25_000 and said.standing.total == order.total
    cheap = tell(order, [told_fee(25_000), step("agree", "buyer", order.total)])
    assert whys(cheap) == ["", "order_wrong_amount"], "nobody agrees to less than was said"
    done = tell(order, [told_fee(25_000), step("agree", "buyer", order.total + 25_000)])
    assert (done.fee, done.fee_open, done.standing.owed) == (25_000, False, order.total + 25_000)


def test_less_goods_and_another_fee_are_one_proposal_and_an_old_one_keeps_its_fee() -> None:
    less = tell(placed(), [told_fee(9_000, LESS), step("agree", "buyer", 628_500)])
    assert (less.lines, less.fee, less.standing.total) == (LESS, 9_000, 628_500)
    kept = tell(placed(), [told_fee(None, LESS), step("agree", "buyer", 624_500)])
    assert (kept.fee, kept.standing.total) == (5_000, 624_500)
    beyond = tell(placed(), [told_fee(-1)])
    assert whys(beyond) == ["order_wrong_amount"]


def test_with_whom_it_went_is_known_and_entries_from_before_can_be_read() -> None:
    gone = OrderStepped(
        ORDER, "shop", (OrderStep("hand_over"), OrderStep("fulfil", until_ms=9)),
        courier="JNE", waybill="CGK123",
    )  # fmt: skip
    paid = [step("accept"), step("see", amount=placed("to_shop").total)]
    story = tell(placed("to_shop"), [*paid, Written(gone, by_server=False)])
    assert (story.courier, story.waybill) == ("JNE", "CGK123")
    import msgspec

    whole = msgspec.msgpack.decode(msgspec.msgpack.encode(gone))
    old = msgspec.msgpack.encode(whole[:-3])
    assert msgspec.msgpack.decode(old, type=OrderStepped).fee is None
