"""What a phone did at stops without network is done once, in its order, and both times are kept."""

import datetime as dt
import threading
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from lending.core.errors import Forbidden, NotFound
from lending.loans.rules.offline import MOST_ACTS, TooManyActs
from lending.loans.tables import BookingEvent
from lending.shipping.rounds.rules.states import What, moment_on_way
from lending.shipping.rounds.schemas import ErrandChoice, RoundView, StopAct, StopLine, StopVisit
from lending.shipping.rounds.tables import RoundErrand
from lending.shipping.shipments.schemas import NewShipment, PackScan
from lending.shipping.shipments.tables import ShipmentEvent
from tests.shipping.rounds.conftest import Driving

EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
INSTANTS = st.timedeltas(dt.timedelta(0), dt.timedelta(days=3000)).map(lambda after: EPOCH + after)


@given(INSTANTS, INSTANTS, st.timedeltas(dt.timedelta(0), dt.timedelta(days=30)))
def test_what_a_phone_did_lies_between_the_departure_and_now(
    at: dt.datetime, started_at: dt.datetime, on_way: dt.timedelta
) -> None:
    now = started_at + on_way
    moment = moment_on_way(at, started_at, now)
    assert started_at <= moment <= now
    assert moment == at or not started_at < at < now


def scanned(driving: Driving, view: RoundView, code: str, stop: int = 0, minutes: int = 0) -> StopAct:
    at = driving.road.world.clock.now() + dt.timedelta(minutes=minutes)
    return StopAct(key=str(uuid.uuid4()), action="scan", stop_id=view.stops[stop].id, device_at=at, code=code)


def left(driving: Driving, view: RoundView, stop: int, minutes: int = 0, note: str = "") -> StopAct:
    at = driving.road.world.clock.now() + dt.timedelta(minutes=minutes)
    return StopAct(key=str(uuid.uuid4()), action="leave", stop_id=view.stops[stop].id, device_at=at, note=note)


def replay(driving: Driving, view: RoundView, *acts: StopAct) -> list[StopLine]:
    return driving.rounds.replay(driving.road.world.staff, view.summary.id, acts)


def told(lines: list[StopLine]) -> list[tuple[str, str]]:
    return [(one.status, one.slug or one.what) for one in lines]


def test_a_mornings_acts_are_done_once_however_often_they_come(driving: Driving) -> None:
    loans = [driving.reserved(number) for number in range(3)]
    view = driving.started(*loans)
    codes = [stop.errands[0].copy_code for stop in view.stops]
    world = driving.road.world
    acts = [
        scanned(driving, view, codes[0], 0, 20),
        scanned(driving, view, codes[0], 0, 21),
        left(driving, view, 0, 25, "Sonner"),
        scanned(driving, view, "not a code", 1, 50),
        scanned(driving, view, codes[1], 1, 52),
        left(driving, view, 1, 55),
        left(driving, view, 2, 90),
        scanned(driving, view, codes[2], 2, 91),
    ]
    world.clock.advance(minutes=180)
    lines = replay(driving, view, *acts)
    assert told(lines) == [
        ("done", "delivered"),
        ("done", "again"),
        ("done", "left"),
        ("refused", "unknown-barcode"),
        ("done", "delivered"),
        ("done", "left"),
        ("done", "left"),
        ("refused", "stop-is-visited"),
    ]
    again = replay(driving, view, *acts)
    assert [one.status for one in again] == ["known" if one.status == "done" else "refused" for one in lines]
    found = driving.rounds.round(world.staff, view.summary.id)
    assert [stop.errands[0].state for stop in found.stops] == ["done", "done", "missed"]
    errand = found.stops[0].errands[0]
    assert (errand.done_at, errand.noted_at) == (acts[0].device_at, world.clock.now())
    assert (found.stops[0].visited_at, found.stops[0].noted_at) == (acts[2].device_at, world.clock.now())
    assert found.stops[0].note == "Sonner"
    with world.db.read() as session:
        events = select(BookingEvent.device_at, BookingEvent.happened_at).where(BookingEvent.act == "handed-over")
        assert session.execute(events).all() == [(one.device_at, world.clock.now()) for one in (acts[0], acts[4])]


def test_a_clock_that_is_wrong_is_set_right_and_never_before_the_departure(driving: Driving) -> None:
    view = driving.started(driving.reserved(0), driving.reserved(1))
    started_at = driving.road.world.clock.now()
    driving.road.world.clock.advance(minutes=60)
    wrong = dt.timedelta(days=400)
    first = StopAct(
        key="offset-told",
        action="scan",
        stop_id=view.stops[0].id,
        code=view.stops[0].errands[0].copy_code,
        device_at=started_at + dt.timedelta(minutes=30) - wrong,
        offset_ms=int(wrong.total_seconds() * 1000),
    )
    second = StopAct(
        key="offset-unknown",
        action="scan",
        stop_id=view.stops[1].id,
        code=view.stops[1].errands[0].copy_code,
        device_at=started_at - wrong,
    )
    lines = replay(driving, view, first, second)
    assert [one.happened_at for one in lines] == [started_at + dt.timedelta(minutes=30), started_at]


def test_what_a_desk_noted_later_is_not_undone(driving: Driving) -> None:
    world = driving.road.world
    loan = driving.reserved(0)
    view = driving.started(loan)
    spare = next(one for one in world.copies if one.id != loan.copy_id)
    early = scanned(driving, view, spare.code, 0, 5)
    world.clock.advance(minutes=30)
    other = world.hand_over(world.reserve(0, 2), spare)
    world.clock.advance(minutes=30)
    assert told(replay(driving, view, early)) == [("refused", "copy-changed-since")]
    assert world.booking(other.id).state == "out"
    assert world.booking(loan.id).state == "planned"


def test_what_the_desk_handed_over_already_is_done_at_the_stop_too(driving: Driving) -> None:
    loan = driving.reserved(0)
    view = driving.started(loan)
    driving.road.world.hand_over(loan)
    assert driving.scan(view, loan.copy_code or "") == "delivered"
    errand = driving.rounds.round(driving.road.world.staff, view.summary.id).stops[0].errands[0]
    assert (errand.state, errand.noted_at) == ("done", None)


def test_a_copy_promised_to_somebody_else_has_left_all_the_same(driving: Driving) -> None:
    world = driving.road.world
    loan = driving.reserved(0)
    others = [driving.reserved(1) for _ in range(len(world.copies) - 1)]
    view = driving.started(loan)
    act = scanned(driving, view, others[0].copy_code or "", 0, 5)
    world.clock.advance(minutes=30)
    [line] = replay(driving, view, act)
    assert line.what == "delivered"
    out = world.booking(loan.id)
    assert (out.state, out.copy_id) == ("out", others[0].copy_id)
    # Two loans swap their copies: nobody loses one.
    assert {world.booking(one.id).copy_id for one in (loan, *others)} == {one.id for one in world.copies}


def test_who_loses_the_copy_that_left_is_told_and_again_when_the_answer_got_lost(driving: Driving) -> None:
    world = driving.road.world
    loan = driving.reserved(0)
    others = [driving.reserved(1) for _ in range(len(world.copies) - 1)]
    view = driving.started(loan)
    own = next(one for one in world.copies if one.id == loan.copy_id)
    world.set_copy(own, status="lost")
    act = scanned(driving, view, others[0].copy_code or "", 0, 5)
    world.clock.advance(minutes=30)
    [line] = replay(driving, view, act)
    assert (line.status, line.what, line.displaced) == ("conflict", "delivered", [others[0].reference])
    assert world.booking(loan.id).copy_id == others[0].copy_id
    assert world.booking(others[0].id).copy_id is None
    [again] = replay(driving, view, act)
    assert (again.status, again.displaced) == ("known", [others[0].reference])


def test_each_parcel_is_handed_over_once_with_both_times(driving: Driving) -> None:
    road = driving.road
    staff = road.world.staff
    new = NewShipment(from_depot_id=road.world.depot.id, to_depot_id=road.third.id)
    shipment_id = road.shipments.prepare(staff, new).summary.id
    for parcel in (1, 2):
        road.plan(parcel, road.third)
        road.shipments.pack(staff, shipment_id, PackScan(code=road.code(parcel), parcel=parcel))
    view = driving.rounds.plan(staff, driving.new(ErrandChoice(what=What.DELIVERY, shipment_id=shipment_id)))
    driving.to_day()
    view = driving.rounds.start(staff, view.summary.id)
    codes = view.stops[0].errands[0].parcel_codes
    assert codes == [one.code for one in road.shipments.shipment(staff, shipment_id).parcels]
    acts = [scanned(driving, view, code, 0, 10) for code in (codes[0], codes[0], codes[1])]
    road.world.clock.advance(minutes=60)
    assert told(replay(driving, view, *acts)) == [("done", "delivered"), ("done", "again"), ("done", "delivered")]
    with road.world.db.read() as session:
        handed = select(ShipmentEvent.device_at).where(ShipmentEvent.act == "handed")
        assert list(session.scalars(handed)) == [acts[0].device_at] * 2


def test_a_round_that_was_closed_meanwhile_keeps_what_its_depot_said(driving: Driving) -> None:
    staff = driving.road.world.staff
    loan = driving.reserved(0)
    view = driving.started(loan)
    acts = [scanned(driving, view, loan.copy_code or "", 0, 5), left(driving, view, 0, 6)]
    driving.rounds.close(staff, view.summary.id)
    assert told(replay(driving, view, *acts)) == [("refused", "round-is-over")] * 2
    assert driving.road.world.booking(loan.id).state == "planned"


def test_only_the_depots_staff_replays_and_only_so_much(driving: Driving) -> None:
    loan = driving.reserved(0)
    view = driving.started(loan)
    act = scanned(driving, view, loan.copy_code or "")
    for actor in (driving.road.neighbour, driving.road.world.teacher):
        with pytest.raises(Forbidden):
            driving.rounds.replay(actor, view.summary.id, [act])
    with pytest.raises(NotFound):
        driving.rounds.replay(driving.road.world.staff, 999_999, [act])
    with pytest.raises(TooManyActs):
        replay(driving, view, *[act] * (MOST_ACTS + 1))
    other = left(driving, view, 0)
    foreign = StopAct(key="another-stop", action="leave", stop_id=999_999, device_at=other.device_at)
    assert told(replay(driving, view, foreign)) == [("refused", "not-found")]
    assert driving.road.world.booking(loan.id).state == "planned"


def test_two_phones_that_send_the_same_at_once_hand_over_once(driving: Driving) -> None:
    loan = driving.reserved(0)
    view = driving.started(loan)
    one, other = (scanned(driving, view, loan.copy_code or "", 0) for _ in range(2))
    outcomes: list[str] = []
    acts = (one, one, other)
    threads = [
        threading.Thread(target=lambda act=act: outcomes.extend(line.what for line in replay(driving, view, act)))
        for act in acts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(outcomes)) == ["again", "delivered"]
    with driving.road.world.db.read() as session:
        assert session.scalar(select(func.count()).where(BookingEvent.act == "handed-over")) == 1


def test_the_database_keeps_no_act_that_was_noted_before_it_was_done(driving: Driving) -> None:
    view = driving.started(driving.reserved(0))
    driving.rounds.visit(driving.road.world.staff, view.summary.id, view.stops[0].id, StopVisit())
    with pytest.raises(IntegrityError), driving.road.world.db.write() as session:
        session.execute(text("update round_errand set noted_at = '2026-01-01 00:00:00+00:00'"))
        assert session.scalar(select(func.count(RoundErrand.id))) == 1
