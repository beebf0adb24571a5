"""Days and hours on which a loan may come back."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lending.loans.rules.appointment_errors import AppointmentDayRefused, AppointmentFull, AppointmentHourRefused
from lending.loans.rules.appointments import (
    LATE_DAYS,
    SHORTEST_MINUTES,
    DeskHours,
    Preference,
    Room,
    Slot,
    Visit,
    check_visit,
    days_ahead,
    propose,
    slots_of,
    still_stands,
)
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.periods import DAY, Period

MONDAY = dt.date(2027, 1, 11)
NINE = dt.datetime(2027, 1, 11, 9, 0)  # noqa: DTZ001 - what the clock on the wall says has no zone
WEEKDAYS = frozenset(range(5))
OPEN = DeskHours(
    OpeningCalendar(WEEKDAYS), {day: [(dt.time(9), dt.time(12)), (dt.time(13, 30), dt.time(17))] for day in WEEKDAYS}
)
ANY_DAY = Preference(can_come=lambda _: True)

minutes = st.integers(0, 24 * 60 - 2)
stretches = st.lists(
    st.tuples(minutes, st.integers(1, 600)).map(lambda one: (_time(one[0]), _time(min(one[0] + one[1], 24 * 60 - 1)))),
    max_size=4,
)
days = st.integers(0, 60).map(lambda n: MONDAY + n * DAY)
closures = st.builds(lambda day, length: Period(day, day + length * DAY), days, st.integers(1, 9))
hours = st.builds(
    lambda weekdays, per_day, closed: DeskHours(
        OpeningCalendar(frozenset(weekdays), closures=tuple(closed)), dict.fromkeys(range(7), per_day)
    ),
    st.sets(st.integers(0, 6), min_size=1),
    stretches,
    st.lists(closures, max_size=2),
)
moments = st.integers(0, 24 * 60 * 40).map(lambda n: NINE + dt.timedelta(minutes=n))
taken = st.dictionaries(st.tuples(days, st.integers(0, 23)), st.integers(0, 4))
rooms = st.builds(Room, st.none() | st.integers(1, 3), taken)


def _time(minute: int) -> dt.time:
    return dt.time(*divmod(minute, 60))


def _minute(moment: dt.time) -> int:
    return moment.hour * 60 + moment.minute


@given(stretches)
@example([(dt.time(2, 46), dt.time(3, 1))])
def test_slots_lie_in_the_opening_hours_and_no_two_share_an_hour(per_day: list[tuple[dt.time, dt.time]]) -> None:
    slots = slots_of(per_day)
    assert len({one.hour for one in slots}) == len(slots)
    for slot in slots:
        assert any(opens <= slot.starts_at < slot.ends_at <= closes for opens, closes in per_day)
        assert _minute(slot.ends_at) <= slot.hour * 60 + 60


@given(stretches, minutes)
def test_an_open_desk_is_in_reach_of_a_slot(per_day: list[tuple[dt.time, dt.time]], minute: int) -> None:
    hours_with_slots = {one.hour for one in slots_of(per_day)}
    for opens, closes in per_day:
        first, last = max(_minute(opens), minute // 60 * 60), min(_minute(closes), minute // 60 * 60 + 60)
        if last - first >= SHORTEST_MINUTES:
            assert minute // 60 in hours_with_slots


def test_hours_are_cut_where_the_clock_strikes() -> None:
    shown = [
        (f"{one.starts_at:%H:%M}", f"{one.ends_at:%H:%M}") for one in slots_of([(dt.time(8, 30), dt.time(10, 10))])
    ]
    assert shown == [("08:30", "09:00"), ("09:00", "10:00")]
    assert slots_of([(dt.time(8, 50), dt.time(9, 5))]) == (Slot(dt.time(8, 50), dt.time(9)),)


@given(hours, st.integers(-20, 60), moments)
def test_days_are_open_ahead_and_in_time(desk: DeskHours, due: int, here: dt.datetime) -> None:
    due_on, today = MONDAY + due * DAY, here.date()
    last = due_on if due_on >= today else today + LATE_DAYS * DAY
    for day in days_ahead(due_on, here, desk):
        assert today <= day <= last
        assert desk.calendar.is_open(day)
        assert all(slot.starts_at > here.time() for slot in desk.slots_ahead(day, here) if day == today)


@given(hours, st.integers(-20, 60), moments, rooms, st.sets(st.integers(0, 60)), st.none() | st.integers(0, 23))
def test_what_is_proposed_would_be_accepted_and_is_the_best_day(
    desk: DeskHours, due: int, here: dt.datetime, room: Room, away: set[int], hour: int | None
) -> None:
    due_on, kept = MONDAY + due * DAY, {MONDAY + n * DAY for n in away}
    visit = propose(due_on, here, desk, room, Preference(lambda day: day not in kept, hour))
    free = [
        day
        for day in days_ahead(due_on, here, desk)
        if any(not room.is_full(day, slot) for slot in desk.slots_ahead(day, here))
    ]
    if visit is None:
        assert free == []
        return
    assert check_visit(visit.comes_on, visit.slot.hour, due_on, here, desk, room) == visit
    assert still_stands(visit, due_on, here, desk)
    assert visit.comes_on == max([day for day in free if day not in kept] or free)


def test_before_the_holidays_when_the_loan_ends_in_them() -> None:
    friday, due_on = MONDAY + 4 * DAY, MONDAY + 9 * DAY
    visit = propose(due_on, NINE, OPEN, Room(None, {}), Preference(lambda day: day <= friday))
    assert visit is not None
    assert visit.comes_on == friday


def test_the_hour_is_the_wished_one_else_when_the_school_comes_else_the_quietest() -> None:
    room = Room(None, {(MONDAY + DAY, 9): 2, (MONDAY + DAY, 10): 1})
    anyway = {MONDAY + DAY: 15}
    where = (MONDAY + DAY, NINE, OPEN, room)
    found = [
        propose(*where, Preference(lambda _: True, 16, anyway)),
        propose(*where, Preference(lambda _: True, None, anyway)),
        propose(*where, ANY_DAY),
    ]
    assert [one.slot.starts_at for one in found if one] == [dt.time(16), dt.time(15), dt.time(11)]


@pytest.mark.parametrize(
    ("day", "hour", "error"),
    [
        (MONDAY + 5 * DAY, 10, AppointmentDayRefused),
        (MONDAY + 21 * DAY, 10, AppointmentDayRefused),
        (MONDAY - DAY, 10, AppointmentDayRefused),
        (MONDAY, 8, AppointmentHourRefused),
        (MONDAY + DAY, 12, AppointmentHourRefused),
        (MONDAY + DAY, 10, AppointmentFull),
    ],
)
def test_refusals_say_what_is_free(day: dt.date, hour: int, error: type[Exception]) -> None:
    room = Room(1, {(MONDAY + DAY, 10): 1})
    with pytest.raises(error) as refusal:
        check_visit(day, hour, MONDAY + 18 * DAY, NINE, OPEN, room)
    if day == MONDAY + DAY:
        assert refusal.value.free_hours == (9, 11, 13, 14, 15, 16)  # type: ignore[attr-defined]  # as parametrised
    if error is AppointmentDayRefused:
        assert refusal.value.last_on == MONDAY + 18 * DAY  # type: ignore[attr-defined]  # as parametrised


def test_an_appointment_goes_with_its_hour_and_one_that_is_over_stays() -> None:
    visit = Visit(MONDAY + DAY, Slot(dt.time(9), dt.time(10)))
    closed = DeskHours(OPEN.calendar.with_closure(Period(MONDAY + DAY, MONDAY + 2 * DAY)), OPEN.stretches)
    assert still_stands(visit, MONDAY + 7 * DAY, NINE, OPEN)
    assert not still_stands(visit, MONDAY + 7 * DAY, NINE, closed)
    assert not still_stands(visit, MONDAY, NINE, OPEN)
    assert still_stands(visit, MONDAY, NINE + 5 * DAY, closed)
