"""Reserve a copy of a title for a school."""

import datetime as dt

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lending.catalog.rules import Status, Visibility
from lending.catalog.tables import Copy, Title
from lending.core.actor import Actor
from lending.core.database import ask, table_of
from lending.core.errors import Conflict, NotFound
from lending.loans.queries.alternatives import nearest_free_periods, titles_alike
from lending.loans.rules.errors import NoCopies, NoCopyFree
from lending.loans.rules.periods import Period
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import NewReservation
from lending.loans.service import borrowers
from lending.loans.service.admission import admit, terms_for, write_conditions
from lending.loans.service.locking import lock_school, lock_title
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.recording import Act, record
from lending.loans.service.references import new_reference
from lending.loans.service.shelf import Shelf
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.network.schemas import SchoolView
from lending.network.tables import Depot
from lending.notices.rules import NoticeKind

_copy, _depot = table_of(Copy), table_of(Depot)
DEPOTS_WITH_COPIES = (
    select(_copy.c.depot_id)
    .join_from(_copy, _depot, _depot.c.id == _copy.c.depot_id)
    .where(_copy.c.title_id == bindparam("title_id"), _copy.c.status == Status.LENDABLE.value)
    .where(_depot.c.association_id == bindparam("association_id"))
    .distinct()
    .order_by(_copy.c.depot_id)
)


def reserve(session: Session, actor: Actor, wanted: NewReservation, now: dt.datetime) -> Booking:
    """Make a reservation. Raises the errors of `rules.errors`, Forbidden, NotFound."""
    shelf, school, booking = _placed(session, actor, wanted, now)
    write_conditions(session, booking, terms_for(shelf, school).rule, school)
    shelf.add(booking)
    record(session, booking, Act.RESERVED, actor, now)
    tell_borrower(session, booking, first_word(booking), now)
    tell_search(session, booking.title_id, now)
    return booking


def hold(
    session: Session, actor: Actor, wanted: NewReservation, held_until_at: dt.datetime, now: dt.datetime
) -> Booking:
    """Keep a copy for a short while, for whoever fills a basket. Raises what `reserve` raises."""
    shelf, _, booking = _placed(session, actor, wanted, now)
    booking.cause, booking.held_until_at = Cause.HOLD.value, held_until_at
    booking.person_id = actor.person_id
    shelf.add(booking)
    tell_search(session, booking.title_id, now)
    return booking


def _placed(
    session: Session, actor: Actor, wanted: NewReservation, now: dt.datetime
) -> tuple[Shelf, SchoolView, Booking]:
    """A new booking on the first shelf with room, not yet added to it."""
    lock_school(session, wanted.school_id)
    school = network.school(session, wanted.school_id)
    period = Period.through(wanted.starts_on, wanted.due_on)
    person_id = borrowers.person_to_tell(session, actor, school, wanted.person_id)
    if borrowers.is_own_school(actor, school):
        wanted = msgspec.structs.replace(wanted, copy_id=None)
    title = lock_title(session, wanted.title_id)
    if title.visibility != Visibility.PUBLISHED:
        raise NotFound
    shelf, copy_id = _find_room(session, actor, title, school, period, wanted, now)
    return shelf, school, _new_booking(shelf, period, copy_id, wanted, person_id)


def add_alternatives(
    session: Session, refusal: NoCopyFree, school_id: int, now: dt.datetime, depot_id: int | None = None
) -> None:
    """Say what could be had instead: other days where it was asked for, titles alike there or at a neighbour's.

    A search of its own: it must not keep others from the title.
    """
    title, school = session.get_one(Title, refusal.title_id), network.school(session, school_id)
    lender_id = network.depot(session, depot_id).association_id if depot_id else school.association_id
    period = Period.through(refusal.starts_on, refusal.due_on)
    refusal.nearest = nearest_free_periods(session, title, period, now, lender_id)
    refusal.equivalent_title_ids = titles_alike(session, title, period, now, school)


def first_word(booking: Booking) -> NoticeKind:
    """What its borrower hears first: confirmed, or received where the association must agree."""
    return NoticeKind.BOOKING_RECEIVED if booking.awaits_approval else NoticeKind.BOOKING_CONFIRMED


def depots_with_copies(session: Session, title: Title, association_id: int) -> list[int]:
    """The depots of an association that can lend a title, by id."""
    found = ask(session, DEPOTS_WITH_COPIES, title_id=title.id, association_id=association_id)
    return list(found.scalars())


def _find_room(
    session: Session,
    actor: Actor,
    title: Title,
    school: SchoolView,
    period: Period,
    wanted: NewReservation,
    now: dt.datetime,
) -> tuple[Shelf, int]:
    """The first shelf with room, and the copy. Else raises what stood in the way at the last one."""
    refusal: Conflict = NoCopies(title_id=title.id, title_name=title.name)
    for depot_id in _depots(session, title, school, wanted):
        shelf = open_shelf(session, title, depot_id, now)
        try:
            return shelf, _room_on(shelf, actor, school, period, wanted.copy_id)
        except Conflict as reason:
            refusal = reason
    raise refusal


def _depots(session: Session, title: Title, school: SchoolView, wanted: NewReservation) -> list[int]:
    if wanted.depot_id is None:
        return depots_with_copies(session, title, school.association_id)
    return [network.depot(session, wanted.depot_id).id]


def _room_on(shelf: Shelf, actor: Actor, school: SchoolView, period: Period, wanted_copy_id: int | None) -> int:
    if not shelf.copies:
        raise NoCopies(title_id=shelf.title.id, title_name=shelf.title.name)
    terms = admit(shelf, school, period, needs_lead=borrowers.is_own_school(actor, school))
    copy_id = shelf.make_room(terms.buffers.around(period), wanted_copy_id)
    if copy_id is None:
        raise NoCopyFree(
            title_id=shelf.title.id,
            title_name=shelf.title.name,
            starts_on=period.starts_on,
            due_on=period.due_on,
        )
    return copy_id


def _new_booking(shelf: Shelf, period: Period, copy_id: int, wanted: NewReservation, person_id: int | None) -> Booking:
    blocked = shelf.terms.buffers.around(period)
    return Booking(
        reference=new_reference(),
        title_id=shelf.title.id,
        copy_id=copy_id,
        association_id=shelf.terms.association_id,
        depot_id=shelf.terms.depot_id,
        cause=Cause.LOAN.value,
        state=State.PLANNED.value,
        pinned=wanted.copy_id == copy_id,
        school_id=wanted.school_id,
        person_id=person_id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        blocked_starts_on=blocked.starts_on,
        blocked_ends_on=blocked.ends_on,
        created_at=shelf.now,
    )
