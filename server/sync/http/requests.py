"""The protocol's requests: each checked, handed to its area function, answered."""

from __future__ import annotations

from core.sync.feed import cursor_bytes, head_bytes
from core.sync.limits import PAGE_ENTRIES
from core.sync.messages import (
    Ack,
    Drill,
    Enrol,
    Enrolled,
    FeedPage,
    Hello,
    Push,
    Pushed,
    Welcome,
    Witnessed,
    WitnessTaken,
)
from core.sync.signing import BadSignature
from server.http.routes import Call
from server.sync.drilling import drill
from server.sync.enrolling import enrol
from server.sync.greeting import check_hello, greet, register_line
from server.sync.http.answering import frame
from server.sync.http.gate import Caller, gate_of
from server.sync.http.packing import read
from server.sync.http.queries import DigestQuery, FeedQuery, read_hash
from server.sync.journal import take_journal
from server.sync.pages import Page, read_page
from server.sync.refusals import UnknownLine
from server.sync.standing import epoch_of
from server.sync.witnessing import take_witnessed


def enrol_counter(call: Call) -> Enrolled:
    """A counter joins; its key comes with the request and signs it."""
    request = read(Enrol, call.raw, call.headers)
    gate = gate_of(call.services)
    device = request.lines[-1].device if request.lines else b""
    gate.check_bringing(call, device, request.public_key)
    joined = enrol(call.services, gate.key.public, request, address=call.address)
    gate.use_up(gate.registered(call))  # its shop is known from here on
    return Enrolled(
        **frame(call, joined.epoch),
        shop=joined.shop,
        shop_name=joined.shop_name,
        server_key=gate.key.public,
        register=joined.register,
        first=joined.first,
        check=joined.check,
        settings=joined.settings,
    )


def say_hello(call: Call) -> Welcome:
    """A round begins; a line that is not known yet is written down."""
    gate = gate_of(call.services)
    if gate.is_known(call):
        caller = gate.check(call)
        hello = read(Hello, call.raw, call.headers)
        check_hello(hello)
    else:
        hello = read(Hello, call.raw, call.headers)
        check_hello(hello)
        gate.check_bringing(call, hello.line.device, hello.public_key)
        register_line(call.services, hello)
        caller = gate.registered(call)
    if hello.line.device != caller.device:
        raise BadSignature(why="keyid")
    gate.use_up(caller)
    try:
        told = greet(call.services, caller.shop, hello)
    except UnknownLine:
        # Its key was written down, then the process ended: the line itself is still to come.
        register_line(call.services, hello)
        told = greet(call.services, caller.shop, hello)
    return Welcome(
        **frame(call, told.head.epoch),
        protocol=told.protocol,
        state=told.state,
        register=told.register,
        acks=told.acks,
        n=told.head.n,
        feed_hash=told.head.hash,
        server_key=gate.key.public,
    )


def push_journal(call: Call) -> Pushed:
    """Entries of a line come up; the receipt is the server's signature over the new head."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    push = read(Push, call.raw, call.headers)
    taken = take_journal(call.services, caller.shop, caller.device, push)
    receipt = gate.key.sign(head_bytes(taken.entry_shop, push.device, taken.seq, taken.hash))
    return Pushed(
        **frame(call, push.epoch),
        ack=Ack(push.device, taken.seq, taken.hash),
        stored=taken.stored,
        skipped=taken.skipped,
        quarantined=taken.quarantined,
        receipt=receipt,
    )


def feed_caller(call: Call) -> Caller:
    """Who asks for the feed."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    gate.use_up_reading(caller)
    return caller


def feed_page(call: Call, caller: Caller, query: FeedQuery) -> Page:
    """The entries after a cursor; empty where there are none."""
    return read_page(
        call.services,
        caller.shop,
        caller.device,
        epoch=query.epoch,
        after=query.after,
        digest=read_hash(query.hash),
        limit=query.limit or PAGE_ENTRIES,
        full=bool(query.full),
    )


def feed_answer(call: Call, caller: Caller, page: Page) -> FeedPage:
    """A page as it travels, signed at its end."""
    cursor = cursor_bytes(caller.shop, page.head.epoch, page.last, page.hash)
    return FeedPage(
        **frame(call, page.head.epoch),
        first=page.first,
        entries=page.entries,
        feed_hash=page.hash,
        signature=gate_of(call.services).key.sign(cursor),
        head=page.head.n,
        digest=page.digest,
    )


def take_witness(call: Call) -> WitnessTaken:
    """Entries come back that the server lost."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    offer = read(Witnessed, call.raw, call.headers)
    gate.use_up(caller)
    stored = take_witnessed(call.services, caller.shop, caller.device, gate.key.public, offer)
    return WitnessTaken(**frame(call, epoch_of(call.services, caller.shop)), stored=stored)


def drill_digest(call: Call) -> Drill:
    """The rows behind a digest, or its 256 parts."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    gate.use_up_reading(caller)
    query: DigestQuery = call.query
    found = drill(call.services, caller.shop, caller.device, query.group, query.part)
    return Drill(**frame(call, found.epoch), n=found.n, rows=found.rows)
