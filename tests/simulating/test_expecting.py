"""The second opinion about reminders, held against loans of which a person can say by heart what must be told."""

import datetime as dt
from collections.abc import Iterable

from lending.simulating.diary import LoanSeen, Turn
from lending.simulating.expecting import Policy, Reader, StepSaid, Told, Wish, expected

TEACHER, COORDINATOR, LENDER = 1, 2, 10
MONDAY = dt.date(2026, 9, 7)
DAY = dt.timedelta(days=1)
POLICY = Policy(
    time_zone="Europe/Paris",
    steps=(StepSaid(1), StepSaid(7, tells_union=True)),
    days_before={"trunk": 3},
    coordinators=(COORDINATOR,),
)


def reader(*wishes: Wish, taught: tuple[tuple[dt.date, dt.date], ...] = (), is_reachable: bool = True) -> Reader:
    zone = "Europe/Paris"
    return Reader(email="t@x", time_zone=zone, is_reachable=is_reachable, taught=taught, wishes=wishes)


def turns(due_on: dt.date, days: Iterable[int], *, claimed_from: int = 1000) -> list[Turn]:
    """A loan on these days, counted from `MONDAY`, at seven in the morning and in the evening in Paris."""
    return [
        Turn(
            dt.datetime.combine(MONDAY + number * DAY, dt.time(hour), dt.UTC),
            hour == 5,
            (LoanSeen(7, TEACHER, LENDER, "trunk", due_on, number >= claimed_from),),
        )
        for number in days
        for hour in (5, 17)
    ]


def told(found: list[Turn], teacher: Reader | None = None) -> list[tuple[int, str]]:
    """What had to be told, by the number of the day."""
    coordinator = Reader(email="c@x", time_zone="Europe/Paris", is_reachable=True)
    answer = expected(found, {LENDER: POLICY}, {TEACHER: teacher or reader(), COORDINATOR: coordinator})
    return [((one.day - MONDAY).days, one.key.replace(":7:", " ")) for one in answer]


def test_each_word_comes_once_on_its_day() -> None:
    due_on = MONDAY + 4 * DAY
    assert told(turns(due_on, range(14))) == [
        (1, f"due-soon {due_on}"),
        (3, f"due-tomorrow {due_on}"),
        (5, f"overdue {due_on}:1"),
        (11, f"overdue {due_on}:2"),
        (11, f"overdue-copy {due_on}:2:2"),
    ]


def test_what_can_wait_waits_for_monday_and_tomorrow_does_not() -> None:
    # The last day is a Saturday: the first reminder of lateness falls on Sunday.
    due_on = MONDAY + 5 * DAY
    assert told(turns(due_on, range(5, 8))) == [(5, f"due-soon {due_on}"), (7, f"overdue {due_on}:1")]
    # The last day is a Tuesday, three days before it is a Saturday, which was missed.
    due_on = MONDAY + 8 * DAY
    assert told(turns(due_on, range(6, 8))) == [(7, f"due-tomorrow {due_on}")]
    due_on = MONDAY + 7 * DAY
    assert told(turns(due_on, range(6, 7))) == [(6, f"due-tomorrow {due_on}")]


def test_after_the_holidays_only_the_last_step_is_told() -> None:
    due_on, back = MONDAY - DAY, MONDAY + 9 * DAY
    taught = reader(taught=((MONDAY - 30 * DAY, MONDAY), (back, back + 30 * DAY)))
    found = told(turns(due_on, range(11)), taught)
    assert [one for one in found if "copy" not in one[1]] == [(9, f"overdue {due_on}:2")]


def test_what_came_back_or_is_claimed_is_not_told() -> None:
    due_on = MONDAY + 5 * DAY
    assert told(turns(due_on, range(6, 7))) == []
    assert told(turns(due_on, range(6, 9), claimed_from=7)) == []


def test_another_last_day_is_told_anew() -> None:
    first, second = MONDAY + 3 * DAY, MONDAY + 15 * DAY
    found = told([*turns(first, range(2)), *turns(second, range(2, 13))])
    assert found == [(0, f"due-soon {first}"), (12, f"due-soon {second}")]


def test_what_is_not_wanted_or_cannot_arrive_is_not_told() -> None:
    due_on = MONDAY + 4 * DAY
    never = Wish("due-soon", "never", dt.datetime.combine(MONDAY, dt.time(), dt.UTC))
    assert told(turns(due_on, range(4)), reader(never)) == [(3, f"due-tomorrow {due_on}")]
    later = Wish("due-soon", "never", dt.datetime.combine(MONDAY + 2 * DAY, dt.time(), dt.UTC))
    assert told(turns(due_on, range(2)), reader(later)) == [(1, f"due-soon {due_on}")]
    assert told(turns(due_on, range(14)), reader(is_reachable=False)) == [(11, f"overdue-copy {due_on}:2:2")]


def test_a_day_ends_where_the_lender_is() -> None:
    due_on = MONDAY + DAY
    at = dt.datetime.combine(MONDAY - DAY, dt.time(21), dt.UTC)
    loan = LoanSeen(7, TEACHER, LENDER, "trunk", due_on, is_claimed=False)
    overseas = Policy(time_zone="Indian/Reunion", steps=(), days_before={"trunk": 1}, coordinators=())
    person = Reader(email="t@x", time_zone="Indian/Reunion", is_reachable=True)
    answer = expected([Turn(at, is_first_of_day=False, loans=(loan,))], {LENDER: overseas}, {TEACHER: person})
    assert answer == [Told(MONDAY, f"due-tomorrow:7:{due_on}", "t@x")]
