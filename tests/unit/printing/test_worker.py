"""Every edge of the print job's states, against a printer that misbehaves on purpose."""

from __future__ import annotations

import pytest

from pos.printing.jobs import accept, cancel, hold_old, next_job, print_again, release
from tests.printing_tools.fake_printer import PrinterModel
from tests.printing_tools.shop import PrintShop


@pytest.mark.parametrize("level", ["A", "B"])
def test_a_printer_that_answers_after_printing_proves_the_receipt(level: str) -> None:
    shop = PrintShop(PrinterModel(level), level)
    number = shop.add()
    assert shop.step() == ("printed", "")
    assert (shop.whole(number), shop.begun(number)) == (1, 1)
    states = [state for _, state in shop.seen]
    assert states == ["checking", "sending", "confirming", "printed"]


def test_nothing_to_do_is_said() -> None:
    assert PrintShop(PrinterModel()).step() == ("", "")


def test_an_unknown_printer_learns_that_it_answers() -> None:
    shop = PrintShop(PrinterModel("B"))
    shop.add()
    assert shop.step() == ("printed", "")
    assert shop.level == "B"


def test_a_printer_with_status_only_is_probably_printed() -> None:
    shop = PrintShop(PrinterModel("C"))
    shop.add()
    assert shop.step() == ("printed", "unconfirmed")
    assert shop.level == "C"
    shop.add("K1-000002")
    before = shop.clock[0]
    assert shop.step() == ("printed", "unconfirmed")
    assert shop.clock[0] - before < 3, "a known level is not waited for in vain"


def test_a_deaf_printer_is_only_sent_to() -> None:
    shop = PrintShop(PrinterModel("D"))
    number = shop.add()
    assert shop.step() == ("sent", "")
    assert (shop.level, shop.whole(number)) == ("D", 1)
    shop.add("K1-000002")
    before = shop.clock[0]
    assert shop.step() == ("sent", "")
    assert shop.clock[0] - before < 1


@pytest.mark.parametrize("cause", ["unreachable", "refused"])
def test_a_printer_that_is_off_keeps_the_job_and_prints_once_when_back(cause: str) -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.unreachable = cause
    assert shop.step() == ("blocked", cause)
    assert shop.step() == ("blocked", cause)
    shop.unreachable = ""
    assert shop.step() == ("printed", "")
    assert (shop.whole(number), shop.begun(number)) == (1, 1)


def test_paper_out_before_the_first_byte_blocks() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.model.paper_left = 0
    assert shop.step() == ("blocked", "paper_out")
    assert shop.begun(number) == 0
    shop.model.reload()
    assert shop.step() == ("printed", "")
    assert shop.begun(number) == 1


def test_an_open_cover_blocks() -> None:
    shop = PrintShop(PrinterModel("B"), "B")
    shop.add()
    shop.model.cover = True
    assert shop.step() == ("blocked", "cover_open")


def test_silence_blocks_a_printer_that_could_answer() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.model.silent = True
    assert shop.step() == ("blocked", "silent")
    assert shop.begun(number) == 0


@pytest.mark.parametrize("level", ["A", "B"])
def test_paper_out_in_the_middle_waits_and_the_answer_after_reload_counts(level: str) -> None:
    shop = PrintShop(PrinterModel(level), level)
    number = shop.add()
    shop.model.paper_left = 150

    def reload() -> None:
        if shop.state(number) == ("stalled", "paper_out"):
            assert shop.whole(number) == 0
            shop.model.reload()

    shop.while_waiting = reload
    assert shop.step() == ("printed", "")
    assert "stalled" in [state for _, state in shop.seen]
    assert (shop.whole(number), shop.begun(number)) == (1, 1)


def test_a_full_buffer_stalls_and_goes_on() -> None:
    shop = PrintShop(PrinterModel("A", capacity=100), "A")
    number = shop.add()
    shop.model.paper_left = 60

    def reload() -> None:
        if shop.state(number) == ("stalled", "stuck"):
            shop.model.reload()

    shop.while_waiting = reload
    assert shop.step() == ("printed", "")
    assert (shop.whole(number), shop.begun(number)) == (1, 1)


def test_no_paper_for_long_is_offered_for_reprint() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.model.paper_left = 150
    assert shop.step() == ("unsure", "paper_out")
    assert shop.step() == ("", ""), "nothing is sent again by itself"
    assert shop.begun(number) == 1


def test_a_stalled_job_that_nobody_wants_is_broken_off() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.model.paper_left = 150

    def give_up() -> None:
        if shop.state(number) == ("stalled", "paper_out"):
            cancel(shop.db, number, shop.now_ms())

    shop.while_waiting = give_up
    assert shop.step() == ("broken", "cancelled")
    shop.model.reload()
    assert shop.whole(number) == 0, "the printer was told to forget the rest"


def test_a_link_lost_in_the_middle_is_broken_and_the_next_job_starts_clean() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.dies_after = 200
    assert shop.step() == ("broken", "link_lost")
    again = print_again(shop.db, number, shop.now_ms())
    assert shop.state(number) == ("cancelled", "again")
    assert shop.step() == ("printed", "")
    assert (shop.whole(number), shop.whole(again)) == (0, 1)
    between = bytes(shop.model.paper).partition(b"-- batal --")
    assert b"\0" * 4800 in between[0]
    assert b"K1-000001 1" in between[2]


def test_a_link_lost_before_the_first_byte_only_blocks() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.dies_after = 2
    assert shop.step() == ("blocked", "link_lost")
    assert shop.step() == ("printed", "")
    assert shop.begun(number) == 1


def test_an_answer_that_never_comes_leaves_a_question() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.model.holds_answers = True
    assert shop.step() == ("unsure", "silent")
    assert shop.whole(number) == 1
    accept(shop.db, number, shop.now_ms())
    assert shop.state(number) == ("printed", "accepted")


def test_the_answer_to_another_job_proves_nothing() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.model.holds_answers = True
    shop.while_waiting = lambda: shop.model.garbage(b"\x37\x229999\x00")
    assert shop.step() == ("unsure", "silent")
    assert shop.whole(number) == 1


def test_a_late_answer_of_the_last_job_is_thrown_away() -> None:
    shop = PrintShop(PrinterModel("B"), "B")
    shop.add()
    shop.model.garbage(b"\x00\x00")
    shop.model.holds_answers = True
    assert shop.step() == ("unsure", "silent")


def test_automatic_status_is_not_taken_for_the_answer() -> None:
    shop = PrintShop(PrinterModel("B"), "B")
    shop.add()
    shop.model.holds_answers = True
    shop.while_waiting = lambda: shop.model.garbage(b"\x14\x00\x00\x0f")
    assert shop.step() == ("unsure", "silent")


def test_an_answer_that_names_missing_paper_is_no_proof() -> None:
    shop = PrintShop(PrinterModel("B"), "B")
    shop.add()
    shop.model.holds_answers = True
    shop.while_waiting = lambda: shop.model.garbage(b"\x0c")
    assert shop.step() == ("unsure", "paper_out")


def test_a_printer_that_goes_dumb_in_the_middle_is_not_called_sent() -> None:
    shop = PrintShop(PrinterModel("C"))
    shop.add()

    def dumb() -> None:
        shop.model.silent = True

    shop.while_waiting = dumb
    assert shop.step() == ("unsure", "silent")


def test_a_crash_while_sending_leaves_a_question_and_no_second_receipt() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()

    class Crash(BaseException):
        pass

    def crash() -> None:
        raise Crash

    shop.model.holds_answers = True
    shop.while_waiting = crash
    with pytest.raises(Crash):
        shop.step()
    assert shop.state(number)[0] == "confirming"
    shop.worker = shop.new_worker()
    assert shop.step() == ("", "")
    assert shop.state(number) == ("unsure", "restarted")
    assert shop.begun(number) == 1


def test_the_drawer_opens_first_and_once() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    receipt = shop.add()
    shop.add(kind="pulse")
    assert shop.step() == ("sent", "")
    assert (shop.model.pulses, shop.begun(receipt)) == (1, 0)
    assert shop.step() == ("printed", "")
    assert shop.step() == ("", "")
    assert shop.model.pulses == 1


def test_the_drawer_opens_without_paper() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    shop.model.paper_left = 0
    shop.add(kind="pulse")
    assert shop.step() == ("sent", "")
    assert shop.model.pulses == 1


def test_a_pulse_is_never_repeated() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    shop.dies_after = 8
    number = shop.add(kind="pulse")
    assert shop.step() == ("cancelled", "link_lost")
    assert shop.step() == ("", "")
    assert shop.state(number)[0] == "cancelled"


def test_a_pulse_that_comes_too_late_is_dropped() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    shop.unreachable = "unreachable"
    shop.add(kind="pulse")
    assert shop.step() == ("blocked", "unreachable")
    shop.unreachable = ""
    shop.clock[0] += 31
    assert shop.step() == ("cancelled", "late")
    assert shop.model.pulses == 0


def test_a_test_page_learns_that_jobs_are_named() -> None:
    shop = PrintShop(PrinterModel("A"))
    shop.add("coba", "test")
    assert shop.step() == ("printed", "")
    assert shop.level == "A"


def test_a_test_page_learns_that_the_printer_answers() -> None:
    shop = PrintShop(PrinterModel("B"), "D")
    shop.add("coba", "test")
    shop.model.holds_answers = True

    def later() -> None:
        if shop.model.questions[-1] == b"\x1dr\x01" and shop.clock[0] > 0.5:
            shop.model.let_answers_go()

    shop.while_waiting = later
    assert shop.step() == ("printed", "")
    assert shop.level == "B"


def test_a_test_page_measures_anew_what_a_printer_proves() -> None:
    shop = PrintShop(PrinterModel("D"), "A")
    shop.add()
    assert shop.step() == ("blocked", "silent")
    shop.add("coba", "test")
    cancel(shop.db, 1, shop.now_ms())
    assert shop.step() == ("sent", "")
    assert shop.level == "D"


def test_a_test_page_that_is_blocked_forgets_nothing() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    shop.model.paper_left = 0
    shop.add("coba", "test")
    assert shop.step() == ("blocked", "paper_out")
    assert shop.level == "A"


def test_a_test_page_sees_through_a_printer_that_answers_at_once() -> None:
    model = PrinterModel("B")
    model.lies = True
    shop = PrintShop(model)
    shop.add("coba", "test")
    assert shop.step() == ("printed", "unconfirmed")
    assert shop.level == "C"


def test_a_constant_byte_is_no_proof_of_printing() -> None:
    model = PrinterModel("C")
    model.constant = 0x12
    shop = PrintShop(model)
    shop.add()
    assert shop.step() == ("printed", "unconfirmed")


def test_old_jobs_ask_before_they_print() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.clock[0] += 601
    assert hold_old(shop.db, shop.printer, shop.now_ms()) == 1
    assert shop.state(number) == ("blocked", "old")
    assert next_job(shop.db, shop.printer) is None
    release(shop.db, number, shop.now_ms())
    assert hold_old(shop.db, shop.printer, shop.now_ms()) == 0
    assert next_job(shop.db, shop.printer) is not None


def test_a_person_who_asks_for_the_queue_gets_old_jobs_too() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    number = shop.add()
    shop.clock[0] += 601
    hold_old(shop.db, shop.printer, shop.now_ms())
    assert shop.step() == ("printed", "")
    assert shop.begun(number) == 1


def test_a_job_that_cannot_be_made_does_not_stop_the_queue() -> None:
    shop = PrintShop(PrinterModel("A"), "A")
    bad = shop.add("rusak")
    good = shop.add("K1-000002")

    def fail(db, row, device):  # type: ignore[no-untyped-def]
        if row.ref == "rusak":
            raise KeyError(row.ref)
        return b"\x1b@AWAL K1-000002 0\nAKHIR K1-000002 0\n"

    shop.worker._render = fail
    assert shop.step() == ("cancelled", "not_rendered")
    assert shop.step() == ("printed", "")
    assert (shop.state(bad)[0], shop.whole(good)) == ("cancelled", 1)


def test_a_job_cancelled_while_the_printer_is_asked_is_not_printed() -> None:
    shop = PrintShop(PrinterModel("B"))
    number = shop.add()
    shop.model.silent = True
    shop.while_waiting = lambda: cancel(shop.db, number, shop.now_ms())
    assert shop.step() == ("cancelled", "person")
    assert shop.begun(number) == 0


@pytest.mark.parametrize("level", ["A", "B"])
def test_the_answer_counts_although_somebody_wanted_to_break_off(level: str) -> None:
    shop = PrintShop(PrinterModel(level), level)
    number = shop.add()
    shop.model.paper_left = 150

    def both() -> None:
        if shop.state(number) == ("stalled", "paper_out"):
            cancel(shop.db, number, shop.now_ms())
            shop.model.reload()

    shop.while_waiting = both
    assert shop.step() == ("printed", "")
    assert shop.whole(number) == 1
