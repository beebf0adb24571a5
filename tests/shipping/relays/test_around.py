"""What others must know of a relay: reminders, the van, the list of what to fetch, the way home."""

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from lending.core.clock import Clock
from lending.core.i18n import speaking
from lending.loans import jobs
from lending.loans.notice_facts import BookingNoticeFacts, booking_subject
from lending.loans.rules.appointment_errors import GoesOnToSchool
from lending.loans.schemas.appointments import NewAppointment
from lending.loans.service.appointments import Appointments
from lending.loans.service.preparation import Preparation
from lending.loans.tables import Appointment
from lending.notices.letters import letter_about
from lending.notices.messages import Reader
from lending.notices.schemas import BookingFacts, Letter
from lending.notices.wording import Wording
from lending.shipping.deliveries.schemas import NewReturn
from lending.shipping.deliveries.service import Deliveries
from lending.shipping.rounds.queries import carried_in_week, depot_row
from lending.shipping.rounds.rules.states import monday_of
from lending.shipping.shipments.rules import Mode
from tests.shipping.relays.conftest import Line


def facts_of(line: Line, booking_id: int, kind: str) -> BookingFacts:
    clock: Clock = line.world.clock
    with line.world.db.read() as session:
        found = BookingNoticeFacts(clock).facts(session, kind, booking_subject(booking_id))
    assert found is not None
    return found


def letter_of(line: Line, booking_id: int, kind: str, own: Wording | None = None) -> Letter:
    facts = facts_of(line, booking_id, kind)
    return letter_about(
        kind, facts, Reader(person_id=facts.borrower_id or 0, name="Camille", base_url="https://x"), own
    )


@pytest.mark.parametrize(("kind", "days"), [("due-soon", 7), ("due-tomorrow", 8)])
def test_the_reminder_says_where_it_goes_on_to_whatever_the_association_wrote(line: Line, kind: str, days: int) -> None:
    own = Wording("Rapportez {title}", "Au dépôt !")
    line.wait(days)
    assert letter_of(line, line.loan.id, kind, own).subject.startswith("Rapportez")
    line.agree()
    letter = letter_of(line, line.loan.id, kind, own)
    told = " ".join([letter.subject, *letter.paragraphs])
    assert "ne revient pas au dépôt" in told
    assert "Au dépôt !" not in told
    rows = dict(letter.rows)
    assert rows["Passe directement à"] == f"{line.other_school.name} (Rennes)"
    assert "Dépôt" not in rows
    with speaking("en"):
        assert "straight on" in " ".join(letter_of(line, line.loan.id, kind).paragraphs)
    line.cancel()
    assert letter_of(line, line.loan.id, kind, own).subject.startswith("Rapportez")


def test_both_schools_are_told_when_it_is_agreed_and_when_it_is_called_off(line: Line) -> None:
    line.agree()
    keys = [key for key in line.world.notices("changed") if key.startswith("relay:")]
    assert {key.split(":")[1] for key in keys} == {str(line.loan.id), str(line.next.id)}
    assert facts_of(line, line.loan.id, "changed").goes_on_to == f"{line.other_school.name} (Rennes)"
    assert facts_of(line, line.next.id, "changed").comes_from == f"{line.world.school.name} (Rennes)"
    line.cancel()
    assert len([key for key in line.world.notices("changed") if key.startswith("relay:")]) == 4
    assert facts_of(line, line.next.id, "changed").comes_from == ""


def test_reminders_are_sent_as_ever(line: Line) -> None:
    line.agree()
    line.wait(7)
    assert jobs.announce_due_soon(line.world.loans) == 1


def carried(line: Line, days: Sequence[dt.date]) -> set[int | None]:
    world = line.world
    with world.db.read() as session:
        depot = depot_row(session, world.depot.id)
        return {one.booking_id for day in days for one in carried_in_week(session, depot, monday_of(day))}


def test_no_van_comes_for_what_goes_on(line: Line) -> None:
    days = [line.loan.due_on, line.next.starts_on]
    assert carried(line, days) == {line.loan.id, line.next.id}
    line.agree()
    assert carried(line, days) == set()
    line.cancel()
    assert carried(line, days) == {line.loan.id, line.next.id}


def test_it_is_on_no_shelf_to_be_fetched(line: Line) -> None:
    world, preparation = line.world, Preparation(line.world.db, line.world.clock)
    line.wait(10)
    assert [one.booking_id for one in preparation.picks(world.staff, world.depot.id)] == [line.next.id]
    line.agree()
    assert preparation.picks(world.staff, world.depot.id) == []


def test_a_depots_day_has_nothing_to_do_for_it_until_it_is_late(line: Line) -> None:
    world = line.world

    def listed() -> tuple[set[int], set[int], set[int]]:
        day = world.loans.desk_day(world.staff, world.depot.id)
        found = ([*day.to_prepare, *day.to_hand_over], day.expected_back, day.late)
        return tuple({one.id for one in some} for some in found)  # type: ignore[return-value]  # three of them

    line.wait(9)
    assert listed() == (set(), {line.loan.id}, set())
    line.agree()
    assert listed() == (set(), set(), set())
    line.wait(2)
    assert listed() == (set(), set(), {line.loan.id})


def test_what_goes_on_is_not_sent_home_as_well(line: Line) -> None:
    world, deliveries = line.world, Deliveries(line.world.db, line.world.clock)
    assert deliveries.of_booking(world.teacher, line.loan.id).may_send_back
    line.agree()
    assert not deliveries.of_booking(world.teacher, line.loan.id).may_send_back
    with pytest.raises(GoesOnToSchool):
        deliveries.send_back(world.teacher, line.loan.id, NewReturn(mode=Mode.MEETING))
    line.cancel()
    assert deliveries.send_back(world.teacher, line.loan.id, NewReturn(mode=Mode.MEETING)).back is not None


def kept_appointment(line: Line) -> str:
    with line.world.db.read() as session:
        return session.scalars(select(Appointment.state).where(Appointment.booking_id == line.loan.id)).one()


def test_no_desk_expects_what_goes_on(line: Line) -> None:
    world = line.world
    appointments = Appointments(world.db, world.clock)
    before = appointments.choices(world.teacher, line.loan.id)
    assert before.appointment is not None
    wanted = NewAppointment(
        comes_on=before.days[0].comes_on, hour=before.days[0].slots[0].hour, version=before.version + 1
    )
    line.agree()
    assert kept_appointment(line) == "over"
    now = appointments.choices(world.teacher, line.loan.id)
    assert (now.appointment, now.days) == (None, [])
    with pytest.raises(GoesOnToSchool):
        appointments.move(world.teacher, line.loan.id, wanted)
    line.cancel()
    assert kept_appointment(line) == "planned"
    assert appointments.choices(world.teacher, line.loan.id).appointment is not None
