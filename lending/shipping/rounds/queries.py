"""Reads of rounds: what a week holds, where places are, and rounds whole."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session, aliased

from lending.catalog.tables import Copy, Title
from lending.core.barcodes import shown
from lending.core.errors import NotFound
from lending.loans.queries.relays import that_count
from lending.loans.rules.states import Cause
from lending.loans.tables import Booking
from lending.network.tables import Depot, Organisation, School
from lending.shipping.rounds.rules.places import Place
from lending.shipping.rounds.rules.states import (
    DAY,
    KEPT_ERRANDS,
    WEEK,
    RoundState,
    What,
    is_to_bring,
    is_to_collect,
    load_of_copy,
    load_of_parcels,
)
from lending.shipping.rounds.rules.states import reference_of as round_reference
from lending.shipping.rounds.schemas import CarriedView, RoundSummary
from lending.shipping.rounds.tables import Round, RoundErrand, RoundStop
from lending.shipping.shipments.rules import reference_of
from lending.shipping.shipments.tables import Parcel, Shipment, ShipmentLine

Origin, Destination = aliased(Depot), aliased(Depot)
MOST_RECENT = 20


def carried_in_week(session: Session, depot: Depot, monday: dt.date) -> list[CarriedView]:
    """What a depot could bring and collect in the week from `monday` on and is on no round yet, place by place."""
    taken = _taken(session)
    found = [*_loans(session, depot.id, monday), *_shipments(session, depot)]
    free = [one for one in found if (one.booking_id, one.shipment_id, one.what.value) not in taken]
    return sorted(free, key=lambda one: (one.commune, one.place_name, one.what, one.label, one.copy_code))


def _taken(session: Session) -> set[tuple[int | None, int | None, str]]:
    kept = select(RoundErrand.booking_id, RoundErrand.shipment_id, RoundErrand.what).where(text(KEPT_ERRANDS))
    return {(booking_id, shipment_id, what) for booking_id, shipment_id, what in session.execute(kept)}


def _loans(session: Session, depot_id: int, monday: dt.date) -> Iterable[CarriedView]:
    query = (
        select(Booking, Title.name, Title.kind, Copy.code, Organisation.name, School.commune)
        .join(Title, Title.id == Booking.title_id)
        .join(Copy, Copy.id == Booking.copy_id)
        .join(School, School.organisation_id == Booking.school_id)
        .join(Organisation, Organisation.id == School.organisation_id)
        .where(Booking.depot_id == depot_id, Booking.cause == Cause.LOAN.value, Booking.state.in_(("planned", "out")))
        .where(Booking.starts_on < monday + WEEK)
    )
    found = session.execute(query).all()
    going_on = that_count(session, [row[0].id for row in found])
    # What goes on from school to school needs no van at either end.
    relayed = {booking_id for one in going_on for booking_id in (one.loan_id, one.next_id)}
    for booking, title, kind, code, school, commune in found:
        if booking.id in relayed:
            continue
        due_on = booking.ends_on - DAY
        is_brought = is_to_bring(booking.state, booking.starts_on, monday)
        if not (is_brought or is_to_collect(booking.state, due_on, monday)):
            continue
        load = load_of_copy(kind)
        yield CarriedView(
            what=What.DELIVERY if is_brought else What.COLLECTION,
            booking_id=booking.id,
            shipment_id=None,
            label=title,
            copy_code=shown(code),
            school_id=booking.school_id,
            depot_id=None,
            place_name=school,
            commune=commune,
            on=booking.starts_on if is_brought else due_on,
            parcels=load.parcels,
            grams=load.grams,
        )


def _shipments(session: Session, depot: Depot) -> Iterable[CarriedView]:
    """What is being packed here for elsewhere, and at other depots of the association for here."""
    packed = select(ShipmentLine.shipment_id)
    query = (
        select(Shipment, Origin, Destination)
        .join(Origin, Origin.id == Shipment.from_depot_id)
        .join(Destination, Destination.id == Shipment.to_depot_id)
        .where(Shipment.state == "packing", Shipment.id.in_(packed))
        .where(
            (Origin.id == depot.id) | ((Destination.id == depot.id) & (Origin.association_id == depot.association_id))
        )
    )
    for shipment, origin, destination in session.execute(query):
        place = destination if origin.id == depot.id else origin
        load = load_of_parcels(list(session.scalars(_weights(shipment.id))))
        yield CarriedView(
            what=What.DELIVERY if origin.id == depot.id else What.COLLECTION,
            booking_id=None,
            shipment_id=shipment.id,
            label=reference_of(shipment.id),
            copy_code="",
            school_id=None,
            depot_id=place.id,
            place_name=place.name,
            commune=place.commune,
            on=None,
            parcels=load.parcels,
            grams=load.grams,
        )


def _weights(shipment_id: int) -> Select[int | None]:
    return select(Parcel.weight_grams).where(Parcel.shipment_id == shipment_id)


def stops_of(session: Session, round_id: int) -> Sequence[RoundStop]:
    """The stops in their order, then those that do not fit."""
    rows = session.scalars(select(RoundStop).where(RoundStop.round_id == round_id)).all()
    return sorted(rows, key=lambda one: (one.number is None, one.number or 0, one.id))


def errands_of(session: Session, round_id: int) -> defaultdict[int, list[RoundErrand]]:
    """What is done at each stop, deliveries first."""
    found: defaultdict[int, list[RoundErrand]] = defaultdict(list)
    query = select(RoundErrand).where(RoundErrand.round_id == round_id)
    for one in session.scalars(query.order_by(RoundErrand.what.desc(), RoundErrand.id)):
        found[one.stop_id].append(one)
    return found


def labels(session: Session, round_id: int) -> dict[int, tuple[str, str]]:
    """What each errand of a round carries, in words, and the code of the copy where it is a loan."""
    query = (
        select(RoundErrand.id, RoundErrand.shipment_id, Title.name, Copy.code)
        .outerjoin(Booking, Booking.id == RoundErrand.booking_id)
        .outerjoin(Title, Title.id == Booking.title_id)
        .outerjoin(Copy, Copy.id == Booking.copy_id)
        .where(RoundErrand.round_id == round_id)
    )
    return {
        errand_id: (reference_of(shipment_id) if shipment_id else title or "", shown(code) if code else "")
        for errand_id, shipment_id, title, code in session.execute(query)
    }


def parcel_codes(session: Session, round_id: int) -> dict[int, list[str]]:
    """The codes of the parcels of each shipment on a round, the first parcel first."""
    query = (
        select(Parcel.shipment_id, Parcel.code)
        .join(RoundErrand, RoundErrand.shipment_id == Parcel.shipment_id)
        .where(RoundErrand.round_id == round_id)
        .order_by(Parcel.shipment_id, Parcel.number)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for shipment_id, code in session.execute(query):
        found[shipment_id].append(code)
    return found


def of_depot(session: Session, depot_id: int) -> list[RoundSummary]:
    """A depot's rounds: what is planned or under way by day, then the last ones that are over."""
    newest = select(Round).where(Round.depot_id == depot_id)
    is_open = Round.state.in_(("planned", "under_way"))
    found = [
        *session.scalars(newest.where(is_open).order_by(Round.held_on, Round.departs_at, Round.id)),
        *session.scalars(newest.where(~is_open).order_by(Round.held_on.desc(), Round.id.desc()).limit(MOST_RECENT)),
    ]
    counted = (
        select(RoundStop.round_id, func.count(RoundStop.number))
        .where(RoundStop.round_id.in_([one.id for one in found]))
        .group_by(RoundStop.round_id)
    )
    counts: dict[int, int] = {row[0]: row[1] for row in session.execute(counted)}
    name = depot_row(session, depot_id).name
    return [summary(one, name, counts.get(one.id, 0)) for one in found]


def summary(row: Round, depot_name: str, stops: int) -> RoundSummary:
    """A round in a list."""
    return RoundSummary(
        id=row.id,
        reference=round_reference(row.id),
        depot_id=row.depot_id,
        depot_name=depot_name,
        held_on=row.held_on,
        departs_at=row.departs_at,
        returns_by=row.returns_by,
        back_at=row.back_at,
        driver=row.driver,
        most_parcels=row.most_parcels,
        most_kg=row.most_kg,
        state=RoundState(row.state),
        stops=stops,
        metres=row.metres,
        version=row.version,
    )


def depot_row(session: Session, depot_id: int) -> Depot:
    """A depot. Raises NotFound."""
    found = session.get(Depot, depot_id)
    if found is None:
        raise NotFound
    return found


def place_of_depot(session: Session, depot: Depot) -> Place | None:
    """Where a depot is; where nobody wrote it down, the middle of the schools that it serves."""
    if depot.latitude is not None and depot.longitude is not None:
        return Place(depot.latitude, depot.longitude)
    query = (
        select(func.avg(School.latitude), func.avg(School.longitude))
        .join(Organisation, Organisation.id == School.organisation_id)
        .where(Organisation.parent_id == depot.association_id)
    )
    north, east = session.execute(query).one()
    return None if north is None or east is None else Place(float(north), float(east))
