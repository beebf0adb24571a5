"""Who waits, in which order."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session, aliased

from lending.catalog.tables import Title
from lending.core.database import table_of
from lending.loans.queries import reservations
from lending.loans.queries.pools import IS_OPEN, is_expired
from lending.loans.rules.periods import DAY
from lending.loans.rules.waiting import OPEN, WishState
from lending.loans.schemas import Reservation
from lending.loans.schemas.waiting import WishView
from lending.loans.tables import Booking, Wish
from lending.network.tables import Organisation

School = aliased(Organisation)
Lender = aliased(Organisation)
IS_WAITING = table_of(Wish).c.state.in_([state.value for state in OPEN])
QUEUE = (
    select(Wish)
    .where(Wish.title_id == bindparam("title_id"), Wish.association_id == bindparam("association_id"), IS_WAITING)
    .order_by(Wish.rank, Wish.id)
    .execution_options(populate_existing=True)
)
OFFER = (
    select(Booking).where(Booking.wish_id == bindparam("wish_id"), IS_OPEN).execution_options(populate_existing=True)
)


def queue(session: Session, title_id: int, association_id: int) -> list[Wish]:
    """The open wishes for a title at an association: those being served first, then by rank."""
    rows = session.scalars(QUEUE, {"title_id": title_id, "association_id": association_id}).all()
    return sorted(rows, key=lambda one: (one.state != WishState.OFFERED, one.rank, one.id))


def offer_of(session: Session, wish_id: int) -> Booking | None:
    """The open hold, or the loan that it became, of a wish."""
    return session.scalar(OFFER, {"wish_id": wish_id})


def of(session: Session, now: dt.datetime, *conditions: ColumnElement[bool]) -> list[WishView]:
    """The wishes that fulfil the conditions, those of one title together."""
    query = (
        select(Wish, Title.name, Lender.name, School.name)
        .join(Title, Title.id == Wish.title_id)
        .join(Lender, Lender.id == Wish.association_id)
        .join(School, School.id == Wish.school_id)
        .where(*conditions)
        .order_by(Title.name, Wish.title_id, Wish.rank, Wish.id)
    )
    rows = session.execute(query).all()
    positions = _positions(session, {(wish.title_id, wish.association_id) for wish, *_ in rows})
    offers = _offers(session, [wish.id for wish, *_ in rows], now)
    return [_view(*row, positions.get(row[0].id), offers.get(row[0].id)) for row in rows]


def _positions(session: Session, queues: Iterable[tuple[int, int]]) -> dict[int, int]:
    return {
        wish.id: position
        for title_id, association_id in queues
        for position, wish in enumerate(queue(session, title_id, association_id), start=1)
    }


def _offers(session: Session, wish_ids: Sequence[int], now: dt.datetime) -> dict[int, Reservation]:
    if not wish_ids:
        return {}
    rows = session.scalars(select(Booking).where(Booking.wish_id.in_(wish_ids), IS_OPEN)).all()
    views = {one.id: one for one in reservations.some(session, [row.id for row in rows], now)}
    found: defaultdict[int, list[Reservation]] = defaultdict(list)
    for row in rows:
        if row.wish_id is not None and not is_expired(row, now):
            found[row.wish_id].append(views[row.id])
    return {wish_id: offers[0] for wish_id, offers in found.items()}


def _view(
    wish: Wish, title: str, lender: str, school: str, position: int | None, offer: Reservation | None
) -> WishView:
    return WishView(
        id=wish.id,
        reference=wish.reference,
        state=WishState(wish.state),
        position=position,
        title_id=wish.title_id,
        title_name=title,
        association_id=wish.association_id,
        association_name=lender,
        depot_id=wish.depot_id,
        school_id=wish.school_id,
        school_name=school,
        starts_on=wish.starts_on,
        until_on=wish.ends_on - DAY,
        length_days=wish.length_days,
        suspended_until_on=wish.suspended_until_on,
        is_hopeless=wish.hopeless_at is not None,
        created_at=wish.created_at,
        offer=offer if wish.state == WishState.OFFERED else None,
        version=wish.version,
    )
