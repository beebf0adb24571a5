"""The paper of a loan is scanned at a desk."""

import pytest

from lending.catalog.errors import DamagedBarcode
from lending.core.actor import Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound
from lending.loans.rules.desk_errors import LoanCodeScanned, LoanOfAnotherDepot
from lending.loans.rules.loan_codes import loan_address, loan_code
from lending.loans.schemas import FoundLine
from lending.loans.tables import Booking
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_depot, create_person


@pytest.fixture
def desk(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=3, with_contents=True)


def test_a_paper_opens_its_loan_with_the_copy_and_its_checklist(desk: World) -> None:
    planned = desk.reserve(0, 7)
    opened = desk.loans.scan_loan(desk.staff, desk.depot.id, loan_address(loan_code(planned.id), "h.example"))
    assert opened.booking == planned
    assert opened.copy is not None
    assert opened.copy.shown_code == planned.copy_code
    assert [line.id for section in opened.checklist for line in section.lines] == [line.id for line in desk.lines]
    assert opened.others == []
    handed = desk.hand_over(planned)
    again = desk.loans.scan_loan(desk.staff, desk.depot.id, loan_code(planned.id))
    assert again.booking == handed


def test_the_schools_other_loans_of_the_day_stand_beside_it(desk: World) -> None:
    out = desk.hand_over(desk.reserve(0, 7))
    with desk.db.write() as session:
        other = create_title(session, desk.federation, name="Jeux coopératifs")
        create_copies(session, other, desk.depot, 1)
    today, later = desk.reserve(0, 7), desk.reserve(9, 3, title_id=other.id)
    school, teacher = desk.school_with_teacher()
    desk.reserve(0, 7, teacher, school_id=school.id)
    opened = desk.loans.scan_loan(desk.staff, desk.depot.id, loan_code(later.id))
    assert {one.id for one in opened.others} == {out.id, today.id}


def test_what_was_missing_last_time_is_told(desk: World) -> None:
    booking = desk.hand_over(desk.reserve(0, 7))
    code = booking.copy_code or ""
    desk.loans.check_in(desk.staff, desk.depot.id, code, [FoundLine(desk.lines[0].id, 0)])
    opened = desk.loans.scan_loan(desk.staff, desk.depot.id, loan_code(booking.id))
    assert opened.booking.state == "done"
    assert [line.line_id for line in opened.missing] == [desk.lines[0].id]


def test_a_booking_at_risk_opens_without_a_copy(desk: World) -> None:
    booking = desk.reserve(0, 7)
    for copy in desk.copies:
        desk.set_copy(copy, status="repair")
    opened = desk.loans.scan_loan(desk.staff, desk.depot.id, loan_code(booking.id))
    assert (opened.booking.is_at_risk, opened.copy) == (True, None)


def test_a_paper_is_never_taken_for_the_thing(desk: World) -> None:
    booking = desk.reserve(0, 7)
    for act in (desk.loans.scan, desk.loans.check_out, desk.loans.check_in):
        with pytest.raises(LoanCodeScanned):
            act(desk.staff, desk.depot.id, loan_code(booking.id))
    assert desk.booking(booking.id).state == "planned"


def test_what_no_paper_carries_is_refused(desk: World) -> None:
    booking = desk.reserve(0, 7)
    good = loan_code(booking.id)
    for wrong, refusal in (
        (loan_code(booking.id + 1000), NotFound),
        (desk.copies[0].code, NotFound),
        (good[:-1] + str((int(good[-1]) + 1) % 10), DamagedBarcode),
    ):
        with pytest.raises(refusal):
            desk.loans.scan_loan(desk.staff, desk.depot.id, wrong)
    with desk.db.write() as session:
        row = session.get_one(Booking, booking.id)
        row.cause, row.school_id = "maintenance", None
    with pytest.raises(NotFound):
        desk.loans.scan_loan(desk.staff, desk.depot.id, good)


def test_only_the_lenders_own_desk_opens_it(desk: World) -> None:
    code = loan_code(desk.reserve(0, 7).id)
    with desk.db.write() as session:
        annexe = create_depot(session, desk.association, name="Annexe")
        neighbour = create_association(session, desk.union, code="44")
        far = create_depot(session, neighbour)
        stranger = create_person(session, Role.STAFF, neighbour)
    for actor, depot in ((desk.staff, annexe), (stranger, far)):
        with pytest.raises(LoanOfAnotherDepot):
            desk.loans.scan_loan(actor, depot.id, code)
    for actor in (desk.teacher, stranger):
        with pytest.raises(Forbidden):
            desk.loans.scan_loan(actor, desk.depot.id, code)
