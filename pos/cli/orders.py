"""Commands about orders from the gerai online: list, answer, prepare, hand over."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Any, Final

import msgspec

from core.errors import Refused
from core.facts.orders import OrderLine
from core.ledger import is_day
from core.money import format_rupiah, parse_rupiah
from core.orders.statement import OrderStatement
from core.orders.steps import StepName
from core.quantity import decimal_string, parse_quantity
from core.tender import AT_THE_COUNTER, TenderKind
from pos.cli.arguments import command, group, whole
from pos.cli.session import Session, UsageError
from pos.cli.sync import NotEnrolled
from pos.counter import Counter
from pos.orders.handing import Fetched, by_digits, by_scan, for_courier, hand_over, receipt_of
from pos.orders.picking import queue_pick_list
from pos.orders.reading import OrderView, order, order_numbered, orders
from pos.orders.statement import order_statement
from pos.orders.stepping import Change, answer, change_of, propose, see, settle_clash, step
from pos.orders.talking import messages, say
from pos.selling.sales import Tendered

STEPS: Final[dict[str, tuple[StepName, str]]] = {
    "accept": ("accept", "Terima / accept"),
    "prepare": ("prepare", "Mulai siapkan / begin to prepare"),
    "ready": ("make_ready", "Sudah siap / is ready"),
    "set-out": ("set_out", "Diantar / is on its way"),
    "not-seen": ("not_seen", "Uangnya belum masuk / the money is not there"),
    "miss": ("miss", "Tidak diambil / nobody came"),
    "try-again": ("try_again", "Ditunggu lagi / wait again"),
    "take-back": ("take_back", "Barang kembali / goods came back"),
    "accept-back": ("accept_back", "Barang dan semua uang kembali / goods and money back"),
    "give-up": ("give_up", "Batal karena tidak diambil / nobody came in time"),
}
WITH_REASON: Final[dict[str, tuple[StepName, str]]] = {
    "decline": ("decline", "Tolak / decline"),
    "call-off": ("call_off", "Batalkan / call off"),
}


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    listed = command(commands, "orders", "Pesanan online / online orders", run_orders)
    listed.add_argument("--all", action="store_true", help="juga yang selesai / also ended ones")
    period = command(
        commands, "orders-statement", "Laporan pesanan / statement of orders", run_statement
    )
    period.add_argument("--from", dest="first", required=True, metavar="YYYY-MM-DD")
    period.add_argument("--to", dest="last", default="", metavar="YYYY-MM-DD")
    one = group(commands, "order", "Satu pesanan online / one online order")
    for name, (_step, text) in STEPS.items():
        _numbered(one, name, text, run_step)
    for name, (_step, text) in WITH_REASON.items():
        _numbered(one, name, text, run_step).add_argument("--reason", default="")
    _numbered(one, "show", "Tampilkan / show", run_show)
    _numbered(one, "seen", "Uangnya sudah masuk / the money is there", run_seen)
    _numbered(one, "pick-list", "Cetak daftar ambil / print the pick list", run_pick_list)
    _numbered(one, "settled", "Bentrokan beres / the clash is settled", run_settled)
    _numbered(one, "refunded", "Uang sudah dikembalikan / money was given back", run_refunded)
    reply = _numbered(one, "answer", "Jawab keluhan / answer a complaint", run_answer)
    reply.add_argument("text")
    reply.add_argument("--back", default="0", metavar="RUPIAH", help="uang kembali / money back")
    _numbered(one, "say", "Jawab pembeli / answer the buyer", run_say).add_argument("text")
    offer = _numbered(one, "propose", "Tawarkan lain / offer something else", run_propose)
    offer.add_argument(
        "change", nargs="*", metavar="LINE=QTY[:CODE]", help="0 = tanpa baris itu / left out"
    )
    offer.add_argument("--fee", default="", metavar="RUPIAH", help="ongkos kurir / courier's fee")
    offer.add_argument("--reason", default="")
    give = _numbered(one, "hand-over", "Serahkan / hand over", run_hand_over)
    whom = give.add_mutually_exclusive_group(required=True)
    whom.add_argument("--code", default="", metavar="DIGITS|SCAN")
    whom.add_argument("--courier", default="", metavar="NAME", help="kurir / who takes it along")
    give.add_argument("--waybill", default="", metavar="NUMBER", help="nomor resi / its number")
    give.add_argument(
        "--pay", action="append", default=[], metavar="KIND:AMOUNT", help="cash, qris, ..."
    )
    give.add_argument("--no-print", action="store_true")


def _numbered(commands: Any, name: str, text: str, run: Any) -> Any:
    made = command(commands, name, text, run)
    made.add_argument("number", type=whole, metavar="NUMBER")
    made.set_defaults(what=name)
    return made


def run_orders(session: Session) -> None:
    """List orders by what needs doing, one object a line."""
    for view in orders(session.reading(), "all" if session.options.all else "open"):
        _print(session, view)


def run_statement(session: Session) -> None:
    """The statement of a period, as the server's books have it."""
    from pos.sync.memory import server
    from pos.sync.transport import HttpSender

    options = session.options
    first, last = options.first, options.last or options.first
    if not (is_day(first) and is_day(last) and first <= last):
        raise UsageError(why="--from, --to: YYYY-MM-DD")
    counter = session.writing()
    found = server(counter.db)
    if found is None:
        raise NotEnrolled()
    sender = HttpSender(found.url)
    try:
        whole = order_statement(counter, sender, first, last)
    finally:
        sender.close()
    session.say(_statement_object(whole), _statement_text(whole))


def _statement_object(whole: OrderStatement) -> dict[str, Any]:
    plain = {name: getattr(whole, name) for name in whole.__struct_fields__}
    return {
        **plain,
        "ways": [msgspec.structs.asdict(one) for one in whole.ways],
        "open": msgspec.structs.asdict(whole.open),
        "orders": [msgspec.structs.asdict(one) for one in whole.orders],
        "payouts": [msgspec.structs.asdict(one) for one in whole.payouts],
    }


def _statement_text(whole: OrderStatement) -> str:
    lines = [f"{whole.first} - {whole.last}\t{whole.handed_over}\t{format_rupiah(whole.earned)}"]
    for way in whole.ways:
        net = way.came - way.back - way.taken - way.fee
        lines.append(f"{way.way}\t{format_rupiah(way.came)}\t{format_rupiah(net)}")
    for one in whole.payouts:
        lines.append(f"{one.day}\t{one.way}\t{format_rupiah(one.amount)}")
    return "\n".join(lines)


def run_show(session: Session) -> None:
    """Show one order."""
    _print(session, order_numbered(session.reading(), session.options.number))


def run_say(session: Session) -> None:
    """Write to the buyer; sent with the next round."""
    counter = session.writing()
    key = _id(counter, session)
    say(counter, key, session.options.text)
    _print(session, order(counter.db, key))


def run_step(session: Session) -> None:
    """Take one of the shop's steps."""
    counter, options = session.writing(), session.options
    name, _text = {**STEPS, **WITH_REASON}[options.what]
    _print(session, step(counter, _id(counter, session), name, reason=_reason(options)))


def run_seen(session: Session) -> None:
    """The money is on the shop's own QRIS or account."""
    counter = session.writing()
    _print(session, see(counter, _id(counter, session)))


def run_refunded(session: Session) -> None:
    """What is owed back to the buyer was given back."""
    counter = session.writing()
    view = order_numbered(counter.db, session.options.number)
    _print(session, step(counter, view.id, "refund", amount=view.standing.to_give_back))


def run_answer(session: Session) -> None:
    """Answer a complaint with words, and money back that the buyer may agree to."""
    counter, options = session.writing(), session.options
    back = parse_rupiah(options.back)
    _print(session, answer(counter, _id(counter, session), back, options.text))


def run_propose(session: Session) -> None:
    """Offer less of some lines, or other goods."""
    counter, options = session.writing(), session.options
    changes = [_change(counter, text) for text in options.change]
    fee = parse_rupiah(options.fee) if options.fee else None
    _print(session, propose(counter, _id(counter, session), changes, options.reason, fee))


def run_settled(session: Session) -> None:
    """A clash was put right."""
    counter = session.writing()
    key = _id(counter, session)
    settle_clash(counter, key)
    _print(session, order_numbered(counter.db, session.options.number))


def run_pick_list(session: Session) -> None:
    """Print what is to be fetched from the shelves."""
    counter = session.writing()
    queue_pick_list(counter, _id(counter, session))


def run_hand_over(session: Session) -> None:
    """Check the buyer's code or take the courier's name, write the sale, give the goods."""
    counter, options = session.writing(), session.options
    fetched = _fetched(counter, session)
    if fetched.order.number != options.number:
        raise UsageError(why="code")
    tenders = [_tender(text) for text in options.pay]
    done = hand_over(
        counter, fetched.order.id, tenders, courier=fetched.courier, waybill=fetched.waybill,
        printed=not options.no_print,
    )  # fmt: skip
    told = {
        "order": options.number,
        "receipt": done.receipt,
        "total": done.total,
        "paid": done.paid,
        "change": done.change,
        "rounding": done.rounding,
    }
    session.line(told, f"{options.number}\t{done.receipt}\t{format_rupiah(done.total)}")


def _fetched(counter: Counter, session: Session) -> Fetched:
    options = session.options
    if options.courier:
        return for_courier(counter, _id(counter, session), options.courier, options.waybill)
    code = options.code.strip()
    return by_digits(counter, options.number, code) if code.isdigit() else by_scan(counter, code)


def order_data(session: Session, view: OrderView) -> dict[str, Any]:
    """An order as data: amounts in rupiah, quantities as decimal strings, instants in UTC ms."""
    at, db = view.standing, session.reading()
    return {
        "order": view.number,
        "state": at.order,
        "payment": at.payment,
        "handover": at.handover,
        "pay_way": at.pay_way,
        "way": view.way,
        "area": view.area or None,
        "fee": None if view.fee_open else view.fee,
        "offered_fee": view.offered_fee if at.order == "proposed" else None,
        "courier": view.courier or None,
        "waybill": view.waybill or None,
        "total": at.total,
        "owed": at.owed,
        "to_give_back": at.to_give_back,
        "taken_back": at.taken_back,
        "lines": [_line(line) for line in view.lines],
        "offered": [_line(line) for line in view.offered],
        "short": [
            {"name": one.name, "missing": decimal_string(one.missing), "unit": one.unit}
            for one in view.short
        ],
        "buyer": view.contact.name if view.contact else None,
        "phone": view.contact.phone if view.contact else None,
        "address": view.contact.address if view.contact else None,
        "note": view.contact.note if view.contact else None,
        "unread": view.unread,
        "messages": [
            {"who": one.who, "at_ms": one.at_ms, "text": one.text, "waits": one.waits}
            for one in messages(db, view.id)
        ],
        "reason": view.reason or None,
        "placed_ms": view.at_ms,
        "accept_by_ms": view.accept_by_ms,
        "dispute_by_ms": view.dispute_by_ms or None,
        "offer": view.offer if view.standing.order == "answered" else None,
        "receipt": receipt_of(db, view.sale) or None,
        "clash": view.clash or None,
        "clash_receipt": receipt_of(db, view.clash_sale) or None,
    }


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "qty": decimal_string(line.qty),
        "unit": line.unit,
        "price": line.unit_price,
        "net": line.net,
    }


def _print(session: Session, view: OrderView) -> None:
    data = order_data(session, view)
    marks = [view.clash, *(f"-{one['missing']} {one['name']}" for one in data["short"])]
    text = "\t".join(
        (str(view.number), view.standing.order, view.standing.payment,
         format_rupiah(view.standing.total), *(mark for mark in marks if mark))
    )  # fmt: skip
    session.line(data, text)


def _id(counter: Counter, session: Session) -> bytes:
    return order_numbered(counter.db, session.options.number).id


def _reason(options: Any) -> str:
    return str(getattr(options, "reason", ""))


def _change(counter: Counter, text: str) -> Change:
    place, _, rest = text.partition("=")
    qty, _, code = rest.partition(":")
    if not place.isdecimal() or not qty:
        raise UsageError(why=text)
    try:
        number = whole(place)
    except ArgumentTypeError as error:
        raise UsageError(why=text[:40]) from error
    thousandths = 0 if qty == "0" else parse_quantity(qty)
    return change_of(counter, number, thousandths, code)


def _tender(text: str) -> Tendered:
    kind, _, amount = text.partition(":")
    if kind not in AT_THE_COUNTER or not amount.isdecimal():
        raise BadOrderTender(text=text)
    try:
        return Tendered(TenderKind(kind), whole(amount))
    except ArgumentTypeError as error:
        raise BadOrderTender(text=text[:40]) from error


class BadOrderTender(Refused):
    """A tender must be written KIND:AMOUNT."""

    code = "bad_order_tender"
