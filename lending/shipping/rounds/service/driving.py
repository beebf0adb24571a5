"""A round is driven: it leaves, things change hands at its stops, it is over. All inside the caller's transaction."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import clean_text
from lending.catalog.schemas import CopyDetail
from lending.catalog.tables import Copy
from lending.core.actor import Actor
from lending.loans.schemas import DeskDecision, DeskScan
from lending.loans.service import scan as desk
from lending.loans.service.check_out import check_out
from lending.loans.service.locking import lock_copy
from lending.loans.service.replay import changed_since
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.shipping.deliveries.schemas import NewDelivery, NewReturn
from lending.shipping.deliveries.service import note_back, note_out
from lending.shipping.rounds import queries
from lending.shipping.rounds.rules.errors import CopyChangedSince, NotForThisStop, NothingToCarry, StopIsVisited
from lending.shipping.rounds.rules.states import ErrandState, RoundState, What, check_under_way, reference_of
from lending.shipping.rounds.service import planning
from lending.shipping.rounds.tables import Round, RoundErrand, RoundStop
from lending.shipping.shipments import queries as shipments
from lending.shipping.shipments.rules import Mode, ShipmentAct, ShipmentState, parse_parcel_scan
from lending.shipping.shipments.schemas import Departure, Handover
from lending.shipping.shipments.service import leaving
from lending.shipping.shipments.tables import Shipment, ShipmentEvent, ShipmentLine


@dataclass(frozen=True)
class Moment:
    """When something is noted; `device_at` is when it was done, where a phone without network tells it later.

    `as_fact`: the copy has left, whoever it was promised to.
    """

    now: dt.datetime
    device_at: dt.datetime | None = None
    as_fact: bool = False

    @property
    def noted_at(self) -> dt.datetime | None:
        """When the server heard of it, where that was not at once."""
        return self.now if self.device_at else None

    @property
    def happened_at(self) -> dt.datetime:
        """When it was done."""
        return self.device_at or self.now


def start(session: Session, actor: Actor, round_id: int, now: dt.datetime) -> Round:
    """The van leaves with the shipments that it brings; stops that do not fit are dropped.

    Raises NothingToCarry, RoundAlreadyStarted, RoundIsOver and what sending a shipment raises.
    """
    row = planning.to_plan(session, actor, round_id)
    stops = queries.stops_of(session, row.id)
    if not any(one.number for one in stops):
        raise NothingToCarry
    errands = queries.errands_of(session, row.id)
    for stop in stops:
        if stop.number is None:
            _miss(errands[stop.id])
    carried = [one for found in errands.values() for one in found if one.state == ErrandState.WAITING]
    brought = sorted(one.shipment_id for one in carried if one.shipment_id and one.what == What.DELIVERY)
    _lock_in_order(session, brought)
    for shipment_id in brought:
        if session.get_one(Shipment, shipment_id).state == ShipmentState.PACKING:
            leaving.send(session, actor, shipment_id, Departure(mode=Mode.ROUND, carrier=row.driver), now)
    row.state, row.started_at = RoundState.UNDER_WAY.value, now
    row.version += 1
    session.flush()
    return row


def scan(session: Session, actor: Actor, round_id: int, stop_id: int, code: str, at: Moment) -> tuple[str, str]:
    """What is scanned at a stop changes hands; says what that meant, and of what.

    Raises NotForThisStop, CopyChangedSince, StopIsVisited, RoundNotStarted, RoundIsOver, UnknownBarcode and what the
    desk raises.
    """
    row, stop = at_stop(session, actor, round_id, stop_id)
    errands = queries.errands_of(session, row.id)[stop.id]
    parcel_code = parse_parcel_scan(code)
    if parcel_code is not None:
        return _scan_parcel(session, actor, row, stop, errands, parcel_code, at)
    return _scan_copy(session, actor, row, stop, errands, code, at)


def visit(session: Session, actor: Actor, round_id: int, stop_id: int, note: str, at: Moment) -> Round:
    """The van leaves a stop: what has not changed hands is missed. Raises StopIsVisited, RoundNotStarted."""
    row, stop = at_stop(session, actor, round_id, stop_id)
    _settle(session, queries.errands_of(session, row.id)[stop.id], at)
    stop.visited_at, stop.noted_at, stop.note = at.happened_at, at.noted_at, clean_text(note)
    row.version += 1
    session.flush()
    return row


def close(session: Session, actor: Actor, round_id: int, now: dt.datetime) -> Round:
    """The van is back: stops that it did not make are missed. Raises RoundNotStarted, RoundIsOver."""
    row = planning.locked(session, actor, round_id)
    check_under_way(row.state, reference_of(row.id))
    for found in queries.errands_of(session, row.id).values():
        _settle(session, found, Moment(now))
    row.state, row.closed_at = RoundState.DONE.value, now
    row.version += 1
    session.flush()
    return row


def cancel(session: Session, actor: Actor, round_id: int, now: dt.datetime) -> Round:
    """It does not leave: what it held may go on another round. Raises RoundAlreadyStarted, RoundIsOver."""
    row = planning.to_plan(session, actor, round_id)
    for found in queries.errands_of(session, row.id).values():
        _miss(found)
    row.state, row.closed_at = RoundState.CANCELLED.value, now
    row.version += 1
    session.flush()
    return row


def _scan_copy(
    session: Session,
    actor: Actor,
    row: Round,
    stop: RoundStop,
    errands: Sequence[RoundErrand],
    code: str,
    at: Moment,
) -> tuple[str, str]:
    copy = catalog.copy_by_code(session, code)
    loans = {one.id: session.get_one(Booking, one.booking_id) for one in errands if one.booking_id}
    # The planned copy first; else another one of the same title, whose plans the desk swaps.
    delivered = [one for one in errands if one.what == What.DELIVERY and one.booking_id]
    own = [one for one in errands if one.booking_id and loans[one.id].copy_id == copy.id]
    same = [one for one in delivered if loans[one.id].title_id == copy.title_id and loans[one.id].state == "planned"]
    chosen = next(iter([*own, *same]), None)
    if chosen is None:
        raise NotForThisStop(code=copy.shown_code, place_name=_name(session, stop))
    if chosen.state == ErrandState.DONE:
        return "again", copy.title_name
    if chosen.what == What.DELIVERY and loans[chosen.id].checked_out_at is None:
        _hand_over(session, actor, row, chosen, copy, at)
    elif chosen.what == What.COLLECTION and loans[chosen.id].state == "out":
        way_back = NewReturn(mode=Mode.ROUND, carrier=row.driver)
        note_back(session, actor, loans[chosen.id].id, way_back, at.happened_at)
    _done(session, chosen, at)
    return ("delivered" if chosen.what == What.DELIVERY else "collected"), copy.title_name


def _hand_over(session: Session, actor: Actor, row: Round, errand: RoundErrand, copy: CopyDetail, at: Moment) -> None:
    """The desk's own use case. Raises CopyChangedSince."""
    if at.device_at and changed_since(session, copy.id, at.device_at):
        raise CopyChangedSince(barcode=copy.shown_code)
    booking_id = errand.booking_id or 0
    if at.as_fact:
        check_out(session, actor, booking_id, copy.id, at.now, at.device_at, as_fact=True)
    else:
        decision = DeskDecision(action="hand_over", booking_id=booking_id, note_seen=True, found_confirmed=True)
        desk.act(session, actor, DeskScan(code=copy.code, depot_id=row.depot_id), decision, at.now, at.device_at)
    # The school checks the contents in its own time, and says what it found.
    brought = NewDelivery(code=copy.code, mode=Mode.ROUND, carrier=row.driver)
    note_out(session, actor, booking_id, brought, at.happened_at)


def _scan_parcel(
    session: Session,
    actor: Actor,
    row: Round,
    stop: RoundStop,
    errands: Sequence[RoundErrand],
    code: str,
    at: Moment,
) -> tuple[str, str]:
    parcel = shipments.parcel_by_code(session, code)
    chosen = next((one for one in errands if parcel and one.shipment_id == parcel.shipment_id), None)
    if parcel is None or chosen is None:
        raise NotForThisStop(code=code, place_name=_name(session, stop))
    label = queries.labels(session, row.id)[chosen.id][0]
    if chosen.state == ErrandState.DONE or parcel.id in _handed(session, parcel.shipment_id, row):
        return "again", label
    if chosen.what == What.COLLECTION:
        leaving.send(session, actor, parcel.shipment_id, Departure(mode=Mode.ROUND, carrier=row.driver), at.now)
        _done(session, chosen, at)
        return "collected", label
    handover = Handover(holder=_name(session, stop), code=code)
    leaving.hand_on(session, actor, parcel.shipment_id, handover, at.now, at.device_at)
    if len(_handed(session, parcel.shipment_id, row)) == len(shipments.parcels_of(session, parcel.shipment_id)):
        _done(session, chosen, at)
    return "delivered", label


def _handed(session: Session, shipment_id: int, row: Round) -> set[int]:
    """The parcels of a shipment that changed hands since the van left."""
    query = select(ShipmentEvent.parcel_id).where(
        ShipmentEvent.shipment_id == shipment_id,
        ShipmentEvent.act == ShipmentAct.HANDED.value,
        ShipmentEvent.happened_at >= row.started_at,
    )
    return {one for one in session.scalars(query) if one is not None}


def at_stop(session: Session, actor: Actor, round_id: int, stop_id: int) -> tuple[Round, RoundStop]:
    """A round that is driven, behind its lock, and a stop that the van has not left. Raises like `scan`."""
    row = planning.locked(session, actor, round_id)
    check_under_way(row.state, reference_of(row.id))
    stop = planning.stop_of(session, row, stop_id)
    if stop.visited_at is not None or stop.number is None:
        raise StopIsVisited(place_name=_name(session, stop))
    return row, stop


def _name(session: Session, stop: RoundStop) -> str:
    if stop.school_id:
        return network.school(session, stop.school_id).name
    return network.depot(session, stop.depot_id or 0).name


def _lock_in_order(session: Session, shipment_ids: Sequence[int]) -> None:
    """Every copy of several shipments, title by title, so that nobody who sends one waits for us in a circle."""
    query = (
        select(Copy.id)
        .join(ShipmentLine, ShipmentLine.copy_id == Copy.id)
        .where(ShipmentLine.shipment_id.in_(shipment_ids))
        .order_by(Copy.title_id, Copy.id)
    )
    for copy_id in session.scalars(query).all():
        lock_copy(session, copy_id)


def _settle(session: Session, errands: Sequence[RoundErrand], at: Moment) -> None:
    """What is not done is missed, unless the desk noted it meanwhile."""
    for one in errands:
        if one.state == ErrandState.WAITING and _happened(session, one):
            _done(session, one, at)
    _miss([one for one in errands if one.state == ErrandState.WAITING])


def _happened(session: Session, errand: RoundErrand) -> bool:
    if errand.booking_id is None:
        return False
    loan = session.get_one(Booking, errand.booking_id)
    return (loan.checked_out_at if errand.what == What.DELIVERY else loan.returned_at) is not None


def _miss(errands: Sequence[RoundErrand]) -> None:
    for one in errands:
        one.state = ErrandState.MISSED.value


def _done(session: Session, errand: RoundErrand, at: Moment) -> None:
    errand.state, errand.done_at, errand.noted_at = ErrandState.DONE.value, at.happened_at, at.noted_at
    session.flush()
