"""What loans tell about a booking, and when a message about it has a point."""

import datetime as dt

import pytest

from lending.catalog.tables import ContentsCheck, ContentsCheckLine, Title
from lending.core.actor import Role
from lending.core.database import Database
from lending.loans.notice_facts import BookingNoticeFacts, booking_subject
from lending.loans.tables import Booking
from lending.notices.rules import NoticeKind
from lending.notices.schemas import BookingFacts, MissingLine
from tests.kit.catalog import create_contents, create_copy, create_title
from tests.kit.clock import FixedClock
from tests.kit.network import (
    create_association,
    create_depot,
    create_federation,
    create_person,
    create_school,
    create_union,
)

STARTS_ON, ENDS_ON = dt.date(2027, 3, 1), dt.date(2027, 3, 19)
NOON_OF_DUE_DAY = dt.datetime(2027, 3, 18, 11, 0, tzinfo=dt.UTC)
BOOKED_AT = dt.datetime(2027, 1, 4, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def booking_id(database: Database) -> int:
    with database.write() as session:
        association = create_association(session, create_union(session, create_federation(session)))
        depot, school = create_depot(session, association), create_school(session, association)
        title = create_title(session, association)
        copy, person = create_copy(session, title, depot), create_person(session, Role.TEACHER, school)
        booking = Booking(
            reference="R7KQ2M",
            title_id=title.id,
            copy_id=copy.id,
            association_id=association.id,
            depot_id=depot.id,
            school_id=school.id,
            person_id=person.person_id,
            starts_on=STARTS_ON,
            ends_on=ENDS_ON,
            blocked_starts_on=STARTS_ON,
            blocked_ends_on=ENDS_ON,
            created_at=BOOKED_AT,
        )
        session.add(booking)
        session.flush()
        return booking.id


def set_state(database: Database, booking_id: int, state: str, *, copy: bool = True) -> None:
    with database.write() as session:
        booking = session.get_one(Booking, booking_id)
        booking.state = state
        booking.checked_out_at = BOOKED_AT if state in ("out", "done") else None
        booking.returned_at = BOOKED_AT if state == "done" else None
        booking.cancelled_at = BOOKED_AT if state == "cancelled" else None
        booking.copy_id = booking.copy_id if copy else None


def told(
    database: Database, booking_id: int, kind: str = "changed", now: dt.datetime = NOON_OF_DUE_DAY
) -> BookingFacts:
    with database.read() as session:
        facts = BookingNoticeFacts(FixedClock(now)).facts(session, kind, booking_subject(booking_id))
    assert facts is not None
    return facts


def kinds_with_a_point(database: Database, booking_id: int, now: dt.datetime = NOON_OF_DUE_DAY) -> set[str]:
    return {kind.value for kind in NoticeKind if told(database, booking_id, kind, now).is_relevant}


def test_the_facts_name_title_school_and_place(database: Database, booking_id: int) -> None:
    facts = told(database, booking_id)
    assert (facts.reference, facts.title_name, facts.title_kind) == ("R7KQ2M", "Malle coopération", "trunk")
    assert (facts.school_name, facts.association_name) == ("École Jean-Moulin", "Association 35")
    assert (facts.depot_name, facts.depot_address) == ("Dépôt", "Rennes")
    assert len(facts.openings) == 5
    assert facts.path == f"/reservations/{booking_id}"


def test_the_last_day_to_bring_it_back_is_the_day_before_the_end(database: Database, booking_id: int) -> None:
    assert told(database, booking_id).due_on == dt.date(2027, 3, 18)


@pytest.mark.parametrize(("hours", "days_late"), [(0, 0), (11, 0), (12, 1), (35, 1), (36, 2)])
def test_days_late_are_counted_where_the_association_is(
    database: Database, booking_id: int, hours: int, days_late: int
) -> None:
    # It is noon in Paris: twelve hours later another day begins there, an hour before it does in UTC.
    now = NOON_OF_DUE_DAY + dt.timedelta(hours=hours)
    assert told(database, booking_id, now=now).days_late == days_late


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        ("planned", {"booking-confirmed", "booking-received", "changed", "due-moved", "wish-offered"}),
        ("out", {"booking-confirmed", "changed", "handed-over", "due-soon", "due-moved", "renewed", "recalled"}),
        ("done", {"returned-complete", "returned-incomplete"}),
        ("cancelled", {"booking-cancelled", "booking-refused", "offer-ended"}),
    ],
)
def test_each_state_gives_a_point_to_its_own_messages(
    database: Database, booking_id: int, state: str, kinds: set[str]
) -> None:
    set_state(database, booking_id, state)
    assert kinds_with_a_point(database, booking_id) == kinds


def test_a_late_loan_is_overdue_and_no_longer_due_soon(database: Database, booking_id: int) -> None:
    set_state(database, booking_id, "out")
    late = kinds_with_a_point(database, booking_id, NOON_OF_DUE_DAY + dt.timedelta(days=1))
    assert "overdue" in late
    assert "due-soon" not in late


def test_a_booking_without_a_copy_is_at_risk(database: Database, booking_id: int) -> None:
    set_state(database, booking_id, "planned", copy=False)
    assert "at-risk" in kinds_with_a_point(database, booking_id)


def test_what_was_missing_at_the_return_is_listed(database: Database, booking_id: int) -> None:
    with database.write() as session:
        booking = session.get_one(Booking, booking_id)
        lines = create_contents(session, session.get_one(Title, booking.title_id))
        check = ContentsCheck(
            copy_id=booking.copy_id, reason="return", outcome="incomplete", checked_at=NOON_OF_DUE_DAY
        )
        session.add(check)
        session.flush()
        session.add(ContentsCheckLine(check_id=check.id, line_id=lines[0].id, expected=5, found=4))
        booking.return_check_id = check.id
    assert told(database, booking_id).missing == (MissingLine("Album « Le loup »", 5, 4),)


def test_there_are_no_facts_about_a_booking_that_does_not_exist(database: Database) -> None:
    with database.read() as session:
        assert BookingNoticeFacts(FixedClock(NOON_OF_DUE_DAY)).facts(session, "changed", "booking:404") is None
