"""Reads of shipments."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person
from lending.catalog.tables import Copy, Title
from lending.core.barcodes import shown
from lending.core.errors import NotFound
from lending.network.tables import Depot
from lending.shipping.shipments.rules import (
    LineState,
    Mode,
    ShipmentAct,
    ShipmentState,
    line_state,
    reference_of,
    shown_parcel_code,
)
from lending.shipping.shipments.schemas import (
    LineView,
    ParcelView,
    ShipmentStep,
    ShipmentSummary,
    ShipmentView,
)
from lending.shipping.shipments.tables import Parcel, Shipment, ShipmentEvent, ShipmentLine
from lending.shipping.tables import Transfer

Origin, Destination = aliased(Depot), aliased(Depot)
UNDER_WAY = (ShipmentState.PACKING.value, ShipmentState.SENT.value)
MOST_RECENT = 20


def one(session: Session, shipment_id: int) -> ShipmentView:
    """A shipment whole. Raises NotFound."""
    found = session.execute(_with_depots().where(Shipment.id == shipment_id)).first()
    if found is None:
        raise NotFound
    row = found[0]
    lines, parcels = lines_of(session, [row])[row.id], parcels_of(session, row.id)
    counts = {parcel.number: sum(line.parcel == parcel.number for line in lines) for parcel in parcels}
    weights, values = [parcel.weight_grams for parcel in parcels], [parcel.value_cents for parcel in parcels]
    return ShipmentView(
        summary=_summary(row, found[1], found[2], lines),
        tracking_number=row.tracking_number,
        cost_cents=row.cost_cents,
        weight_grams=_total(weights),
        value_cents=_total(values),
        received_at_depot_id=row.from_depot_id if row.turned_back_at else row.to_depot_id,
        parcels=[_parcel(parcel, counts[parcel.number]) for parcel in parcels],
        lines=lines,
        steps=_steps(session, shipment_id),
    )


def of_depot(session: Session, depot_id: int) -> list[ShipmentSummary]:
    """What leaves or reaches a depot: all that is under way, then what was closed last."""
    concerned = (Shipment.from_depot_id == depot_id) | (Shipment.to_depot_id == depot_id)
    is_under_way = Shipment.state.in_(UNDER_WAY)
    newest = _with_depots().where(concerned).order_by(Shipment.id.desc())
    found = [
        *session.execute(newest.where(is_under_way)),
        *session.execute(newest.where(~is_under_way).limit(MOST_RECENT)),
    ]
    lines = lines_of(session, [row[0] for row in found])
    return [_summary(row, origin, destination, lines[row.id]) for row, origin, destination in found]


def lines_of(session: Session, shipments: Sequence[Shipment]) -> defaultdict[int, list[LineView]]:
    """The copies of shipments, parcel by parcel."""
    states = {one.id: ShipmentState(one.state) for one in shipments}
    query = (
        select(ShipmentLine, Copy, Title.name, Parcel.number, Transfer.state)
        .join(Copy, Copy.id == ShipmentLine.copy_id)
        .join(Title, Title.id == Copy.title_id)
        .outerjoin(Parcel, Parcel.id == ShipmentLine.parcel_id)
        .outerjoin(Transfer, Transfer.id == ShipmentLine.transfer_id)
        .where(ShipmentLine.shipment_id.in_(states))
        .order_by(Parcel.number, Title.name, Copy.code)
    )
    found: defaultdict[int, list[LineView]] = defaultdict(list)
    for line, copy, title, number, transfer_state in session.execute(query):
        found[line.shipment_id].append(_line(line, copy, title, number, transfer_state, states[line.shipment_id]))
    return found


def parcels_of(session: Session, shipment_id: int) -> Sequence[Parcel]:
    """A shipment's parcels in order."""
    return session.scalars(select(Parcel).where(Parcel.shipment_id == shipment_id).order_by(Parcel.number)).all()


def parcel_by_code(session: Session, code: str) -> Parcel | None:
    """The parcel with this code on its label."""
    return session.scalar(select(Parcel).where(Parcel.code == code))


def line_of_transfer(session: Session, transfer_id: int) -> tuple[ShipmentLine, Parcel] | None:
    """Where a transfer's copy is packed."""
    query = select(ShipmentLine, Parcel).join(Parcel, Parcel.id == ShipmentLine.parcel_id)
    found = session.execute(query.where(ShipmentLine.transfer_id == transfer_id)).first()
    return (found[0], found[1]) if found else None


def packed_transfers(session: Session, *conditions: ColumnElement[bool]) -> set[int]:
    """Which of the transfers that fulfil the conditions are in a parcel."""
    query = select(ShipmentLine.transfer_id).join(Transfer, Transfer.id == ShipmentLine.transfer_id).where(*conditions)
    return {id_ for id_ in session.scalars(query) if id_ is not None}


def _with_depots() -> Select[Shipment, str, str]:
    return (
        select(Shipment, Origin.name, Destination.name)
        .join(Origin, Origin.id == Shipment.from_depot_id)
        .join(Destination, Destination.id == Shipment.to_depot_id)
        .execution_options(populate_existing=True)
    )


def _summary(row: Shipment, origin: str, destination: str, lines: Sequence[LineView]) -> ShipmentSummary:
    states = [line.state for line in lines]
    return ShipmentSummary(
        id=row.id,
        reference=reference_of(row.id),
        state=ShipmentState(row.state),
        mode=Mode(row.mode),
        carrier=row.carrier,
        from_depot_id=row.from_depot_id,
        from_depot_name=origin,
        to_depot_id=row.to_depot_id,
        to_depot_name=destination,
        parcel_count=len({line.parcel for line in lines} - {None}),
        copy_count=sum(line.parcel is not None for line in lines),
        missing=states.count(LineState.MISSING) + states.count(LineState.LOST),
        extra=states.count(LineState.EXTRA),
        damaged=states.count(LineState.DAMAGED),
        arrives_on=row.arrives_on,
        created_at=row.created_at,
        sent_at=row.sent_at,
        turned_back_at=row.turned_back_at,
        closed_at=row.closed_at,
    )


def _line(
    line: ShipmentLine, copy: Copy, title: str, number: int | None, transfer_state: str | None, state: ShipmentState
) -> LineView:
    return LineView(
        copy_id=copy.id,
        copy_code=shown(copy.code),
        title_id=copy.title_id,
        title_name=title,
        parcel=number,
        transfer_id=line.transfer_id,
        state=line_state(
            state,
            transfer_state,
            is_extra=line.parcel_id is None,
            has_arrived=line.arrived_at is not None,
            is_damaged=line.is_damaged,
        ),
        arrived_at=line.arrived_at,
        note=line.note,
    )


def _parcel(row: Parcel, copy_count: int) -> ParcelView:
    return ParcelView(
        number=row.number,
        code=row.code,
        shown_code=shown_parcel_code(row.code),
        weight_grams=row.weight_grams,
        value_cents=row.value_cents,
        copy_count=copy_count,
    )


def _total(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _steps(session: Session, shipment_id: int) -> list[ShipmentStep]:
    query = (
        select(ShipmentEvent, Parcel.number, Copy.code, Depot.name, Person.name)
        .outerjoin(Parcel, Parcel.id == ShipmentEvent.parcel_id)
        .outerjoin(Copy, Copy.id == ShipmentEvent.copy_id)
        .outerjoin(Depot, Depot.id == ShipmentEvent.depot_id)
        .outerjoin(Person, Person.id == ShipmentEvent.person_id)
        .where(ShipmentEvent.shipment_id == shipment_id)
        .order_by(ShipmentEvent.id)
    )
    return [
        ShipmentStep(
            act=ShipmentAct(row.act),
            parcel=number,
            copy_code=shown(code) if code else "",
            depot_name=depot or "",
            holder=row.holder,
            person_name=person or "",
            note=row.note,
            happened_at=row.happened_at,
        )
        for row, number, code, depot, person in session.execute(query)
    ]
