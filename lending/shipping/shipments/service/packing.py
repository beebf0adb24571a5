"""Packing: copies into numbered parcels. Everything here runs inside the caller's transaction."""

import datetime as dt
import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.placing.rules import check_alone
from lending.catalog.schemas import CopyDetail
from lending.core.actor import Actor, Role
from lending.core.clock import local_day
from lending.core.errors import Forbidden, NotFound
from lending.loans.service.locking import lock_copy
from lending.network import queries as network
from lending.shipping import queries as transfers
from lending.shipping.rules import CopyNotInDepot, SameDepot, TransferState
from lending.shipping.schemas import NewTransfer
from lending.shipping.service import moving
from lending.shipping.shipments import queries
from lending.shipping.shipments.errors import (
    NotPacked,
    NoTransferThere,
    PackedElsewhere,
    ParcelNotEmpty,
    UnknownParcel,
)
from lending.shipping.shipments.rules import (
    MOST_PARCELS,
    ShipmentAct,
    ShipmentState,
    check_packing,
    check_weight,
    parcel_code,
    reference_of,
)
from lending.shipping.shipments.schemas import NewShipment, PackScan, ParcelFacts
from lending.shipping.shipments.tables import Parcel, Shipment, ShipmentEvent, ShipmentLine
from lending.shipping.tables import Transfer


def prepare(session: Session, actor: Actor, new: NewShipment, now: dt.datetime, gs1_prefix: str) -> Shipment:
    """A shipment with its first, empty parcel. Raises SameDepot, Forbidden, NotFound."""
    moving.require_depot(session, actor, new.from_depot_id, Role.STAFF)
    network.depot(session, new.to_depot_id)
    if new.from_depot_id == new.to_depot_id:
        raise SameDepot
    shipment = Shipment(
        from_depot_id=new.from_depot_id,
        to_depot_id=new.to_depot_id,
        state=ShipmentState.PACKING.value,
        created_by=actor.person_id,
        created_at=now,
    )
    session.add(shipment)
    session.flush()
    add_parcel(session, shipment, 1, gs1_prefix)
    write(session, shipment, ShipmentAct.OPENED, actor, now)
    return shipment


def pack(session: Session, actor: Actor, shipment_id: int, scan: PackScan, now: dt.datetime, gs1_prefix: str) -> None:
    """Put a copy into a parcel, with its transfer."""
    shipment = to_pack(session, actor, shipment_id)
    parcel = parcel_to_fill(session, shipment, scan.parcel, gs1_prefix)
    copy = catalog.copy_by_code(session, scan.code)
    check_alone(copy)
    if copy.depot_id != shipment.from_depot_id:
        raise CopyNotInDepot(barcode=copy.shown_code, depot_name=copy.depot_name)
    transfer = _transfer_of(session, actor, shipment, copy, now, unplanned=scan.unplanned)
    if found := queries.line_of_transfer(session, transfer.id):
        line, where = found
        raise PackedElsewhere(barcode=copy.shown_code, number=where.number, reference=reference_of(line.shipment_id))
    if transfer.state == TransferState.PLANNED:
        moving.ready(session, actor, transfer.id, now)
    if (stale := session.get(ShipmentLine, (shipment.id, copy.id))) is not None:
        # It was packed for a transfer that was given up since: the scan is what counts.
        session.delete(stale)
        session.flush()
    session.add(ShipmentLine(shipment_id=shipment.id, copy_id=copy.id, parcel_id=parcel.id, transfer_id=transfer.id))
    write(session, shipment, ShipmentAct.PACKED, actor, now, parcel_id=parcel.id, copy_id=copy.id)


def unpack(session: Session, actor: Actor, shipment_id: int, copy_id: int, now: dt.datetime) -> None:
    """Take a copy out again. Raises NotPacked."""
    shipment = to_pack(session, actor, shipment_id)
    line = session.get(ShipmentLine, (shipment.id, copy_id))
    if line is None:
        raise NotPacked
    write(session, shipment, ShipmentAct.UNPACKED, actor, now, parcel_id=line.parcel_id, copy_id=copy_id)
    session.delete(line)
    session.flush()


def describe(session: Session, actor: Actor, shipment_id: int, number: int, facts: ParcelFacts) -> None:
    """What a parcel weighs and is worth. Raises BadWeight, UnknownParcel."""
    check_weight(facts.weight_grams)
    shipment = to_pack(session, actor, shipment_id)
    parcel = parcel_of(session, shipment, number)
    parcel.weight_grams, parcel.value_cents = facts.weight_grams, facts.value_cents
    session.flush()


def remove(session: Session, actor: Actor, shipment_id: int, number: int) -> None:
    """Take an empty parcel away. Raises ParcelNotEmpty, UnknownParcel."""
    shipment = to_pack(session, actor, shipment_id)
    parcel = parcel_of(session, shipment, number)
    is_full = session.scalar(select(func.count()).where(ShipmentLine.parcel_id == parcel.id))
    parcels = queries.parcels_of(session, shipment.id)
    was_named = session.scalar(select(func.count()).where(ShipmentEvent.parcel_id == parcel.id))
    if is_full or len(parcels) == 1:
        raise ParcelNotEmpty(number=number)
    if was_named:
        # What was once packed into it stays written down, without the parcel.
        for event in session.scalars(select(ShipmentEvent).where(ShipmentEvent.parcel_id == parcel.id)):
            event.parcel_id = None
    session.delete(parcel)
    session.flush()
    for one in parcels:
        if one.number > number:
            one.number -= 1
            session.flush()


def to_pack(session: Session, actor: Actor, shipment_id: int) -> Shipment:
    """The shipment behind its lock, if the person may pack it now."""
    shipment = locked(session, shipment_id)
    moving.require_depot(session, actor, shipment.from_depot_id, Role.STAFF)
    check_packing(shipment.state, reference_of(shipment.id))
    return shipment


def locked(session: Session, shipment_id: int) -> Shipment:
    """A shipment behind its lock. Raises NotFound."""
    found = session.get(Shipment, shipment_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def require_either(session: Session, actor: Actor, *depot_ids: int) -> None:
    """Raise Forbidden unless the person works at one of the depots, or above it."""
    paths = [network.path_of(session, network.depot(session, depot_id).association_id) for depot_id in depot_ids]
    if not any(actor.covers(path, Role.STAFF, Role.COORDINATOR) for path in paths):
        actor.require(paths[0], Role.STAFF)
        raise Forbidden


def parcel_of(session: Session, shipment: Shipment, number: int) -> Parcel:
    """A parcel by its number. Raises UnknownParcel."""
    query = select(Parcel).where(Parcel.shipment_id == shipment.id, Parcel.number == number)
    found = session.scalar(query)
    if found is None:
        raise UnknownParcel(code=str(number))
    return found


def parcel_to_fill(session: Session, shipment: Shipment, number: int, gs1_prefix: str) -> Parcel:
    """A parcel by its number; the one after the last is begun. Raises UnknownParcel."""
    count = len(queries.parcels_of(session, shipment.id))
    if number == count + 1 <= MOST_PARCELS:
        return add_parcel(session, shipment, number, gs1_prefix)
    return parcel_of(session, shipment, number)


def add_parcel(session: Session, shipment: Shipment, number: int, gs1_prefix: str) -> Parcel:
    """Another parcel; its code holds its id, which is known once it is written."""
    parcel = Parcel(shipment_id=shipment.id, number=number, code=uuid.uuid4().hex)
    session.add(parcel)
    session.flush()
    parcel.code = parcel_code(parcel.id, gs1_prefix)
    session.flush()
    return parcel


def write(
    session: Session,
    shipment: Shipment,
    act: ShipmentAct,
    actor: Actor,
    now: dt.datetime,
    **more: int | str | dt.datetime | None,
) -> None:
    """Add what happened to what is known of the shipment."""
    event = ShipmentEvent(shipment_id=shipment.id, act=act.value, happened_at=now, **more)
    event.person_id = actor.person_id
    session.add(event)
    session.flush()


def _transfer_of(
    session: Session, actor: Actor, shipment: Shipment, copy: CopyDetail, now: dt.datetime, *, unplanned: bool
) -> Transfer:
    """The copy's transfer to where the shipment goes. Raises NoTransferThere and what planning one raises."""
    lock_copy(session, copy.id)
    transfer = transfers.open_of_copy(session, copy.id)
    if transfer is not None and transfer.to_depot_id == shipment.to_depot_id:
        return transfer
    if not unplanned:
        depot = network.depot(session, shipment.to_depot_id)
        raise NoTransferThere(barcode=copy.shown_code, depot_name=depot.name)
    today = local_day(now, network.depot(session, shipment.from_depot_id).time_zone)
    new = NewTransfer(code=copy.code, to_depot_id=shipment.to_depot_id, leaves_on=today)
    return moving.plan_copy(session, actor, copy, new, now)
