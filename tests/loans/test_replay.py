"""What a desk did without network, done again in the order in which it happened."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from lending.core.actor import Role
from lending.core.errors import Forbidden
from lending.loans.rules.offline import MOST_ACTS, TooManyActs, happened_at
from lending.loans.rules.states import State
from lending.loans.schemas import Completion, DeskDecision, DeskScan, FoundLine, Reservation
from lending.loans.schemas.offline import OfflineAct, ReplayLine
from lending.loans.tables import BookingEvent
from tests.kit.loans import DAY, World
from tests.kit.network import create_person


def act(world: World, action: str, code: str, minutes_ago: int, key: str = "", **words: Any) -> OfflineAct:
    """An act of a device whose clock is right."""
    at = world.clock.now() - dt.timedelta(minutes=minutes_ago)
    return OfflineAct(key=key or f"{action}-{code}-{minutes_ago}", action=action, code=code, device_at=at, **words)


def replay(world: World, *acts: OfflineAct) -> list[ReplayLine]:
    return world.loans.replay(world.staff, world.depot.id, acts)


def handed(world: World, booking: Reservation, minutes_ago: int) -> OfflineAct:
    return act(world, "hand_over", booking.copy_code or "", minutes_ago, booking_id=booking.id)


def test_acts_are_done_with_the_time_of_the_device(world: World) -> None:
    booking = world.reserve(0, 7)
    line = replay(world, handed(world, booking, 90))[0]
    at = world.clock.now() - dt.timedelta(minutes=90)
    assert (line.status, line.booking_reference, line.happened_at) == ("done", booking.reference, at)
    assert world.booking(booking.id).checked_out_at == at
    with world.db.read() as session:
        event = session.scalars(select(BookingEvent).where(BookingEvent.act == "handed-over")).one()
    assert (event.device_at, event.happened_at) == (at, world.clock.now())


def test_c109_the_corrected_clocks_of_all_devices_give_the_order(world: World) -> None:
    booking = world.reserve(0, 7)
    code, hour = booking.copy_code or "", 3_600_000
    # This device is an hour ahead: its return at "30 minutes in the future" came 30 minutes after the hand-over.
    late = world.clock.now() + dt.timedelta(minutes=30)
    back = OfflineAct(key="device-b-1", action="take_back", code=code, device_at=late, offset_ms=-hour)
    lines = replay(world, back, handed(world, booking, 60))
    assert [(one.key, one.status) for one in lines] == [(f"hand_over-{code}-60", "done"), ("device-b-1", "done")]
    assert world.booking(booking.id).returned_at == world.clock.now() - dt.timedelta(minutes=30)


def test_a_device_that_lives_in_the_future_is_brought_back_to_now() -> None:
    now = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
    assert happened_at(now + DAY, 0, now) == now
    assert happened_at(now, -60_000, now) == now - dt.timedelta(minutes=1)


def test_c110_what_needs_a_borrower_unknown_to_the_server_is_listed_and_the_rest_is_done(world: World) -> None:
    booking = world.reserve(0, 7)
    free = next(one for one in world.copies if one.id != booking.copy_id)
    lend = act(world, "lend", free.code, 20, school_id=10**6, due_on=world.today + 5 * DAY)
    assert [one.status for one in replay(world, lend, handed(world, booking, 10))] == ["refused", "done"]


def test_c111_a_copy_changed_online_after_the_act_is_skipped_and_listed(world: World) -> None:
    booking = world.reserve(0, 7)
    early = handed(world, booking, 60)
    world.hand_over(booking)
    world.loans.check_in(world.staff, world.depot.id, booking.copy_code or "")
    assert [one.status for one in replay(world, early)] == ["skipped"]
    assert world.booking(booking.id).state == State.DONE


def test_c111_a_repair_after_the_act_counts_as_a_change(world: World) -> None:
    copy = world.copies[0]
    world.set_copy(copy, status="blocked")
    world.loans.complete_copy(world.staff, copy.id, Completion())
    assert [one.status for one in replay(world, act(world, "take_back", copy.code, 60))] == ["skipped"]


def test_a_reservation_made_online_after_the_act_is_no_change_of_the_copy(world: World) -> None:
    booking = world.reserve(0, 7)
    early = handed(world, booking, 60)
    world.reserve(20, 5)
    assert [one.status for one in replay(world, early)] == ["done"]


def test_c112_the_same_file_twice_is_done_once(world: World) -> None:
    booking = world.reserve(0, 7)
    acts = (handed(world, booking, 60), act(world, "take_back", booking.copy_code or "", 30))
    assert [one.status for one in replay(world, *acts)] == ["done", "done"]
    before = world.notices()
    assert [one.status for one in replay(world, *acts)] == ["known", "known"]
    assert world.notices() == before


def test_c112_what_the_page_did_under_the_same_key_is_known(world: World) -> None:
    booking = world.hand_over(world.reserve(0, 7))
    code = booking.copy_code or ""
    scan = DeskScan(code=code, depot_id=world.depot.id, decision=DeskDecision(action="take_back"))
    world.loans.desk(world.staff, scan, "a-key-of-the-page")
    assert [one.status for one in replay(world, act(world, "take_back", code, 0, "a-key-of-the-page"))] == ["known"]


def test_c112_a_key_of_another_act_is_refused_and_nothing_is_called_known(world: World) -> None:
    first, second = (world.hand_over(world.reserve(0, 7)) for _ in range(2))
    scan = DeskScan(code=first.copy_code or "", depot_id=world.depot.id, decision=DeskDecision(action="take_back"))
    world.loans.desk(world.staff, scan, "a-key-of-the-page")
    lines = replay(world, act(world, "take_back", second.copy_code or "", 0, "a-key-of-the-page"))
    assert [(one.status, one.slug) for one in lines] == [("refused", "idempotency-key-reused")]
    assert world.booking(second.id).state == State.OUT


def test_c112_the_same_file_sent_by_a_colleague_is_done_once(world: World) -> None:
    booking = world.reserve(0, 7)
    acts = (handed(world, booking, 60), act(world, "take_back", booking.copy_code or "", 30))
    replay(world, *acts)
    with world.db.write() as session:
        colleague = create_person(session, Role.STAFF, world.association)
    lines = world.loans.replay(colleague, world.depot.id, acts)
    assert [one.status for one in lines] == ["skipped", "skipped"]
    with world.db.read() as session:
        assert len(session.scalars(select(BookingEvent).where(BookingEvent.act == "returned")).all()) == 1


def test_c113_a_return_of_the_unknown_or_not_lent_is_reported_and_the_rest_goes_on(world: World) -> None:
    booking = world.reserve(0, 7)
    free = next(one for one in world.copies if one.id != booking.copy_id)
    lines = replay(
        world,
        act(world, "take_back", "NOT-A-CODE", 30),
        act(world, "take_back", free.code, 20),
        handed(world, booking, 10),
    )
    assert [(one.status, one.slug) for one in lines] == [
        ("refused", "unknown-barcode"),
        ("refused", "nothing-to-return"),
        ("done", ""),
    ]
    assert "NOT" in lines[0].detail


def test_c114_a_copy_booked_to_another_has_left_and_its_reservation_is_listed(world: World) -> None:
    promised = [world.reserve(0, 7, actor=world.staff, copy_id=copy.id) for copy in world.copies]
    _, teacher = world.school_with_teacher()
    school_id = teacher.grants[0].organisation_id
    code = promised[0].copy_code or ""
    line = replay(world, act(world, "lend", code, 45, school_id=school_id, due_on=world.today + 4 * DAY))[0]
    assert (line.status, line.displaced) == ("conflict", [promised[0].reference])
    row = world.booking(promised[0].id)
    assert (row.state, row.copy_id, row.pinned) == ("planned", None, False)
    # The task: the depot's day shows it at risk, its borrower is told.
    assert [one.id for one in world.loans.desk_day(world.staff, world.depot.id).at_risk] == [promised[0].id]
    assert world.notices("at-risk") == [f"at-risk:{promised[0].id}:{promised[0].starts_on}"]


def test_c114_a_hand_over_of_a_copy_booked_to_another_serves_that_one_with_a_sibling(world: World) -> None:
    promised = world.reserve(0, 7, actor=world.staff, copy_id=world.copies[0].id)
    own = world.reserve(0, 7)
    line = replay(world, act(world, "hand_over", world.copies[0].code, 45, booking_id=own.id))[0]
    assert (line.status, line.displaced) == ("conflict", [promised.reference])
    assert world.booking(own.id).state == State.OUT
    assert world.booking(promised.id).copy_id == world.copies[1].id


def test_c115_more_acts_than_fit_are_refused_before_anything_is_done(world: World) -> None:
    booking = world.reserve(0, 7)
    many = [handed(world, booking, number + 1) for number in range(MOST_ACTS + 1)]
    with pytest.raises(TooManyActs) as refusal:
        replay(world, *many)
    assert (refusal.value.acts, refusal.value.most) == (MOST_ACTS + 1, MOST_ACTS)
    assert world.booking(booking.id).state == State.PLANNED


def test_only_staff_of_the_depot_replay(small_world: World) -> None:
    with pytest.raises(Forbidden):
        small_world.loans.replay(small_world.teacher, small_world.depot.id, [])


def test_a_loan_over_the_counter_needs_its_school_and_its_last_day(small_world: World) -> None:
    line = replay(small_world, act(small_world, "lend", small_world.copies[0].code, 5))[0]
    assert (line.status, line.slug) == ("refused", "loan-incomplete")


def test_a_line_that_is_not_of_the_checklist_is_reported(small_world: World) -> None:
    booking = small_world.hand_over(small_world.reserve(0, 7))
    small_world.clock.advance(hours=2)
    back = act(small_world, "take_back", booking.copy_code or "", 5, found=[FoundLine(10**6, 1)])
    assert replay(small_world, back)[0].slug == "unknown-content-line"
    assert small_world.booking(booking.id).state == State.OUT
