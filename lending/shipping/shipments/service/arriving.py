"""A shipment is received line by line. Everything here runs inside the caller's transaction."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.history.recording import copy_facts, record_changes
from lending.catalog.placing.rules import check_alone
from lending.catalog.rules import Status, clean_text
from lending.catalog.tables import Copy
from lending.core.actor import Actor, Role
from lending.loans.service.locking import lock_copy
from lending.loans.service.replan import replan_title
from lending.network import queries as network
from lending.shipping.rules import TransferState
from lending.shipping.schemas import ArrivalScan
from lending.shipping.service import arriving, moving
from lending.shipping.shipments import queries, telling
from lending.shipping.shipments.errors import (
    ForeignParcel,
    NotPacked,
    UnknownParcel,
)
from lending.shipping.shipments.rules import ShipmentAct, ShipmentState, parse_parcel_scan, reference_of
from lending.shipping.shipments.schemas import ArrivalView, ParcelScan
from lending.shipping.shipments.service import leaving, packing
from lending.shipping.shipments.tables import Parcel, Shipment, ShipmentLine
from lending.shipping.tables import Transfer

ARRIVED, AGAIN, DAMAGED, EXTRA = "arrived", "again", "damaged", "extra"


def receive(session: Session, actor: Actor, shipment_id: int, scan: ParcelScan, now: dt.datetime) -> ArrivalView:
    """One scan: a parcel with all in it, a copy that was packed, or one that nobody packed."""
    shipment = packing.locked(session, shipment_id)
    depot_id = receiver_of(shipment)
    moving.require_depot(session, actor, depot_id, Role.STAFF)
    if shipment.state != ShipmentState.RECEIVED:
        leaving.check_sent(session, shipment)
    copy_ids = _scanned(session, shipment, scan.code)
    what, copies = AGAIN, []
    for copy_id in copy_ids:
        done = _arrived(session, actor, shipment, copy_id, scan, now)
        what = done if done != AGAIN else what
        copies.append(catalog.copy(session, copy_id).shown_code)
    return ArrivalView(what=what, copy_codes=copies, shipment=queries.one(session, shipment_id))


def close(session: Session, actor: Actor, shipment_id: int, now: dt.datetime) -> None:
    """What was not scanned is missing. Raises ShipmentNotSent, ShipmentIsOver."""
    shipment = packing.locked(session, shipment_id)
    depot_id = receiver_of(shipment)
    moving.require_depot(session, actor, depot_id, Role.STAFF)
    leaving.check_sent(session, shipment)
    query = (
        select(ShipmentLine)
        .join(Transfer, Transfer.id == ShipmentLine.transfer_id)
        .where(ShipmentLine.shipment_id == shipment.id, ShipmentLine.arrived_at.is_(None))
        .where(Transfer.state != TransferState.RECEIVED.value)
        .order_by(ShipmentLine.copy_id)
    )
    for line in session.scalars(query):
        where = {"parcel_id": line.parcel_id, "copy_id": line.copy_id, "depot_id": depot_id}
        packing.write(session, shipment, ShipmentAct.MISSING, actor, now, **where)
    shipment.state, shipment.closed_at = ShipmentState.RECEIVED.value, now
    packing.write(session, shipment, ShipmentAct.CLOSED, actor, now, depot_id=depot_id)
    telling.tell_received(session, shipment, actor, now)


def lose(session: Session, actor: Actor, shipment_id: int, copy_id: int, now: dt.datetime) -> None:
    """Nobody found a copy that was packed. Raises NotPacked, TransferNotThere."""
    shipment = packing.locked(session, shipment_id)
    line = session.get(ShipmentLine, (shipment.id, copy_id))
    if line is None or line.transfer_id is None:
        raise NotPacked
    moving.lose(session, actor, line.transfer_id, now)


def receiver_of(shipment: Shipment) -> int:
    """Where it is received: where it left, once it turned back."""
    return shipment.from_depot_id if shipment.turned_back_at else shipment.to_depot_id


def _scanned(session: Session, shipment: Shipment, code: str) -> list[int]:
    """The copies that a code stands for, title by title. Raises UnknownParcel, ForeignParcel, UnknownBarcode."""
    parcel_code = parse_parcel_scan(code)
    if parcel_code is None:
        copy = catalog.copy_by_code(session, code)
        check_alone(copy)
        return [copy.id]
    parcel = queries.parcel_by_code(session, parcel_code)
    if parcel is None:
        raise UnknownParcel(code=parcel_code)
    if parcel.shipment_id != shipment.id:
        raise _foreign(session, parcel)
    query = select(Copy.id).join(ShipmentLine, ShipmentLine.copy_id == Copy.id)
    return list(session.scalars(query.where(ShipmentLine.parcel_id == parcel.id).order_by(Copy.title_id, Copy.id)))


def _foreign(session: Session, parcel: Parcel) -> ForeignParcel:
    other = session.get_one(Shipment, parcel.shipment_id)
    depot = network.depot(session, receiver_of(other))
    return ForeignParcel(reference=reference_of(other.id), depot_name=depot.name)


def _arrived(
    session: Session, actor: Actor, shipment: Shipment, copy_id: int, scan: ParcelScan, now: dt.datetime
) -> str:
    """One copy is there: receive it through its transfer, note whether it was packed and whether it is whole."""
    line = session.get(ShipmentLine, (shipment.id, copy_id))
    if line is not None and line.arrived_at is not None and not scan.is_damaged:
        return AGAIN
    if line is None or line.arrived_at is None:
        code = catalog.copy(session, copy_id).code
        where = ArrivalScan(code=code, depot_id=receiver_of(shipment), is_confirmed=True)
        arriving.arrive(session, actor, where, now)
    what = ARRIVED if line is not None else EXTRA
    if line is None:
        line = ShipmentLine(shipment_id=shipment.id, copy_id=copy_id)
        session.add(line)
    act = ShipmentAct.ARRIVED if what == ARRIVED else ShipmentAct.EXTRA
    return _noted(session, actor, shipment, line, scan, now, act) or what


def _noted(
    session: Session,
    actor: Actor,
    shipment: Shipment,
    line: ShipmentLine,
    scan: ParcelScan,
    now: dt.datetime,
    act: ShipmentAct,
) -> str | None:
    note, was_there = clean_text(scan.note), line.arrived_at is not None
    line.arrived_at, line.note = line.arrived_at or now, note or line.note
    where = {"parcel_id": line.parcel_id, "copy_id": line.copy_id, "depot_id": receiver_of(shipment)}
    if not was_there:
        packing.write(session, shipment, act, actor, now, **where)
    if not scan.is_damaged:
        return None
    line.is_damaged = True
    _hold_back(session, actor, line.copy_id, now)
    packing.write(session, shipment, ShipmentAct.DAMAGED, actor, now, note=note, **where)
    return DAMAGED


def _hold_back(session: Session, actor: Actor, copy_id: int, now: dt.datetime) -> None:
    """What arrived damaged is lent to nobody before somebody has seen to it."""
    title, copy = lock_copy(session, copy_id)
    before = copy_facts(session, copy)
    copy.condition, copy.status = "damaged", Status.REPAIR.value
    copy.version += 1
    session.flush()
    record_changes(session, actor, now, before, copy_facts(session, copy), copy_id=copy.id)
    replan_title(session, title.id, now)
