"""Reads of transfers."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person
from lending.catalog.tables import Copy, Title
from lending.core.barcodes import shown
from lending.core.errors import NotFound
from lending.loans.queries.pools import IS_OPEN
from lending.loans.tables import Booking
from lending.network.tables import Depot
from lending.shipping.rules import Reason, TransferState
from lending.shipping.schemas import TransferStep, TransferView
from lending.shipping.tables import Transfer, TransferEvent

Origin = aliased(Depot)
Destination = aliased(Depot)
OPEN = (TransferState.PLANNED.value, TransferState.READY.value, TransferState.SENT.value)


def open_of_copy(session: Session, copy_id: int) -> Transfer | None:
    """The transfer of a copy that is not over."""
    query = select(Transfer).where(Transfer.copy_id == copy_id, Transfer.state.in_(OPEN))
    return session.scalar(query.execution_options(populate_existing=True))


def latest_of_copy(session: Session, copy_id: int) -> Transfer | None:
    """The last transfer of a copy, over or not."""
    return session.scalar(select(Transfer).where(Transfer.copy_id == copy_id).order_by(Transfer.id.desc()).limit(1))


def of(session: Session, *conditions: ColumnElement[bool]) -> list[TransferView]:
    """The transfers that fulfil the conditions, the next to leave first."""
    query = (
        select(Transfer, Copy, Title.name, Origin.name, Destination.name)
        .join(Copy, Copy.id == Transfer.copy_id)
        .join(Title, Title.id == Copy.title_id)
        .join(Origin, Origin.id == Transfer.from_depot_id)
        .join(Destination, Destination.id == Transfer.to_depot_id)
        .where(*conditions)
        .order_by(Transfer.leaves_on, Transfer.id)
    )
    return [_view(*row) for row in session.execute(query)]


def one(session: Session, transfer_id: int) -> TransferView:
    """One transfer. Raises NotFound."""
    found = of(session, Transfer.id == transfer_id)
    if not found:
        raise NotFound
    return found[0]


def touching(session: Session, depot_ids: Sequence[int]) -> list[TransferView]:
    """The open transfers that leave or reach one of these depots."""
    leaves, reaches = Transfer.from_depot_id.in_(depot_ids), Transfer.to_depot_id.in_(depot_ids)
    return of(session, Transfer.state.in_(OPEN), leaves | reaches)


def steps(session: Session, *conditions: ColumnElement[bool]) -> list[TransferStep]:
    """The steps of transfers, in the order in which they were made."""
    query = (
        select(TransferEvent, Depot.name, Person.name)
        .join(Depot, Depot.id == TransferEvent.depot_id)
        .join(Transfer, Transfer.id == TransferEvent.transfer_id)
        .outerjoin(Person, Person.id == TransferEvent.person_id)
        .where(*conditions)
        .order_by(TransferEvent.id)
    )
    return [
        TransferStep(act=row.act, depot_name=depot, person_name=name or "", happened_at=row.happened_at, note=row.note)
        for row, depot, name in session.execute(query)
    ]


def _view(transfer: Transfer, copy: Copy, title: str, origin: str, destination: str) -> TransferView:
    return TransferView(
        id=transfer.id,
        state=TransferState(transfer.state),
        reason=Reason(transfer.reason),
        copy_id=copy.id,
        copy_code=shown(copy.code),
        title_id=copy.title_id,
        title_name=title,
        from_depot_id=transfer.from_depot_id,
        from_depot_name=origin,
        to_depot_id=transfer.to_depot_id,
        to_depot_name=destination,
        keep_at_destination=transfer.keep_at_destination,
        for_booking_id=transfer.for_booking_id,
        leaves_on=transfer.leaves_on,
        sent_at=transfer.sent_at,
        received_at=transfer.received_at,
        version=transfer.version,
    )


def open_bookings_of(session: Session, copy_id: int) -> int:
    """How many open bookings count on a copy."""
    return session.scalar(select(func.count()).where(Booking.copy_id == copy_id, IS_OPEN)) or 0
