"""Lost, claimed, damaged, incomplete: what a person decides, and what follows."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lending.accounts.tables import Person
from lending.catalog.errors import VersionChanged
from lending.catalog.tables import ContentLine
from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.loans.notice_facts import is_relevant
from lending.loans.rules import incidents as errors
from lending.loans.rules.incidents import AGED_DAYS, Debt, IncidentKind, Payer, Settled, debt_of
from lending.loans.rules.states import State
from lending.loans.schemas import DeskDecision, DeskScan, FoundLine, Reservation, ScanResult
from lending.loans.schemas.incidents import IncidentView, Loss, Refund, Settlement
from lending.loans.service.incidents import Incidents
from lending.loans.tables import Booking, BookingEvent, Incident
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_person


@pytest.fixture
def trunk(database: Database, clock: FixedClock) -> World:
    """One trunk with a checklist whose lines have prices, and a rule that asks for a deposit."""
    world = create_world(database, clock, copies=1, with_contents=True, deposit_form="cheque", deposit_cents=8000)
    with world.db.write() as session:
        for line in session.scalars(select(ContentLine)):
            line.value_cents = 250
    return world


@pytest.fixture
def incidents(trunk: World) -> Incidents:
    return Incidents(trunk.db, trunk.clock)


def lent(world: World, start: int = 0, length: int = 7) -> Reservation:
    """A loan that is out, its deposit received."""
    booking = world.reserve(start, length)
    with world.db.write() as session:
        session.get_one(Booking, booking.id).deposit_state = "received"
    return world.hand_over(booking)


def take_back(world: World, **words: Any) -> ScanResult:
    decision = DeskDecision(action="take_back", **words)
    scan = DeskScan(code=world.copies[0].code, depot_id=world.depot.id, decision=decision)
    return world.loans.desk(world.staff, scan)


def short(world: World, missing: int = 1) -> list[FoundLine]:
    return [FoundLine(world.lines[0].id, 5 - missing)]


def opened(world: World, incidents: Incidents) -> list[IncidentView]:
    return incidents.incidents(world.staff, world.association.id).items


def acts(world: World, booking_id: int) -> list[str]:
    with world.db.read() as session:
        query = select(BookingEvent.act).where(BookingEvent.booking_id == booking_id).order_by(BookingEvent.id)
        return list(session.scalars(query))


def test_c102_a_missing_part_opens_an_incident_with_the_price_of_what_is_owed(
    trunk: World, incidents: Incidents
) -> None:
    booking = lent(trunk)
    take_back(trunk, found=short(trunk, 2))
    incident = opened(trunk, incidents)[0]
    assert (incident.kind, incident.cost_cents, incident.booking_id) == ("missing", 500, booking.id)
    assert incident.note == f"2 × {trunk.lines[0].name}"


def test_c102_an_incomplete_copy_may_go_on_if_the_desk_says_so(trunk: World) -> None:
    lent(trunk)
    result = take_back(trunk, found=short(trunk), lendable_though_incomplete=True)
    assert trunk.copy_status(trunk.copies[0]) == "lendable"
    assert result.situation == "on_shelf"
    assert [line.missing for line in result.missing] == [1]


def test_what_was_missing_before_is_not_charged_to_the_next_borrower(trunk: World, incidents: Incidents) -> None:
    lent(trunk)
    take_back(trunk, found=short(trunk), lendable_though_incomplete=True)
    first = opened(trunk, incidents)[0]
    incidents.settle(trunk.staff, first.id, Settlement(outcome=Settled.WAIVED))
    lent(trunk)
    take_back(trunk, found=short(trunk), lendable_though_incomplete=True)
    assert opened(trunk, incidents) == []
    lent(trunk)
    take_back(trunk, found=short(trunk, 3))
    assert [one.cost_cents for one in opened(trunk, incidents)] == [500]


def test_a_second_gap_is_added_to_the_incident_that_is_open(trunk: World, incidents: Incidents) -> None:
    lent(trunk)
    take_back(trunk, found=short(trunk), lendable_though_incomplete=True)
    lent(trunk)
    take_back(trunk, found=short(trunk, 2))
    assert [one.cost_cents for one in opened(trunk, incidents)] == [500]


def test_the_database_keeps_one_open_incident_per_copy_and_kind(trunk: World, incidents: Incidents) -> None:
    lent(trunk)
    take_back(trunk, found=short(trunk))
    known = opened(trunk, incidents)[0]
    row = {"copy_id": known.copy_id, "owner_id": known.owner_id, "keeper_id": known.keeper_id}
    with pytest.raises(IntegrityError), trunk.db.write() as session:
        session.add(Incident(**row, kind="missing", opened_at=trunk.clock.now()))


@pytest.mark.parametrize("status", ["repair", "blocked"])
def test_c101_a_damaged_return_closes_the_loan_and_keeps_the_copy_back(
    trunk: World, incidents: Incidents, status: str
) -> None:
    booking = lent(trunk)
    waiting, later = trunk.reserve(30, 7), trunk.reserve(20, 7)
    result = take_back(trunk, damaged=status, note="Couvercle fendu")
    assert trunk.booking(booking.id).state == State.DONE
    assert trunk.copy_status(trunk.copies[0]) == status
    assert result.copy.condition == "damaged"
    # The reservations that nobody can serve now are reported in date order.
    assert [one.id for one in result.at_risk] == [later.id, waiting.id]
    assert [(one.kind, one.note) for one in opened(trunk, incidents)] == [("damaged", "Couvercle fendu")]


def test_declaring_a_loss_ends_the_loan_and_warns_who_was_promised_the_copy(trunk: World, incidents: Incidents) -> None:
    booking, waiting = lent(trunk), trunk.reserve(20, 7)
    incident = incidents.declare_lost(trunk.staff, booking.id, Loss(note="Introuvable"))
    row = trunk.booking(booking.id)
    assert (row.state, row.lost_at) == ("lost", trunk.clock.now())
    assert trunk.copy_status(trunk.copies[0]) == "lost"
    assert trunk.booking(waiting.id).copy_id is None
    assert trunk.notices("at-risk") == [f"at-risk:{waiting.id}:{waiting.starts_on}"]
    assert incident.cost_cents == sum(line.quantity * 250 for line in trunk.lines)
    assert acts(trunk, booking.id)[-1] == "lost"


def test_c097_a_loss_is_declared_once_and_of_a_loan_that_is_out(trunk: World, incidents: Incidents) -> None:
    booking = lent(trunk)
    planned = trunk.reserve(20, 7)
    with pytest.raises(errors.LoanNotOut):
        incidents.declare_lost(trunk.staff, planned.id)
    incidents.declare_lost(trunk.staff, booking.id)
    with pytest.raises(errors.LoanNotOut):
        incidents.declare_lost(trunk.staff, booking.id)
    take_back(trunk)
    with pytest.raises(errors.LoanNotOut):
        incidents.declare_lost(trunk.staff, booking.id)


def test_c095_a_lost_copy_that_is_scanned_is_found_and_its_charge_reversed_once(
    trunk: World, incidents: Incidents
) -> None:
    booking, waiting = lent(trunk), trunk.reserve(20, 7)
    lost = incidents.declare_lost(trunk.staff, booking.id)
    assert trunk.loans.scan(trunk.staff, trunk.depot.id, trunk.copies[0].code).situation == "take_back"
    take_back(trunk)
    assert trunk.booking(booking.id).state == State.DONE
    assert trunk.copy_status(trunk.copies[0]) == "lendable"
    assert trunk.booking(waiting.id).copy_id == trunk.copies[0].id
    after = incidents.incident(trunk.staff, lost.id)
    assert (after.state, after.outcome, after.awaits_refund) == ("settled", "found", False)
    assert acts(trunk, booking.id)[-2:] == ["found", "returned"]


def test_a_lost_copy_found_with_a_part_missing_is_found_and_blocked(trunk: World, incidents: Incidents) -> None:
    booking = lent(trunk)
    incidents.declare_lost(trunk.staff, booking.id)
    take_back(trunk, found=short(trunk))
    assert trunk.copy_status(trunk.copies[0]) == "blocked"
    assert [one.kind for one in opened(trunk, incidents)] == ["missing"]


@pytest.mark.parametrize(
    ("is_refunded", "outcome", "deposit"), [(True, "found", "returned"), (False, "paid", "cashed")]
)
def test_c096_found_after_it_was_paid_the_loan_is_closed_and_somebody_decides_on_the_refund(
    trunk: World, incidents: Incidents, is_refunded: bool, outcome: str, deposit: str
) -> None:
    booking = lent(trunk)
    lost = incidents.declare_lost(trunk.staff, booking.id)
    how = Settlement(outcome=Settled.PAID, paid_by=Payer.BORROWER, deposit="kept", cost_cents=8000)
    assert incidents.settle(trunk.staff, lost.id, how).deposit_state == "cashed"
    with pytest.raises(errors.NoRefundToDecide):
        incidents.decide_refund(trunk.staff, lost.id, Refund(is_refunded=True))
    trunk.clock.advance(days=90)
    take_back(trunk)
    assert trunk.booking(booking.id).state == State.DONE
    found = incidents.incidents(trunk.staff, trunk.association.id, "refund").items
    assert [(one.id, one.awaits_refund, one.found_at) for one in found] == [(lost.id, True, trunk.clock.now())]
    trunk.clock.advance(days=1)
    after = incidents.decide_refund(trunk.staff, lost.id, Refund(is_refunded=is_refunded, note="Décidé en bureau"))
    assert (after.outcome, after.deposit_state, after.awaits_refund) == (outcome, deposit, False)
    with pytest.raises(errors.NoRefundToDecide):
        incidents.decide_refund(trunk.staff, lost.id, Refund(is_refunded=True))


def test_c098_a_claim_stops_the_reminders_and_is_searchable(trunk: World, incidents: Incidents) -> None:
    booking = lent(trunk)
    incidents.claim(trunk.teacher, booking.id, "Déposée mardi")
    trunk.clock.advance(days=40)
    assert trunk.loans.tell_overdue() == 0
    code = trunk.copies[0].code
    for text in ("", code, trunk.school.name[:6], booking.reference):
        found = incidents.incidents(trunk.staff, trunk.association.id, "open", IncidentKind.CLAIMED, text).items
        assert [(one.booking_id, one.note) for one in found] == [(booking.id, "Déposée mardi")]
    assert incidents.incidents(trunk.staff, trunk.association.id, "open", None, "nothing like it").items == []


def test_a_reminder_announced_before_the_claim_has_no_point_any_more(trunk: World, incidents: Incidents) -> None:
    booking = lent(trunk)
    trunk.clock.advance(days=10)
    late = trunk.booking(booking.id)
    assert is_relevant("overdue", late, trunk.today)
    incidents.claim(trunk.staff, booking.id)
    assert not is_relevant("overdue", trunk.booking(booking.id), trunk.today)


@pytest.mark.parametrize("claim", ["found", "was_here"])
def test_c098_the_scan_of_a_claimed_copy_says_who_was_right(trunk: World, incidents: Incidents, claim: str) -> None:
    booking = lent(trunk)
    claimed_at = trunk.clock.now()
    claimed = incidents.claim(trunk.teacher, booking.id)
    trunk.clock.advance(days=20)
    with pytest.raises(errors.ClaimToResolve):
        take_back(trunk)
    take_back(trunk, claim=claim)
    row = trunk.booking(booking.id)
    assert row.state == State.DONE
    assert row.returned_at == (claimed_at if claim == "was_here" else trunk.clock.now())
    assert incidents.incident(trunk.staff, claimed.id).outcome == claim


def test_a_claim_is_made_once_and_for_a_loan_that_is_out(trunk: World, incidents: Incidents) -> None:
    booking = lent(trunk)
    incidents.claim(trunk.teacher, booking.id)
    with pytest.raises(errors.AlreadyClaimed):
        incidents.claim(trunk.staff, booking.id)
    with pytest.raises(errors.LoanNotOut):
        incidents.claim(trunk.teacher, trunk.reserve(20, 7).id)


def test_a_claim_that_proves_wrong_lets_the_reminders_go_on(trunk: World, incidents: Incidents) -> None:
    booking = lent(trunk)
    claimed = incidents.claim(trunk.teacher, booking.id)
    incidents.settle(trunk.staff, claimed.id, Settlement(outcome=Settled.NEVER_CAME))
    trunk.clock.advance(days=10)
    assert trunk.booking(booking.id).claimed_at is None
    assert trunk.loans.tell_overdue() == 1


def test_c099_a_claimed_loan_is_never_aged_to_lost(trunk: World, incidents: Incidents) -> None:
    booking = lent(trunk)
    incidents.claim(trunk.teacher, booking.id)
    trunk.clock.advance(days=AGED_DAYS + 30)
    assert incidents.age_overdue() == 0
    assert [one.kind for one in opened(trunk, incidents)] == ["claimed"]


def test_c100_ageing_asks_once_and_closes_nothing_by_itself(trunk: World, incidents: Incidents) -> None:
    booking = lent(trunk, length=7)
    trunk.clock.advance(days=6 + AGED_DAYS - 1)
    assert incidents.age_overdue() == 0
    trunk.clock.advance(days=1)
    assert [incidents.age_overdue(), incidents.age_overdue()] == [1, 0]
    asked = opened(trunk, incidents)[0]
    assert (asked.kind, asked.opened_by, asked.outcomes) == ("lost", "", [Settled.WAIVED])
    assert trunk.booking(booking.id).state == State.OUT
    assert trunk.copy_status(trunk.copies[0]) == "lendable"
    incidents.settle(trunk.staff, asked.id, Settlement(outcome=Settled.WAIVED, note="Appelé : elle revient lundi"))
    assert incidents.age_overdue() == 0


def test_what_was_asked_is_the_incident_of_the_loss_that_somebody_declares(trunk: World, incidents: Incidents) -> None:
    booking = lent(trunk)
    trunk.clock.advance(days=7 + AGED_DAYS)
    incidents.age_overdue()
    asked = opened(trunk, incidents)[0]
    with pytest.raises(errors.DeclareLostFirst):
        incidents.settle(trunk.staff, asked.id, Settlement(outcome=Settled.PAID, paid_by=Payer.BORROWER))
    assert incidents.declare_lost(trunk.staff, booking.id).id == asked.id


def test_a_very_late_copy_that_comes_back_answers_the_question(trunk: World, incidents: Incidents) -> None:
    lent(trunk)
    trunk.clock.advance(days=7 + AGED_DAYS)
    incidents.age_overdue()
    asked = opened(trunk, incidents)[0]
    take_back(trunk)
    assert incidents.incident(trunk.staff, asked.id).outcome == "found"


def test_a_settlement_says_who_pays_and_what_becomes_of_the_deposit(trunk: World, incidents: Incidents) -> None:
    booking = lent(trunk)
    take_back(trunk, found=short(trunk))
    incident = opened(trunk, incidents)[0]
    how = Settlement(outcome=Settled.PAID, paid_by=Payer.BORROWER, deposit="released", version=incident.version)
    settled = incidents.settle(trunk.staff, incident.id, how)
    assert (settled.state, settled.paid_by, settled.closed_by) == ("settled", "borrower", "Dominique Le Goff")
    assert trunk.booking(booking.id).deposit_state == "returned"
    with pytest.raises(VersionChanged):
        incidents.settle(trunk.staff, incident.id, how)
    with pytest.raises(errors.IncidentSettled):
        incidents.settle(trunk.staff, incident.id, Settlement(outcome=Settled.WAIVED))


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (Settlement(outcome=Settled.WAS_HERE), errors.SettlementUnfit),
        (Settlement(outcome=Settled.PAID), errors.PayerMissing),
        (Settlement(outcome=Settled.WAIVED, paid_by=Payer.KEEPER), errors.PayerMissing),
    ],
)
def test_a_settlement_that_does_not_fit_is_refused(
    trunk: World, incidents: Incidents, how: Settlement, reason: type[Exception]
) -> None:
    lent(trunk)
    take_back(trunk, found=short(trunk))
    with pytest.raises(reason):
        incidents.settle(trunk.staff, opened(trunk, incidents)[0].id, how)
    assert len(opened(trunk, incidents)) == 1


def test_a_deposit_is_kept_once(trunk: World, incidents: Incidents) -> None:
    lent(trunk)
    take_back(trunk, found=short(trunk), damaged="repair")
    first, second = opened(trunk, incidents)
    how = Settlement(outcome=Settled.PAID, paid_by=Payer.BORROWER, deposit="kept")
    incidents.settle(trunk.staff, first.id, how)
    with pytest.raises(errors.DepositNotHeld):
        incidents.settle(trunk.staff, second.id, how)
    assert len(opened(trunk, incidents)) == 1


def test_only_the_staff_of_the_owner_or_the_lender_settle(trunk: World, incidents: Incidents) -> None:
    with trunk.db.write() as session:
        elsewhere = create_association(session, trunk.union, code="22")
        stranger = create_person(session, Role.STAFF, elsewhere)
    booking = lent(trunk)
    take_back(trunk, found=short(trunk))
    incident = opened(trunk, incidents)[0]
    waive = Settlement(outcome=Settled.WAIVED)
    for actor in (stranger, trunk.teacher):
        with pytest.raises(Forbidden):
            incidents.settle(actor, incident.id, waive)
        with pytest.raises(Forbidden):
            incidents.incident(actor, incident.id)
    with pytest.raises(Forbidden):
        incidents.declare_lost(trunk.teacher, booking.id)
    with pytest.raises(Unauthenticated):
        incidents.incidents(Actor())
    assert incidents.incidents(stranger).items == []
    assert [one.id for one in incidents.of_booking(trunk.teacher, booking.id)] == [incident.id]
    with pytest.raises(NotFound):
        incidents.settle(trunk.staff, 10**6, waive)


def test_both_sides_see_an_incident_and_who_owes_whom(trunk: World, incidents: Incidents) -> None:
    with trunk.db.write() as session:
        owner = create_association(session, trunk.union, code="22")
        owners_staff = create_person(session, Role.STAFF, owner)
    lent(trunk)
    take_back(trunk, found=short(trunk))
    incident = opened(trunk, incidents)[0]
    with trunk.db.write() as session:
        session.get_one(Incident, incident.id).owner_id = owner.id
    seen = incidents.incidents(owners_staff, owner.id).items[0]
    assert seen.debt == Debt(trunk.association.id, owner.id, 250)
    assert [one.id for one in opened(trunk, incidents)] == [seen.id]
    how = Settlement(outcome=Settled.REPLACED, paid_by=Payer.INSURANCE)
    assert incidents.settle(owners_staff, incident.id, how).debt is None


@pytest.mark.parametrize(
    ("outcome", "paid_by", "owes"),
    [
        (None, None, True),
        ("paid", "borrower", True),
        ("replaced", "keeper", True),
        ("paid", "owner", False),
        ("replaced", "insurance", False),
        ("waived", None, False),
        ("found", None, False),
    ],
)
def test_the_keeper_owes_the_owner_what_nobody_else_pays(outcome: str | None, paid_by: str | None, owes: bool) -> None:
    assert (debt_of(1, 2, outcome, paid_by, 900) == Debt(2, 1, 900)) is owes
    assert debt_of(1, 1, outcome, paid_by, 900) is None


def test_incidents_come_page_by_page(trunk: World, incidents: Incidents) -> None:
    lent(trunk)
    take_back(trunk, found=short(trunk), damaged="blocked")
    first = incidents.incidents(trunk.staff, limit=1)
    second = incidents.incidents(trunk.staff, cursor=first.next_cursor, limit=1)
    assert [one.kind for one in (*first.items, *second.items)] == ["damaged", "missing"]
    assert second.next_cursor is None


def test_who_opened_it_is_named(trunk: World, incidents: Incidents) -> None:
    lent(trunk)
    take_back(trunk, damaged="repair")
    with trunk.db.read() as session:
        name = session.get_one(Person, trunk.staff.person_id).name
    assert opened(trunk, incidents)[0].opened_by == name
