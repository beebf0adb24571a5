"""Taking a cancellation back, and extending everything at once."""

import pytest

from lending.core.actor import ANONYMOUS
from lending.core.database import Database
from lending.core.errors import Forbidden, Unauthenticated
from lending.core.idempotency import KeyUsedForAnotherRequest
from lending.loans.rules.errors import NoCopyFree
from lending.loans.rules.undo import UndoOver
from lending.loans.schemas.waiting import NewWish
from lending.loans.service import Loans
from lending.loans.service.changes import Changes
from lending.loans.service.wishes import Wishes
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_rule, create_world
from tests.loans.test_race import CLIENTS, all_at_once, borrowers, doubles, open_bookings


@pytest.fixture
def changes(world: World) -> Changes:
    return Changes(world.db, world.clock)


def test_the_same_reservation_comes_back_on_the_same_copy(world: World, changes: Changes) -> None:
    before = world.reserve(7, 5)
    cancelled = world.loans.cancel(world.teacher, before.id)
    assert cancelled.undo_until_at is not None
    world.clock.advance(minutes=14)
    after = changes.restore(world.teacher, before.id)
    assert (after.id, after.reference, after.copy_id, after.starts_on, after.due_on) == (
        before.id,
        before.reference,
        before.copy_id,
        before.starts_on,
        before.due_on,
    )
    assert (after.state, after.undo_until_at, after.cancelled_at) == ("planned", None, None)


def test_a_quarter_of_an_hour_later_it_is_over(world: World, changes: Changes) -> None:
    booking = world.loans.cancel(world.teacher, world.reserve(7, 5).id)
    world.clock.advance(minutes=15)
    assert world.loans.reservation(world.teacher, booking.id).reservation.undo_until_at is None
    with pytest.raises(UndoOver):
        changes.restore(world.teacher, booking.id)
    assert world.booking(booking.id).state == "cancelled"


def test_what_was_agreed_comes_back_with_it(world: World, changes: Changes) -> None:
    with world.db.write() as session:
        create_rule(session, world.association.id, deposit_form="cheque", deposit_cents=8000, agreement="loan")
    booking = world.reserve(7, 5)
    with world.db.write() as session:
        row = session.merge(world.booking(booking.id))
        row.deposit_state, row.awaits_agreement = "received", False
    world.loans.cancel(world.teacher, booking.id)
    after = changes.restore(world.teacher, booking.id)
    assert (after.deposit_state, after.deposit_cents, after.awaits_agreement) == ("received", 8000, False)


def test_another_copy_serves_when_its_own_went_to_somebody_else(world: World, changes: Changes) -> None:
    booking = world.loans.cancel(world.teacher, world.reserve(7, 5).id)
    other = world.reserve(7, 5, world.staff, copy_id=booking.copy_id)
    assert other.copy_id == booking.copy_id
    after = changes.restore(world.teacher, booking.id)
    assert after.copy_id not in (None, other.copy_id)


def test_what_was_promised_meanwhile_stays_promised(world: World, changes: Changes) -> None:
    booking = world.loans.cancel(world.teacher, world.reserve(7, 5).id)
    taken = [world.reserve(7, 5) for _ in world.copies]
    with pytest.raises(NoCopyFree) as refusal:
        changes.restore(world.teacher, booking.id)
    assert refusal.value.nearest, "it says what is free instead"
    assert world.booking(booking.id).state == "cancelled"
    assert {world.booking(one.id).state for one in taken} == {"planned"}


def test_who_waited_is_served_first(world: World, changes: Changes) -> None:
    taken = [world.reserve(7, 5) for _ in world.copies]
    school, who = world.school_with_teacher()
    first = world.today + 7 * DAY
    wishes = Wishes(world.db, world.clock)
    place = {"title_id": world.title.id, "school_id": school.id}
    wishes.join(who, NewWish(**place, starts_on=first, until_on=first + 4 * DAY, length_days=5))
    world.loans.cancel(world.teacher, taken[0].id)
    with pytest.raises(NoCopyFree):
        changes.restore(world.teacher, taken[0].id)
    assert wishes.mine(who)[0].offer is not None


def test_a_colleague_of_the_school_may_but_nobody_else(world: World, changes: Changes) -> None:
    booking = world.loans.cancel(world.teacher, world.reserve(7, 5).id)
    _, stranger = world.school_with_teacher()
    with pytest.raises(Forbidden):
        changes.restore(stranger, booking.id)


def test_what_staff_cancelled_only_staff_take_back(world: World, changes: Changes) -> None:
    booking = world.loans.cancel(world.staff, world.reserve(7, 5).id)
    assert booking.cancelled_because == "staff"
    with pytest.raises(Forbidden):
        changes.restore(world.teacher, booking.id)
    assert changes.restore(world.staff, booking.id).state == "planned"


def test_what_is_not_cancelled_cannot_be_taken_back_and_twice_is_too_much(world: World, changes: Changes) -> None:
    booking = world.reserve(7, 5)
    with pytest.raises(UndoOver):
        changes.restore(world.teacher, booking.id)
    world.loans.cancel(world.teacher, booking.id)
    changes.restore(world.teacher, booking.id)
    with pytest.raises(UndoOver):
        changes.restore(world.teacher, booking.id)


def test_each_cancellation_and_each_return_of_it_is_told(world: World, changes: Changes) -> None:
    booking = world.reserve(7, 5)
    for _ in range(2):
        world.loans.cancel(world.teacher, booking.id)
        changes.restore(world.teacher, booking.id)
    assert len(world.notices("booking-cancelled")) == 2
    assert len(world.notices("booking-confirmed")) == 3


def test_thirty_two_take_back_or_reserve_at_once(database: Database, clock: FixedClock) -> None:
    crowd = create_world(database, clock, copies=4)
    people = borrowers(crowd, CLIENTS)
    mine = [crowd.reserve(7, 5, who, school_id=school) for school, who in people[:4]]
    for booking, (_, who) in zip(mine, people, strict=False):
        crowd.loans.cancel(who, booking.id)

    def act(loans: Loans, number: int) -> None:
        school, who = people[number]
        if number < len(mine):
            Changes(loans._db, crowd.clock).restore(who, mine[number].id)
        else:
            loans.reserve(who, crowd.wish(7, 5, school_id=school))

    answers = all_at_once(crowd, act)
    assert answers.count("done") == 4
    assert set(answers) == {"done", "NoCopyFree"}
    assert doubles(open_bookings(crowd)) == []


def test_everything_is_extended_and_a_refusal_stops_no_other(world: World, changes: Changes) -> None:
    with world.db.write() as session:
        other = create_title(session, world.federation, name="Malle rare", kind="trunk")
        create_copies(session, other, world.depot, 1)
    free, awaited = world.hand_over(world.reserve(0, 5)), world.hand_over(world.reserve(0, 5, title_id=other.id))
    world.reserve(8, 5, title_id=other.id)
    made = changes.renew_all(world.teacher, "key-1")
    assert [one.id for one in made.renewed] == [free.id]
    assert made.renewed[0].due_on > free.due_on
    assert [(one.reservation.id, one.reasons) for one in made.refused] == [(awaited.id, ["promised"])]
    assert world.booking(awaited.id).ends_on == awaited.due_on + DAY


def test_a_double_click_extends_once(world: World, changes: Changes) -> None:
    world.hand_over(world.reserve(0, 5))
    first = changes.renew_all(world.teacher, "key-1")
    again = changes.renew_all(world.teacher, "key-1")
    assert first == again
    assert world.booking(first.renewed[0].id).renewals == 1


def test_a_key_of_something_else_is_refused(world: World, changes: Changes) -> None:
    world.loans.reserve(world.teacher, world.wish(7, 5), "key-1")
    with pytest.raises(KeyUsedForAnotherRequest):
        changes.renew_all(world.teacher, "key-1")


def test_others_loans_are_left_alone(world: World, changes: Changes) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    _, stranger = world.school_with_teacher()
    assert changes.renew_all(stranger).renewed == []
    assert world.booking(booking.id).renewals == 0
    with pytest.raises(Unauthenticated):
        changes.renew_all(ANONYMOUS)
