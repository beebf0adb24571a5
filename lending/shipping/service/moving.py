"""The steps of a transfer. Everything here runs inside the caller's transaction."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.placing.queries import move_along
from lending.catalog.rules import Status
from lending.catalog.schemas import CopyDetail
from lending.catalog.tables import Copy
from lending.core.actor import Actor, Role
from lending.core.clock import local_day
from lending.core.errors import NotFound
from lending.loans.rules.states import Cause, State
from lending.loans.service import occupy
from lending.loans.service.locking import lock_copy
from lending.loans.service.replan import replan_title
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.shipping import queries
from lending.shipping.rules import (
    CopyIsNeeded,
    CopyNotInDepot,
    Reason,
    SameDepot,
    TransferOpen,
    TransferState,
    check_step,
)
from lending.shipping.schemas import NewTransfer
from lending.shipping.tables import Transfer, TransferEvent


def plan(session: Session, actor: Actor, new: NewTransfer, now: dt.datetime) -> Transfer:
    """Plan a move: staff of the copy's depot, or a coordinator above both.

    Raises UnknownBarcode, SameDepot, TransferOpen, CopyIsNeeded, Forbidden, NotFound.
    """
    copy = catalog.copy_by_code(session, new.code)
    require_depot(session, actor, copy.depot_id, Role.STAFF, Role.COORDINATOR)
    network.depot(session, new.to_depot_id)
    return plan_copy(session, actor, copy, new, now)


def plan_copy(session: Session, actor: Actor, copy: CopyDetail, new: NewTransfer, now: dt.datetime) -> Transfer:
    """Plan a move of a copy that was found already. Raises SameDepot, TransferOpen, CopyIsNeeded."""
    if copy.depot_id == new.to_depot_id:
        raise SameDepot
    lock_copy(session, copy.id)
    if queries.open_of_copy(session, copy.id) is not None:
        raise TransferOpen(barcode=copy.shown_code)
    booking = occupy.occupy(session, copy.id, Cause.TRANSFER, new.leaves_on, None, now)
    if booking is None:
        raise CopyIsNeeded(barcode=copy.shown_code)
    transfer = Transfer(
        copy_id=copy.id,
        booking_id=booking.id,
        from_depot_id=copy.depot_id,
        to_depot_id=new.to_depot_id,
        home_depot_id=copy.depot_id,
        for_booking_id=new.for_booking_id,
        reason=new.reason.value,
        keep_at_destination=new.keep_at_destination,
        state=TransferState.PLANNED.value,
        leaves_on=new.leaves_on,
        created_at=now,
    )
    session.add(transfer)
    session.flush()
    write(session, transfer, "planned", copy.depot_id, actor, now)
    return transfer


def ready(session: Session, actor: Actor, transfer_id: int, now: dt.datetime) -> Transfer:
    """The copy is packed. Raises TransferNotThere, Forbidden, NotFound."""
    transfer = locked(session, transfer_id)
    require_depot(session, actor, transfer.from_depot_id, Role.STAFF)
    check_step(transfer.state, TransferState.READY)
    transfer.state = TransferState.READY.value
    return write(session, transfer, "ready", transfer.from_depot_id, actor, now)


def send(session: Session, actor: Actor, transfer_id: int, now: dt.datetime) -> Transfer:
    """The copy leaves. Raises TransferNotThere, CopyNotInDepot, CopyIsNeeded while somebody has it, Forbidden."""
    transfer = locked(session, transfer_id)
    require_depot(session, actor, transfer.from_depot_id, Role.STAFF)
    check_step(transfer.state, TransferState.SENT)
    copy = catalog.copy(session, transfer.copy_id)
    if copy.depot_id != transfer.from_depot_id:
        raise CopyNotInDepot(barcode=copy.shown_code, depot_name=copy.depot_name)
    booking = session.get_one(Booking, transfer.booking_id)
    today = local_day(now, network.depot(session, transfer.from_depot_id).time_zone)
    if not occupy.begin(session, booking, copy.id, today, now):
        raise CopyIsNeeded(barcode=copy.shown_code)
    transfer.state, transfer.sent_at = TransferState.SENT.value, now
    return write(session, transfer, "sent", transfer.from_depot_id, actor, now)


def receive(session: Session, actor: Actor, transfer: Transfer, depot_id: int, now: dt.datetime) -> Transfer:
    """The copy is there, and is kept there from now on; its way home is planned where it only came for a while."""
    check_step(transfer.state, TransferState.RECEIVED)
    copy = settle_in(session, transfer, depot_id, now)
    transfer.state, transfer.received_at = TransferState.RECEIVED.value, now
    transfer.closed_at = transfer.closed_at or now
    write(session, transfer, "received", depot_id, actor, now)
    replan_title(session, copy.title_id, now)
    if not transfer.keep_at_destination and _is_useless_here(session, transfer):
        way_home(session, actor, copy.id, transfer.home_depot_id, now)
    return transfer


def settle_in(session: Session, transfer: Transfer, depot_id: int, now: dt.datetime) -> Copy:
    """End the occupation and keep the copy at the depot."""
    _, copy = lock_copy(session, transfer.copy_id)
    booking = session.get_one(Booking, transfer.booking_id)
    if booking.state == State.OUT:
        occupy.end(session, booking, now)
    copy.depot_id = depot_id
    copy.status = Status.LENDABLE.value if copy.status == Status.LOST else copy.status
    copy.version += 1
    session.flush()
    move_along(session, copy.id, depot_id)
    return copy


def cancel(session: Session, actor: Actor, transfer_id: int, now: dt.datetime) -> Transfer:
    """Do not move it after all; what left already turns round and comes back. Raises TransferNotThere, Forbidden."""
    transfer = locked(session, transfer_id)
    require_depot(session, actor, transfer.from_depot_id, Role.STAFF, Role.COORDINATOR)
    if transfer.state == TransferState.SENT:
        return redirect(session, actor, transfer, transfer.from_depot_id, now, "cancelled")
    give_up(session, actor, transfer, now)
    replan_title(session, catalog.copy(session, transfer.copy_id).title_id, now)
    return transfer


def give_up(session: Session, actor: Actor, transfer: Transfer, now: dt.datetime) -> None:
    """It does not move this way: the copy is free again. Raises TransferNotThere."""
    check_step(transfer.state, TransferState.CANCELLED)
    occupy.give_up(session, session.get_one(Booking, transfer.booking_id), now)
    transfer.state, transfer.closed_at = TransferState.CANCELLED.value, now
    write(session, transfer, "cancelled", transfer.from_depot_id, actor, now)


def redirect(
    session: Session, actor: Actor, transfer: Transfer, to_depot_id: int, now: dt.datetime, act: str = "redirected"
) -> Transfer:
    """Another destination on the way; the copy stays in transit."""
    transfer.to_depot_id, transfer.keep_at_destination = to_depot_id, True
    return write(session, transfer, act, to_depot_id, actor, now)


def lose(session: Session, actor: Actor, transfer_id: int, now: dt.datetime) -> Transfer:
    """It never arrived. Raises TransferNotThere, Forbidden, NotFound."""
    transfer = locked(session, transfer_id)
    require_depot(session, actor, transfer.to_depot_id, Role.STAFF, Role.COORDINATOR)
    check_step(transfer.state, TransferState.LOST)
    copy = settle_in(session, transfer, transfer.from_depot_id, now)
    copy.status = Status.LOST.value
    transfer.state, transfer.closed_at = TransferState.LOST.value, now
    write(session, transfer, "lost", transfer.to_depot_id, actor, now)
    replan_title(session, copy.title_id, now)
    return transfer


def way_home(session: Session, actor: Actor, copy_id: int, depot_id: int, now: dt.datetime) -> Transfer | None:
    """Plan the copy's way to its depot; None when it has a way already or is needed where it is."""
    copy = catalog.copy(session, copy_id)
    today = local_day(now, network.depot(session, copy.depot_id).time_zone)
    new = NewTransfer(code=copy.code, to_depot_id=depot_id, leaves_on=today, reason=Reason.RETURN_HOME)
    try:
        return plan_copy(session, actor, copy, new, now)
    except (TransferOpen, CopyIsNeeded, SameDepot):
        return None


def go_on(session: Session, actor: Actor, given_up: Transfer, now: dt.datetime) -> Transfer | None:
    """Plan the same way again from where the copy is now; None when it is needed there."""
    copy = catalog.copy(session, given_up.copy_id)
    today = local_day(now, network.depot(session, copy.depot_id).time_zone)
    new = NewTransfer(
        code=copy.code,
        to_depot_id=given_up.to_depot_id,
        leaves_on=max(today, given_up.leaves_on),
        reason=Reason(given_up.reason),
        keep_at_destination=given_up.keep_at_destination,
        for_booking_id=given_up.for_booking_id,
    )
    try:
        transfer = plan_copy(session, actor, copy, new, now)
    except CopyIsNeeded:
        return None
    transfer.home_depot_id = given_up.home_depot_id
    return transfer


def locked(session: Session, transfer_id: int) -> Transfer:
    """A transfer behind its copy's lock. Raises NotFound."""
    found = session.get(Transfer, transfer_id)
    if found is None:
        raise NotFound
    lock_copy(session, found.copy_id)
    return session.get_one(Transfer, transfer_id, populate_existing=True)


def require_depot(session: Session, actor: Actor, depot_id: int, *roles: Role) -> None:
    """Raise Forbidden or NotFound unless the person has one of the roles over the depot's association."""
    depot = network.depot(session, depot_id)
    actor.require(network.path_of(session, depot.association_id), *roles)


def write(
    session: Session, transfer: Transfer, act: str, depot_id: int, actor: Actor, now: dt.datetime, note: str = ""
) -> Transfer:
    """Add the step to what is known of the transfer."""
    event = TransferEvent(transfer_id=transfer.id, act=act, depot_id=depot_id, happened_at=now, note=note)
    event.person_id = actor.person_id
    session.add(event)
    transfer.version += 1
    session.flush()
    return transfer


def _is_useless_here(session: Session, transfer: Transfer) -> bool:
    """Whether nobody needs the copy where it arrived: what it came for is over, and nobody else took it."""
    came_for = session.get(Booking, transfer.for_booking_id) if transfer.for_booking_id else None
    is_over = came_for is None or came_for.state not in (State.PLANNED, State.OUT)
    return is_over and queries.open_bookings_of(session, transfer.copy_id) == 0
