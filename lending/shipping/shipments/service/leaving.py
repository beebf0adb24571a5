"""A shipment leaves, changes hands, turns round. Everything here runs inside the caller's transaction."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import clean_line
from lending.catalog.tables import Copy
from lending.core.actor import Actor, Role
from lending.core.clock import local_day
from lending.loans.queries.calendars import calendars
from lending.network import queries as network
from lending.shipping.carriers.queries import address_of
from lending.shipping.carriers.rules import AddressIncomplete, faults_of
from lending.shipping.rules import TransferState
from lending.shipping.service import moving
from lending.shipping.shipments import queries, telling
from lending.shipping.shipments.errors import (
    ArrivesTooEarly,
    HolderMissing,
    NoLongerToSend,
    ReceiverClosed,
    ShipmentIsOver,
    UnknownParcel,
)
from lending.shipping.shipments.rules import (
    TO_SEND,
    Mode,
    PackedParcel,
    ShipmentAct,
    ShipmentState,
    check_packing,
    check_parcels,
    check_under_way,
    parse_parcel_scan,
    reference_of,
)
from lending.shipping.shipments.schemas import Departure, Handover
from lending.shipping.shipments.service import packing
from lending.shipping.shipments.tables import Parcel, Shipment, ShipmentLine
from lending.shipping.tables import Transfer


def send(session: Session, actor: Actor, shipment_id: int, departure: Departure, now: dt.datetime) -> None:
    """All of it leaves, or nothing."""
    shipment = packing.to_pack(session, actor, shipment_id)
    check_parcels(_packed(session, shipment), departure.mode)
    if departure.mode == Mode.CARRIER:
        _check_addresses(session, shipment)
    check_arrival(session, shipment, departure.arrives_on, now)
    _check_all_to_send(session, shipment)
    for transfer_id in moving_transfers(session, shipment):
        moving.send(session, actor, transfer_id, now)
    shipment.mode, shipment.carrier = departure.mode.value, clean_line(departure.carrier)
    shipment.tracking_number = clean_line(departure.tracking_number)
    shipment.cost_cents, shipment.arrives_on = departure.cost_cents, departure.arrives_on
    shipment.state, shipment.sent_at = ShipmentState.SENT.value, now
    depot_id, holder = shipment.from_depot_id, shipment.carrier
    packing.write(session, shipment, ShipmentAct.SENT, actor, now, depot_id=depot_id, holder=holder)
    telling.tell_sent(session, shipment, actor, now)


def hand_on(
    session: Session,
    actor: Actor,
    shipment_id: int,
    handover: Handover,
    now: dt.datetime,
    device_at: dt.datetime | None = None,
) -> None:
    """Somebody took over a parcel, or all. Raises HolderMissing, UnknownParcel, ShipmentNotSent, ShipmentIsOver."""
    shipment = packing.locked(session, shipment_id)
    packing.require_either(session, actor, shipment.from_depot_id, shipment.to_depot_id)
    check_sent(session, shipment)
    holder = clean_line(handover.holder)
    if not holder:
        raise HolderMissing
    parcel_id = _parcel_of_code(session, shipment, handover.code) if handover.code.strip() else None
    more = {"holder": holder, "parcel_id": parcel_id, "device_at": device_at}
    packing.write(session, shipment, ShipmentAct.HANDED, actor, now, **more)


def cancel(session: Session, actor: Actor, shipment_id: int, now: dt.datetime) -> None:
    """Unpack all; what left already comes back. Raises ShipmentIsOver."""
    shipment = packing.locked(session, shipment_id)
    moving.require_depot(session, actor, shipment.from_depot_id, Role.STAFF)
    if shipment.state == ShipmentState.SENT and shipment.turned_back_at is None:
        return _turn_back(session, actor, shipment, now)
    if shipment.state == ShipmentState.SENT:
        raise ShipmentIsOver(reference=reference_of(shipment.id))
    check_packing(shipment.state, reference_of(shipment.id))
    lines = session.scalars(select(ShipmentLine).where(ShipmentLine.shipment_id == shipment.id)).all()
    for line in lines:
        session.delete(line)
    shipment.state, shipment.closed_at = ShipmentState.CANCELLED.value, now
    packing.write(session, shipment, ShipmentAct.CANCELLED, actor, now, depot_id=shipment.from_depot_id)
    return None


def check_sent(session: Session, shipment: Shipment) -> None:
    """Raise ShipmentNotSent or ShipmentIsOver unless it is on its way."""
    origin = network.depot(session, shipment.from_depot_id).name
    check_under_way(shipment.state, reference_of(shipment.id), origin)


def moving_transfers(session: Session, shipment: Shipment) -> list[int]:
    """The transfers of a shipment, title by title: everybody locks in this order."""
    query = (
        select(ShipmentLine.transfer_id)
        .join(Copy, Copy.id == ShipmentLine.copy_id)
        .where(ShipmentLine.shipment_id == shipment.id, ShipmentLine.transfer_id.is_not(None))
        .order_by(Copy.title_id, Copy.id)
    )
    return [id_ for id_ in session.scalars(query) if id_ is not None]


def check_arrival(session: Session, shipment: Shipment, arrives_on: dt.date | None, now: dt.datetime) -> None:
    """Raise ArrivesTooEarly, or ReceiverClosed when nobody is there on that day."""
    if arrives_on is None:
        return
    depot = network.depot(session, shipment.to_depot_id)
    today = local_day(now, depot.time_zone)
    if arrives_on < today:
        raise ArrivesTooEarly(today=today)
    territory = network.association(session, depot.association_id).holiday_territory
    calendar = calendars(session, {depot.id: territory})[depot.id]
    if not calendar.is_working(arrives_on):
        following = calendar.next_open_day(arrives_on)
        raise ReceiverClosed(depot_name=depot.name, arrives_on=arrives_on, next_open_on=following)


def _check_addresses(session: Session, shipment: Shipment) -> None:
    """Raise AddressIncomplete for an end that a carrier would not find."""
    for depot_id in (shipment.from_depot_id, shipment.to_depot_id):
        depot = network.depot(session, depot_id)
        if faults := faults_of(address_of(depot)):
            raise AddressIncomplete(depot_name=depot.name, faults=[fault.value for fault in faults])


def _check_all_to_send(session: Session, shipment: Shipment) -> None:
    """Raise NoLongerToSend for the first copy that went another way since it was packed."""
    query = (
        select(ShipmentLine.copy_id, Parcel.number)
        .join(Parcel, Parcel.id == ShipmentLine.parcel_id)
        .join(Transfer, Transfer.id == ShipmentLine.transfer_id)
        .where(ShipmentLine.shipment_id == shipment.id, Transfer.state.not_in(TO_SEND))
        .order_by(Parcel.number, ShipmentLine.copy_id)
    )
    found = session.execute(query.limit(1)).first()
    if found is not None:
        copy = catalog.copy(session, found[0])
        raise NoLongerToSend(barcode=copy.shown_code, number=found[1], depot_name=copy.depot_name)


def _packed(session: Session, shipment: Shipment) -> list[PackedParcel]:
    query = (
        select(Parcel.number, Parcel.weight_grams, func.count(ShipmentLine.copy_id))
        .outerjoin(ShipmentLine, ShipmentLine.parcel_id == Parcel.id)
        .where(Parcel.shipment_id == shipment.id)
        .group_by(Parcel.id)
        .order_by(Parcel.number)
    )
    return [PackedParcel(number, weight, count) for number, weight, count in session.execute(query)]


def _turn_back(session: Session, actor: Actor, shipment: Shipment, now: dt.datetime) -> None:
    """What has not arrived yet comes back to where it left."""
    for transfer_id in moving_transfers(session, shipment):
        transfer = moving.locked(session, transfer_id)
        if transfer.state == TransferState.SENT:
            moving.redirect(session, actor, transfer, shipment.from_depot_id, now, "cancelled")
    shipment.turned_back_at = now
    packing.write(session, shipment, ShipmentAct.TURNED, actor, now, depot_id=shipment.from_depot_id)


def _parcel_of_code(session: Session, shipment: Shipment, code: str) -> int:
    found = queries.parcel_by_code(session, parse_parcel_scan(code) or "")
    if found is None or found.shipment_id != shipment.id:
        raise UnknownParcel(code=code)
    return found.id
