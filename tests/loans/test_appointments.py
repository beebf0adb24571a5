"""Returns by appointment, on both databases."""

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from icalendar import Calendar
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from lending.catalog.errors import VersionChanged
from lending.core.actor import ANONYMOUS
from lending.core.database import Database
from lending.core.errors import Forbidden, LendingError, Unauthenticated
from lending.core.i18n import speaking
from lending.loans.notice_facts import BookingNoticeFacts, booking_subject
from lending.loans.rules.appointment_errors import (
    AppointmentDayRefused,
    AppointmentFull,
    AppointmentImpossible,
    BringerTooLong,
)
from lending.loans.rules.changes import NotOut
from lending.loans.schemas import NewLoan, Reservation
from lending.loans.schemas.appointments import AppointmentView, NewAppointment
from lending.loans.schemas.changes import RenewalWish
from lending.loans.service import Loans
from lending.loans.service.appointments import Appointments
from lending.loans.service.changes import Changes
from lending.loans.service.closures import Closures
from lending.loans.service.desk_acts import DeskActs
from lending.loans.service.feeds import Feeds
from lending.loans.tables import Appointment
from lending.network.schemas import NewClosure
from lending.network.service import Network
from lending.network.tables import Opening, SchoolCalendar, SchoolPeriod
from lending.notices.letters import letter_about
from lending.notices.messages import Reader
from tests.kit.catalog import create_copy, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world

CLIENTS = 12


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=CLIENTS)


def service(world: World) -> Appointments:
    return Appointments(world.db, world.clock)


def over_the_counter(world: World, code: str, days: int = 10) -> NewLoan:
    return NewLoan(
        code=code,
        depot_id=world.depot.id,
        school_id=world.school.id,
        due_on=world.today + days * DAY,
        person_id=world.teacher.person_id,
    )


def lend(world: World, days: int = 10, copy: int = 0) -> Reservation:
    return world.loans.lend_now(world.staff, over_the_counter(world, world.copies[copy].code, days))


def copy_of_a_title(world: World) -> str:
    """The code of a copy whose title nobody else wants: its lock makes nobody take turns."""
    with world.db.write() as session:
        return create_copy(session, create_title(session, world.federation), world.depot).code


def agreed(world: World, booking_id: int) -> AppointmentView | None:
    return service(world).choices(world.teacher, booking_id).appointment


def wish(world: World, days: int, hour: int, version: int = 1) -> NewAppointment:
    return NewAppointment(comes_on=world.today + days * DAY, hour=hour, version=version)


def limit(world: World, most: int | None) -> None:
    Network(world.db, world.clock).limit_returns(world.staff, world.depot.id, most)


def kept(world: World, booking_id: int) -> Appointment:
    with world.db.read() as session:
        return session.get_one(Appointment, booking_id)


def told(world: World) -> list[str]:
    return [key for key in world.notices("changed") if key.startswith("appointment:")]


def undo_last(world: World) -> None:
    acts = DeskActs(world.db, world.clock)
    last = acts.last_act(world.staff, world.depot.id)
    assert last is not None
    acts.undo(world.staff, last.id)


def test_a_hand_over_plans_the_return(world: World) -> None:
    booking = world.hand_over(world.reserve(0, 8))
    found = agreed(world, booking.id)
    assert found is not None
    assert (found.comes_on, found.starts_at, found.is_chosen) == (booking.due_on, dt.time(9), False)
    second = agreed(world, lend(world, 7, copy=1).id)
    assert second is not None
    assert (second.comes_on, second.hour) == (found.comes_on, found.hour)


def test_a_teacher_moves_it_gives_it_up_and_takes_it_again(world: World) -> None:
    loan = lend(world)
    moved = service(world).move(world.teacher, loan.id, wish(world, 3, 14))
    assert (moved.comes_on, moved.starts_at, moved.is_chosen, moved.version) == (
        world.today + 3 * DAY,
        dt.time(14),
        True,
        2,
    )
    with pytest.raises(VersionChanged):
        service(world).move(world.staff, loan.id, wish(world, 3, 15))
    with pytest.raises(AppointmentDayRefused):
        service(world).move(world.teacher, loan.id, wish(world, 11, 14, 2))
    gone = service(world).cancel(world.teacher, loan.id, 2)
    assert gone is not None
    assert (gone.state, agreed(world, loan.id)) == ("cancelled", None)
    assert service(world).move(world.staff, loan.id, wish(world, 4, 10, 3)).state == "planned"
    assert [key for key in world.notices() if key.startswith("appointment:")] == [
        f"appointment:{loan.id}:{version}" for version in (2, 3, 4)
    ]


def test_others_may_not_and_what_is_not_out_has_none(world: World) -> None:
    loan, (_, other) = lend(world), world.school_with_teacher()
    with pytest.raises(Forbidden):
        service(world).move(other, loan.id, wish(world, 3, 14))
    with pytest.raises(Unauthenticated):
        service(world).cancel(ANONYMOUS, loan.id, 1)
    with pytest.raises(NotOut):
        service(world).choices(world.teacher, world.reserve(2, 5).id)


def test_it_follows_a_renewal_and_a_recall(world: World) -> None:
    loan = lend(world)
    service(world).move(world.teacher, loan.id, wish(world, 3, 14))
    changes = Changes(world.db, world.clock)
    later = changes.renew(world.teacher, loan.id, RenewalWish())
    found = agreed(world, loan.id)
    assert found is not None
    assert (found.comes_on, found.hour) == (later.due_on, 14)
    sooner = changes.recall(world.staff, loan.id)
    found = agreed(world, loan.id)
    assert found is not None
    assert (found.comes_on, found.hour) == (sooner.due_on, 14)


def test_a_return_frees_the_hour(world: World) -> None:
    limit(world, 1)
    loan = lend(world, 0)
    found = agreed(world, loan.id)
    world.loans.check_in(world.staff, world.depot.id, world.copies[0].code)
    second = agreed(world, lend(world, 0, copy=1).id)
    assert found is not None
    assert second is not None
    assert (second.comes_on, second.hour) == (found.comes_on, found.hour)
    assert kept(world, loan.id).state == "over"


def test_a_hand_over_taken_back_gives_the_hour_up_until_the_next(world: World) -> None:
    limit(world, 1)
    booking = world.reserve(0, 8)
    world.hand_over(booking)
    planned = kept(world, booking.id)
    undo_last(world)
    assert kept(world, booking.id).state == "over"
    other = agreed(world, lend(world, 7, copy=1).id)
    assert other is not None
    assert (other.comes_on, other.hour) == (planned.comes_on, planned.hour)
    world.hand_over(booking)
    again = agreed(world, booking.id)
    assert again is not None
    assert (again.comes_on, again.hour) == (planned.comes_on, planned.hour + 1)
    assert told(world) == []


def test_a_return_taken_back_is_expected_as_it_was_agreed(world: World) -> None:
    limit(world, 1)
    loan = lend(world)
    service(world).move(world.teacher, loan.id, wish(world, 3, 14))
    world.loans.check_in(world.staff, world.depot.id, world.copies[0].code)
    undo_last(world)
    found = agreed(world, loan.id)
    assert found is not None
    assert (found.comes_on, found.hour, found.is_chosen) == (world.today + 3 * DAY, 14, True)
    assert told(world) == [f"appointment:{loan.id}:2"]


def test_a_return_taken_back_goes_elsewhere_when_the_hour_was_given_away(world: World) -> None:
    limit(world, 1)
    loan, other = lend(world), lend(world, copy=1)
    service(world).move(world.teacher, loan.id, wish(world, 3, 14))
    world.loans.check_in(world.staff, world.depot.id, world.copies[0].code)
    service(world).move(world.teacher, other.id, wish(world, 3, 14))
    undo_last(world)
    found = agreed(world, loan.id)
    assert found is not None
    assert (found.comes_on, found.hour) == (loan.due_on, 14)
    assert told(world) == [f"appointment:{loan.id}:2", f"appointment:{other.id}:2", f"appointment:{loan.id}:4"]


def test_a_closure_that_moves_the_last_day_tells_once(world: World) -> None:
    loan = lend(world)
    closed = NewClosure(starts_on=loan.due_on, ends_on=loan.due_on + 2 * DAY, reason="")
    network = Network(world.db, world.clock)
    Closures(world.db, world.clock, network).announce(world.staff, [world.depot.id], closed)
    found = agreed(world, loan.id)
    assert found is not None
    assert found.comes_on == loan.due_on + 2 * DAY
    assert (len(world.notices("due-moved")), told(world)) == (1, [])
    assert world.loans.keep_appointments() == 0


def test_a_closure_that_cannot_move_the_last_day_tells_that_nobody_is_expected(world: World) -> None:
    loan = lend(world)
    for _ in world.copies:
        world.reserve(14, 30)
    closed = NewClosure(starts_on=world.today, ends_on=loan.due_on + 3 * DAY, reason="")
    network = Network(world.db, world.clock)
    Closures(world.db, world.clock, network).announce(world.staff, [world.depot.id], closed)
    assert world.booking(loan.id).ends_on == loan.due_on + DAY
    assert (agreed(world, loan.id), kept(world, loan.id).state) == (None, "over")
    assert told(world) == [f"appointment:{loan.id}:2"]


def test_a_desk_that_closes_moves_it_and_tells(world: World) -> None:
    loan = lend(world)
    service(world).move(world.teacher, loan.id, wish(world, 3, 14))
    closed_on = world.today + 3 * DAY
    Network(world.db, world.clock).close_depots(
        world.staff, [world.depot.id], NewClosure(starts_on=closed_on, ends_on=closed_on + DAY, reason="")
    )
    assert (world.loans.keep_appointments(), world.loans.keep_appointments()) == (1, 0)
    found = agreed(world, loan.id)
    assert found is not None
    assert (found.comes_on, found.hour, found.version) == (loan.due_on, 14, 3)
    assert f"appointment:{loan.id}:3" in world.notices()


def test_before_the_holidays_when_the_loan_ends_in_them(world: World) -> None:
    last_taught = world.today + 4 * DAY
    with world.db.write() as session:
        zone = Network(world.db, world.clock).association(world.association.id).holiday_zone
        session.add(SchoolCalendar(zone=zone, school_year=2026, source="published"))
        session.flush()
        periods = [(1, world.today - 30 * DAY, last_taught + DAY), (2, last_taught + 16 * DAY, last_taught + 60 * DAY)]
        for number, starts_on, ends_on in periods:
            session.add(SchoolPeriod(zone=zone, school_year=2026, number=number, starts_on=starts_on, ends_on=ends_on))
    found = agreed(world, lend(world).id)
    assert found is not None
    assert (found.comes_on, found.is_before_holidays) == (last_taught, True)


def test_a_full_hour_is_refused_and_the_next_loan_goes_elsewhere(world: World) -> None:
    limit(world, 2)
    loans = [lend(world, 2, copy=number) for number in range(5)]
    visits = Counter((one.comes_on, one.hour) for one in (agreed(world, loan.id) for loan in loans) if one)
    assert sum(visits.values()) == 5
    assert max(visits.values()) == 2
    full = max(visits, key=lambda visit: visits[visit])
    outside = next(one for one in loans if (found := agreed(world, one.id)) and (found.comes_on, found.hour) != full)
    with pytest.raises(AppointmentFull):
        service(world).move(world.teacher, outside.id, NewAppointment(comes_on=full[0], hour=full[1], version=1))


def test_the_database_holds_the_seats(world: World) -> None:
    limit(world, 1)
    loan, other = lend(world), lend(world, 9, copy=1)
    with world.db.read() as session:
        facts = {c.name: getattr(session.get_one(Appointment, loan.id), c.name) for c in Appointment.__table__.columns}
    for change in ({}, {"seat": 2}, {"seat": None}, {"state": "never"}, {"hour": 24}, {"ends_at": dt.time(0)}):
        with pytest.raises(IntegrityError), world.db.write() as session:
            session.delete(session.get_one(Appointment, other.id))
            session.flush()
            session.execute(insert(Appointment).values(**(facts | {"booking_id": other.id} | change)))


def test_a_crowd_wants_the_same_hour(world: World) -> None:
    limit(world, 3)
    codes = [copy_of_a_title(world) for _ in range(CLIENTS)]
    loans = [world.loans.lend_now(world.staff, over_the_counter(world, code)).id for code in codes]
    url = world.db.engine.url.render_as_string(hide_password=False)
    databases, start = [Database(url) for _ in range(4)], threading.Barrier(CLIENTS)

    def client(number: int) -> str:
        start.wait(30)
        try:
            Appointments(databases[number % 4], world.clock).move(world.teacher, loans[number], wish(world, 2, 15))
        except LendingError as refusal:
            return refusal.slug
        return "done"

    with ThreadPoolExecutor(CLIENTS) as pool:
        outcomes = Counter(pool.map(client, range(CLIENTS)))
    for database in databases:
        database.dispose()
    assert outcomes == {"done": 3, "appointment-full": CLIENTS - 3}
    with world.db.read() as session:
        query = select(Appointment.seat).where(Appointment.comes_on == world.today + 2 * DAY, Appointment.hour == 15)
        assert sorted(seat for seat in session.scalars(query) if seat is not None) == [1, 2, 3]


def test_a_crowd_at_the_counter_is_spread_over_the_hours(world: World) -> None:
    limit(world, 3)
    codes = [copy_of_a_title(world) for _ in range(CLIENTS)]
    url = world.db.engine.url.render_as_string(hide_password=False)
    databases, start = [Database(url) for _ in range(4)], threading.Barrier(CLIENTS)

    def client(number: int) -> int:
        start.wait(30)
        loans = Loans(databases[number % 4], world.clock)
        return loans.lend_now(world.staff, over_the_counter(world, codes[number])).id

    with ThreadPoolExecutor(CLIENTS) as pool:
        ids = list(pool.map(client, range(CLIENTS)))
    for database in databases:
        database.dispose()
    visits = Counter((one.comes_on, one.hour) for one in (agreed(world, booking_id) for booking_id in ids) if one)
    assert (sum(visits.values()), max(visits.values())) == (CLIENTS, 3)


def test_calendars_show_the_hour_under_the_same_name(world: World) -> None:
    loan = lend(world)
    feeds = Feeds(world.db, world.clock, "https://malles.example.org")

    def event() -> dict[str, object]:
        (found,) = Calendar.from_ical(feeds.booking(world.teacher, loan.id)).walk("VEVENT")
        return {name: found.decoded(name) for name in ("uid", "sequence", "dtstart", "dtend")}

    before = event()
    service(world).move(world.teacher, loan.id, wish(world, 3, 14))
    after = event()
    # Two in the afternoon in Paris in January.
    moment = dt.datetime.combine(world.today + 3 * DAY, dt.time(13), dt.UTC)
    assert (after["dtstart"], after["dtend"]) == (moment, moment + dt.timedelta(hours=1))
    assert before["uid"] == after["uid"]
    service(world).cancel(world.teacher, loan.id, 2)
    given_up = event()
    assert given_up["dtstart"] == loan.due_on
    assert before["sequence"] < after["sequence"] < given_up["sequence"]  # type: ignore[operator]  # numbers


def test_the_day_list_goes_by_the_hour(world: World) -> None:
    first, second = lend(world), lend(world, copy=1)
    service(world).move(world.teacher, first.id, wish(world, 3, 14))
    service(world).move(world.teacher, second.id, wish(world, 3, 10))
    world.clock.advance(days=3)
    day = world.loans.desk_day(world.staff, world.depot.id)
    assert [one.id for one in day.expected_back] == [second.id, first.id]
    assert {one.booking_id: one.hour for one in day.appointments} == {first.id: 14, second.id: 10}


def test_who_is_late_and_comes_by_appointment_stands_on_the_day_list_once(world: World) -> None:
    loan = lend(world, 1)
    world.clock.advance(days=3)
    late = world.loans.desk_day(world.staff, world.depot.id)
    assert ([one.id for one in late.expected_back], [one.id for one in late.late]) == ([], [loan.id])
    assert service(world).choices(world.teacher, loan.id).is_past
    service(world).move(world.teacher, loan.id, wish(world, 0, 16))
    day = world.loans.desk_day(world.staff, world.depot.id)
    assert ([one.id for one in day.expected_back], day.late) == ([loan.id], [])


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", ("Rendez-vous au dépôt", "jeudi 14 janvier 2027 à 14 h")), ("en", ("Appointment", "14 January 2027"))],
)
def test_reminders_name_the_day_the_hour_and_the_place(world: World, language: str, words: tuple[str, str]) -> None:
    loan = lend(world, 4)
    service(world).move(world.teacher, loan.id, wish(world, 3, 14))
    world.clock.advance(days=1)
    assert world.loans.remind_due_soon() == 1
    text = reminder(world, loan.id, "due-soon", language)
    assert all(word in text for word in (*words, world.depot.name))
    world.clock.advance(days=2)
    assert words[1] in reminder(world, loan.id, "due-tomorrow", language)
    world.clock.advance(days=3)
    assert words[0] not in reminder(world, loan.id, "overdue", language)


def reminder(world: World, booking_id: int, kind: str, language: str) -> str:
    with world.db.read() as session:
        facts = BookingNoticeFacts(world.clock).facts(session, kind, booking_subject(booking_id))
    assert facts is not None
    assert facts.is_relevant
    with speaking(language):
        rows = letter_about(
            kind, facts, Reader(person_id=world.teacher.person_id or 0, name="Camille", base_url="")
        ).rows
    return "\n".join(f"{label} : {value}" for label, value in rows)


def test_a_name_is_one_line_that_fits(world: World) -> None:
    loan = lend(world)
    wanted = msgspec.structs.replace(wish(world, 3, 14), brought_by=" Alix\x00\n Le  Goff ")
    assert service(world).move(world.teacher, loan.id, wanted).brought_by == "Alix Le Goff"
    with pytest.raises(BringerTooLong):
        service(world).move(world.teacher, loan.id, msgspec.structs.replace(wanted, brought_by="x" * 81, version=2))


def test_a_desk_without_hours_agrees_to_nothing(world: World) -> None:
    with world.db.write() as session:
        session.execute(delete(Opening))
    loan = lend(world)
    found = service(world).choices(world.teacher, loan.id)
    assert (found.appointment, found.days, found.version) == (None, [], 0)
    with pytest.raises(AppointmentImpossible):
        service(world).move(world.teacher, loan.id, wish(world, 3, 14, 0))
