"""What a depot has still to pack, and to which shipment a code belongs."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.shipping import queries as transfers
from lending.shipping.schemas import TransferView
from lending.shipping.shipments import queries
from lending.shipping.shipments.errors import NotInAnyShipment, UnknownParcel
from lending.shipping.shipments.rules import parse_parcel_scan
from lending.shipping.shipments.tables import Shipment, ShipmentLine
from lending.shipping.tables import Transfer

TO_LEAVE = Transfer.state.in_(("planned", "ready"))


def to_pack(session: Session, depot_id: int) -> list[TransferView]:
    """The transfers from a depot that are in no parcel."""
    conditions = (Transfer.from_depot_id == depot_id, TO_LEAVE)
    packed = queries.packed_transfers(session, *conditions)
    return [one for one in transfers.of(session, *conditions) if one.id not in packed]


def shipment_of_code(session: Session, depot_id: int, code: str) -> int:
    """The shipment of a parcel; of a copy, the last one that leaves or reaches the depot."""
    parcel_code = parse_parcel_scan(code)
    touches = (Shipment.from_depot_id == depot_id) | (Shipment.to_depot_id == depot_id)
    if parcel_code is not None:
        parcel = queries.parcel_by_code(session, parcel_code)
        if parcel is None:
            raise UnknownParcel(code=parcel_code)
        return parcel.shipment_id
    copy = catalog.copy_by_code(session, code)
    query = (
        select(Shipment.id)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .where(ShipmentLine.copy_id == copy.id, touches)
        .order_by(Shipment.id.desc())
    )
    found = session.scalar(query.limit(1))
    if found is None:
        raise NotInAnyShipment(barcode=copy.shown_code)
    return found
