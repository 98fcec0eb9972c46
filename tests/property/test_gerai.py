"""What holds of a gerai's rules whatever they are given."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from server.storefront.availability import DAY_MS, Shelf, availability
from server.storefront.face import CONTRAST, OWN, Face, contrast, readable, tokens
from server.storefront.hours import Holiday, Week, format_spans, parse_spans, standing
from server.storefront.karawo import cloth, svg
from server.storefront.names import fault_of, normal_name, numbered, propose

QTY = st.integers(-50_000, 5_000_000)
COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
shelves = st.builds(
    Shelf,
    qty=QTY,
    reserved=st.integers(0, 100_000),
    sold_a_day=st.integers(0, 2_000_000),
    least=st.sampled_from((1, 100, 1000)),
    age_ms=st.integers(0, 40 * DAY_MS),
)


@given(shelves, st.integers(0, 10 * DAY_MS), st.integers(0, 30 * DAY_MS))
def test_a_promise_never_grows_with_age_and_is_never_above_stock(
    shelf: Shelf, older_ms: int, term_ms: int
) -> None:
    now = availability(shelf, term_ms)
    assert shelf.age_ms is not None
    later = availability(shelf._replace(age_ms=shelf.age_ms + older_ms), term_ms)
    assert 0 <= later.promise <= now.promise <= max(0, shelf.qty - shelf.reserved)
    assert now.promise % shelf.least == 0
    assert (now.promise > 0) == (now.state in ("ready", "few"))


@given(shelves, st.integers(0, 500_000))
def test_a_promise_never_grows_with_what_is_sold_or_reserved(shelf: Shelf, more: int) -> None:
    now = availability(shelf).promise
    assert availability(shelf._replace(sold_a_day=shelf.sold_a_day + more)).promise <= now
    assert availability(shelf._replace(reserved=shelf.reserved + more)).promise <= now
    assert availability(shelf._replace(qty=shelf.qty + more)).promise >= now


@given(st.text(max_size=80))
def test_every_shop_gets_a_name_that_keeps_the_rules(name: str) -> None:
    proposed = propose(name)
    assert fault_of(proposed) == ""
    assert normal_name(proposed) == proposed
    assert fault_of(numbered(proposed, 37)) in ("", "id_like")


SPAN = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda at: (at[0], at[0] + at[1]))
DAY = st.one_of(st.just(()), SPAN.map(lambda span: (span,)))
WEEK = st.tuples(*[DAY] * 7)
START = datetime(2026, 11, 20)


@given(WEEK, st.integers(0, 20 * 1440), st.integers(0, 12), st.integers(0, 5))
# Thursday's hours end after those of Friday that began in them.
@example(((), (), (), ((2, 1442),), ((0, 1),), (), ()), 0, 12, 0)
def test_open_now_is_what_a_calendar_says_minute_by_minute(
    week: Week, minute: int, first: int, length: int
) -> None:
    days = [(START + timedelta(days=first + more)).date().isoformat() for more in (0, length)]
    rest = Holiday(*days)

    def is_open(moment: datetime) -> bool:
        for back in (0, 1):
            day = datetime(moment.year, moment.month, moment.day) - timedelta(days=back)
            if rest.covers(day.date().isoformat()):
                continue
            for begins, ends in week[day.weekday()]:
                if begins <= (moment - day).total_seconds() // 60 < ends:
                    return True
        return False

    now = START + timedelta(minutes=minute)
    now_ms = int(now.replace(tzinfo=ZoneInfo("Asia/Makassar")).timestamp() * 1000)
    found = standing(week, (rest,), now_ms, "Asia/Makassar")
    assert (found.kind == "open") == is_open(now)
    if found.day:
        change = datetime.fromisoformat(found.day) + timedelta(minutes=found.minute)
        assert change > now
        assert is_open(change) != is_open(now)
        assert is_open(change - timedelta(minutes=1)) == is_open(now)


@given(DAY)
def test_hours_that_are_shown_can_be_typed(day: tuple[tuple[int, int], ...]) -> None:
    assert parse_spans(format_spans(day)) == day


@given(st.text(max_size=40))
def test_whatever_is_typed_as_hours_is_read_or_refused(typed: str) -> None:
    spans = parse_spans(typed)
    assert spans is None or parse_spans(format_spans(spans)) == spans


@given(COLOUR, COLOUR)
def test_every_own_colour_can_be_read_in_light_and_dark(main: str, thread: str) -> None:
    made = tokens(Face(OWN, main, thread))
    assert contrast(made.bar, made.on_bar) >= CONTRAST
    assert contrast(made.light, made.on_light) >= CONTRAST
    assert contrast(made.dark, made.on_dark) >= CONTRAST
    assert all(contrast(made.light, ground) >= CONTRAST for ground in ("#ffffff", "#ece7dc"))
    assert all(contrast(made.dark, ground) >= CONTRAST for ground in ("#19211e", "#101614"))
    assert not readable(readable(main).used).changed


@given(st.binary(min_size=1, max_size=32), COLOUR)
def test_every_pattern_is_small_and_the_same_from_all_sides(seed: bytes, colour: str) -> None:
    grid = cloth(seed)
    assert grid == grid[::-1] == tuple(row[::-1] for row in grid)
    assert 200 <= len(svg(grid, colour)) <= 2048
