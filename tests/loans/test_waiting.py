"""Waiting for a title: fair, dated, never promised twice."""

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.core.errors import Conflict, Forbidden, LendingError, NotFound
from lending.loans import jobs
from lending.loans.rules import errors
from lending.loans.rules.calendar import OpeningCalendar
from lending.loans.rules.desk_errors import CopyPromised
from lending.loans.rules.periods import Period
from lending.loans.rules.waiting import (
    AlreadyHasIt,
    AlreadyWaiting,
    CopyIsFree,
    OfferIsOver,
    QueueChanged,
    WindowTooShort,
    WishIsClosed,
    check_order,
    fitting_periods,
)
from lending.loans.schemas import NewLoan
from lending.loans.schemas.waiting import NewWish, WishView
from lending.loans.service.wishes import Wishes
from tests.kit.catalog import create_copies
from tests.kit.clock import MONDAY_MORNING, FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.network import create_person, create_school

TERMS = {"preparation_days": 0, "turnaround_days": 0, "lead_days": 0}


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=1, **TERMS)


@pytest.fixture
def wishes(world: World) -> Wishes:
    return Wishes(world.db, world.clock)


def neighbour(world: World) -> Actor:
    return world.school_with_teacher()[1]


def wish(world: World, who: Actor, start: int = 0, length: int = 5, until: int = 20, **more: object) -> NewWish:
    first = world.today + start * DAY
    place = {"title_id": world.title.id, "school_id": who.grants[0].organisation_id}
    return NewWish(**place | more, starts_on=first, until_on=world.today + until * DAY, length_days=length)


def join(wishes: Wishes, world: World, **facts: int) -> tuple[Actor, WishView]:
    who = neighbour(world)
    return who, wishes.join(who, wish(world, who, **facts))


def states(wishes: Wishes, world: World) -> list[tuple[int, str]]:
    return [(one.id, one.state.value) for one in wishes.of_association(world.staff, world.association.id)]


def test_c088_nobody_waits_while_a_copy_is_free(world: World, wishes: Wishes) -> None:
    world.reserve(0, 5)
    who = neighbour(world)
    with pytest.raises(CopyIsFree) as refused:
        wishes.join(who, wish(world, who))
    assert refused.value.starts_on == world.today + 5 * DAY


def test_c078_nobody_waits_twice_or_for_what_they_have(world: World, wishes: Wishes) -> None:
    world.reserve(0, 40)
    with pytest.raises(AlreadyHasIt):
        wishes.join(world.teacher, wish(world, world.teacher))
    who, _ = join(wishes, world)
    with pytest.raises(AlreadyWaiting):
        wishes.join(who, wish(world, who))


def test_a_window_that_holds_no_such_loan_is_refused(world: World, wishes: Wishes) -> None:
    with pytest.raises(WindowTooShort):
        wishes.join(world.teacher, wish(world, world.teacher, length=9, until=5))


def test_a_title_without_copies_is_not_waited_for(world: World, wishes: Wishes) -> None:
    world.set_copy(world.copies[0], status="withdrawn")
    with pytest.raises(errors.NoCopies):
        wishes.join(world.teacher, wish(world, world.teacher))


def test_what_is_given_up_is_offered_to_the_first_for_two_days(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, first = join(wishes, world)
    _, second = join(wishes, world)
    world.loans.cancel(world.teacher, booking.id)
    offered = wishes.mine(who)[0]
    assert (offered.state, offered.position) == ("offered", 1)
    assert offered.offer is not None
    assert offered.offer.held_until_at == world.clock.now() + 2 * DAY
    assert f"wish-offered:{offered.offer.id}" in world.notices("wish-offered")
    # There is room after the first five days: the second is offered these.
    assert dict(states(wishes, world)) == {first.id: "offered", second.id: "offered"}


def test_c082_one_return_serves_one_wish(world: World, wishes: Wishes) -> None:
    booking = world.hand_over(world.reserve(0, 40))
    _, first = join(wishes, world, length=15)
    _, second = join(wishes, world, length=15)
    world.loans.check_in(world.staff, world.depot.id, booking.copy_code or "")
    assert dict(states(wishes, world)) == {first.id: "offered", second.id: "waiting"}


def test_who_accepts_has_a_reservation_like_any_other(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, joined = join(wishes, world)
    world.loans.cancel(world.teacher, booking.id)
    taken = wishes.accept(who, joined.id)
    assert (taken.cause, taken.state, taken.held_until_at) == ("loan", "planned", None)
    assert f"booking-confirmed:{taken.id}" in world.notices()
    with pytest.raises(OfferIsOver):
        wishes.accept(who, joined.id)
    assert world.hand_over(taken).state == "out"


def test_an_offer_that_is_not_answered_goes_to_the_next_and_the_waiting_ends(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, first = join(wishes, world, length=15)
    _, second = join(wishes, world, length=15)
    world.loans.cancel(world.teacher, booking.id)
    world.clock.advance(hours=48)
    wishes.serve()
    assert states(wishes, world) == [(second.id, "offered")]
    assert len(world.notices("offer-ended")) == 1
    with pytest.raises(OfferIsOver):
        wishes.accept(who, first.id)
    assert wishes.serve() == 0, "an offer that stands needs nobody"
    assert len(world.notices("wish-offered")) == 2


def test_c081_a_suspended_wish_is_passed_over_and_keeps_its_rank(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, first = join(wishes, world, length=15)
    _, second = join(wishes, world, length=15)
    wishes.suspend(who, first.id, world.today + 9 * DAY)
    world.loans.cancel(world.teacher, booking.id)
    assert dict(states(wishes, world)) == {first.id: "waiting", second.id: "offered"}
    assert wishes.mine(who)[0].position == 2


def test_c079_the_queue_is_put_in_another_order_whole_or_not_at_all(world: World, wishes: Wishes) -> None:
    world.reserve(0, 40)
    ids = [join(wishes, world)[1].id for _ in range(3)]
    place = (world.title.id, world.association.id)
    turned = wishes.reorder(world.staff, *place, ids[::-1])
    assert [(one.id, one.position) for one in turned] == [(ids[2], 1), (ids[1], 2), (ids[0], 3)]
    latecomer = join(wishes, world)[1].id
    for wrong in (ids, [*ids, ids[0]], [*ids, latecomer, 999]):
        with pytest.raises(QueueChanged):
            wishes.reorder(world.staff, *place, wrong)
    with pytest.raises(Forbidden):
        wishes.reorder(world.teacher, *place, ids)


def test_c080_whoever_is_being_served_stands_first_even_if_they_came_fourth(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    ids = [join(wishes, world, length=18)[1].id for _ in range(3)]
    who, last = join(wishes, world, start=2, length=5, until=7)
    for wish_id in ids:
        wishes.suspend(world.staff, wish_id, world.today + 5 * DAY)
    world.loans.cancel(world.teacher, booking.id)
    assert (wishes.mine(who)[0].id, wishes.mine(who)[0].position) == (last.id, 1)
    with pytest.raises(QueueChanged):
        wishes.reorder(world.staff, world.title.id, world.association.id, [*ids, last.id])


def test_c085_who_leaves_the_middle_leaves_no_gap(world: World, wishes: Wishes) -> None:
    world.reserve(0, 40)
    people = [join(wishes, world) for _ in range(3)]
    wishes.cancel(people[1][0], people[1][1].id)
    positions = [one.position for one in wishes.of_association(world.staff, world.association.id)]
    assert positions == [1, 2]
    with pytest.raises(WishIsClosed):
        wishes.cancel(people[1][0], people[1][1].id)


def test_c086_what_cannot_be_lent_is_not_offered(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    _, joined = join(wishes, world)
    world.set_copy(world.copies[0], status="repair")
    world.loans.cancel(world.teacher, booking.id)
    assert states(wishes, world) == [(joined.id, "waiting")]


def test_c087_a_wish_without_any_copy_is_marked_until_one_comes_back(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, _ = join(wishes, world)
    world.set_copy(world.copies[0], status="lost")
    world.loans.cancel(world.teacher, booking.id)
    assert wishes.mine(who)[0].is_hopeless
    world.set_copy(world.copies[0], status="lendable")
    assert not wishes.mine(who)[0].is_hopeless


def test_an_offer_that_is_lost_to_damage_gives_the_rank_back(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, joined = join(wishes, world, length=15)
    _, second = join(wishes, world, length=15)
    world.loans.cancel(world.teacher, booking.id)
    world.set_copy(world.copies[0], status="repair")
    assert dict(states(wishes, world)) == {joined.id: "waiting", second.id: "waiting"}
    assert wishes.mine(who)[0].position == 1
    world.set_copy(world.copies[0], status="lendable")
    assert dict(states(wishes, world)) == {joined.id: "offered", second.id: "waiting"}


def test_a_new_copy_is_offered(world: World, wishes: Wishes) -> None:
    world.reserve(0, 40)
    who, _ = join(wishes, world)
    with world.db.write() as session:
        create_copies(session, world.title, world.depot, 1)
        world.loans.replan_title(session, world.title.id, world.clock.now())
    assert wishes.mine(who)[0].state == "offered"


def test_c072_a_dated_reservation_comes_before_who_waits(world: World, wishes: Wishes) -> None:
    out = world.hand_over(world.reserve(0, 10))
    booked = world.reserve(10, 20)
    _, joined = join(wishes, world, until=24)
    world.loans.check_in(world.staff, world.depot.id, out.copy_code or "")
    assert world.booking(booked.id).copy_id is not None
    assert states(wishes, world) == [(joined.id, "offered")]
    offer = wishes.of_association(world.staff, world.association.id)[0].offer
    assert offer is not None
    assert offer.due_on < booked.starts_on


def test_c083_what_is_kept_for_the_first_in_line_is_not_lent_over_the_counter(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, _ = join(wishes, world)
    world.loans.cancel(world.teacher, booking.id)
    code, other = world.copies[0].code, world.school.id
    loan = NewLoan(code=code, depot_id=world.depot.id, school_id=other, due_on=world.today + 3 * DAY)
    with pytest.raises(CopyPromised):
        world.loans.lend_now(world.staff, loan)
    with pytest.raises(errors.NoCopyFree):
        world.reserve(0, 3)
    assert wishes.mine(who)[0].offer is not None


def test_who_declines_leaves_and_the_next_is_offered(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, first = join(wishes, world, length=15)
    _, second = join(wishes, world, length=15)
    world.loans.cancel(world.teacher, booking.id)
    assert wishes.decline(who, first.id).state == "cancelled"
    assert states(wishes, world) == [(second.id, "offered")]


def test_a_stranger_touches_no_wish(world: World, wishes: Wishes) -> None:
    world.reserve(0, 40)
    _, joined = join(wishes, world)
    for act in (wishes.cancel, wishes.accept, wishes.decline):
        with pytest.raises(Forbidden):
            act(neighbour(world), joined.id)
    with pytest.raises(Forbidden):
        wishes.of_association(world.teacher, world.association.id)


def test_two_who_accept_the_same_offer_get_one_reservation(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, joined = join(wishes, world)
    world.loans.cancel(world.teacher, booking.id)
    answers: list[str] = []

    def accept() -> None:
        try:
            answers.append(wishes.accept(who, joined.id).reference)
        except OfferIsOver:
            answers.append("over")

    run_together([accept] * 4)
    assert sorted(answers)[1:] == ["over"] * 3


def test_a_return_an_acceptance_and_others_at_once_promise_nothing_twice(world: World, wishes: Wishes) -> None:
    out = world.hand_over(world.reserve(0, 3))
    who, _ = join(wishes, world, start=3, length=5, until=8) if is_taken(world, wishes) else (neighbour(world), None)
    with world.db.write() as session:
        others = [create_person(session, Role.TEACHER, create_school(session, world.association)) for _ in range(3)]
    seen: list[object] = []

    def quietly(act: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                seen.append(act())
            except (Conflict, LendingError) as refusal:
                seen.append(refusal)

        return run

    def reserve(actor: Actor) -> Callable[[], object]:
        return lambda: world.reserve(3, 5, actor, school_id=actor.grants[0].organisation_id)

    back = quietly(lambda: world.loans.check_in(world.staff, world.depot.id, out.copy_code or ""))
    run_together([back, quietly(wishes.serve), *(quietly(reserve(actor)) for actor in others)])
    open_now = world.loans.loans(world.staff, world.association.id, "open").items
    kept = [one for one in open_now if one.starts_on == world.today + 3 * DAY]
    assert len(kept) <= 1
    assert who.is_signed_in


def is_taken(world: World, wishes: Wishes) -> bool:
    """Whether somebody must wait: the days after the loan are reserved, then given up by the race."""
    who = neighbour(world)
    try:
        wishes.join(who, wish(world, who, start=3, length=5, until=8))
    except CopyIsFree:
        return False
    return True


def run_together(acts: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@given(st.sets(st.integers(0, 6), min_size=1), st.integers(1, 20), st.integers(1, 40), st.integers(-5, 20))
def test_what_fits_lies_in_the_window_on_open_days(
    weekdays: set[int], length_days: int, window_days: int, earliest: int
) -> None:
    calendar, first = OpeningCalendar(frozenset(weekdays)), MONDAY_MORNING.date()
    window = Period(first, first + window_days * DAY)
    for period in fitting_periods(window, length_days, calendar, first + earliest * DAY):
        assert window.starts_on <= period.starts_on
        assert period.ends_on <= window.ends_on
        assert period.length_days >= length_days
        assert calendar.is_open(period.starts_on)
        assert calendar.is_open(period.due_on)


@given(st.permutations([1, 2, 3, 4]))
def test_any_order_that_leaves_who_is_served_first_is_allowed(order: list[int]) -> None:
    if order[0] == 3:
        check_order([1, 2, 3, 4], [3], order)
    else:
        with pytest.raises(QueueChanged):
            check_order([1, 2, 3, 4], [3], order)


def test_a_confirmed_reservation_takes_back_what_is_only_offered(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, copies=2, **TERMS)
    wishes = Wishes(world.db, world.clock)
    kept, given_up = world.reserve(0, 40), world.reserve(0, 40)
    who, _ = join(wishes, world, length=15)
    world.loans.cancel(world.teacher, given_up.id)
    assert wishes.mine(who)[0].state == "offered"
    spare = next(copy for copy in world.copies if copy.id == kept.copy_id)
    world.set_copy(spare, status="repair")
    assert world.booking(kept.id).copy_id is not None
    assert wishes.mine(who)[0].state == "waiting"


def test_an_offer_is_no_reservation_to_cancel_or_to_hand_over(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, _ = join(wishes, world)
    world.loans.cancel(world.teacher, booking.id)
    offer = wishes.mine(who)[0].offer
    assert offer is not None
    for act in (lambda: world.loans.cancel(who, offer.id), lambda: world.loans.pin(world.staff, offer.id)):
        with pytest.raises(NotFound):
            act()
    assert offer.id not in [one.id for one in world.loans.loans(world.staff, world.association.id).items]


def test_c066_what_nobody_collected_goes_to_who_waits(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    _, joined = join(wishes, world, start=8, until=30)
    world.clock.advance(days=6)
    jobs.grow_overdue(world.loans)
    assert world.booking(booking.id).cancelled_because == "lapsed"
    assert states(wishes, world) == [(joined.id, "offered")]


def test_c078_who_waits_has_it_already_when_they_reserve_and_leaves_the_queue(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    who, _ = join(wishes, world)
    world.loans.cancel(world.teacher, booking.id)
    offer = wishes.mine(who)[0]
    wishes.accept(who, offer.id)
    with pytest.raises(AlreadyHasIt):
        wishes.join(who, wish(world, who))


def test_c081_a_wish_whose_days_are_over_is_passed_over(world: World, wishes: Wishes) -> None:
    out = world.hand_over(world.reserve(0, 40))
    _, first = join(wishes, world, until=7)
    _, second = join(wishes, world, until=30)
    world.clock.advance(days=8)
    world.loans.check_in(world.staff, world.depot.id, out.copy_code or "")
    assert (second.id, "offered") in states(wishes, world)
    assert (first.id, "offered") not in states(wishes, world)


def test_c087_the_staff_see_who_waits_in_vain(world: World, wishes: Wishes) -> None:
    booking = world.reserve(0, 40)
    join(wishes, world)
    world.set_copy(world.copies[0], status="lost")
    world.loans.cancel(world.teacher, booking.id)
    assert [one.is_hopeless for one in wishes.of_association(world.staff, world.association.id)] == [True]
