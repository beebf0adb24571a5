"""Who waits, in which order."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, select
from sqlalchemy.orm import Session, aliased

from lending.catalog.tables import Title
from lending.core.database import ask, table_of
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
_wish = table_of(Wish).c
IS_WAITING = _wish.state.in_([state.value for state in OPEN])
# For most titles nobody waits: objects are made of those that somebody waits for only.
IDS = select(_wish.id).where(
    _wish.title_id == bindparam("title_id"), _wish.association_id == bindparam("association_id"), IS_WAITING
)
QUEUE = select(Wish).where(Wish.id.in_(bindparam("ids", expanding=True))).execution_options(populate_existing=True)
PLACES = select(_wish.id, _wish.title_id, _wish.association_id, _wish.state, _wish.rank).where(
    _wish.title_id.in_(bindparam("title_ids", expanding=True)), IS_WAITING
)
OFFER = (
    select(Booking).where(Booking.wish_id == bindparam("wish_id"), IS_OPEN).execution_options(populate_existing=True)
)


def queue(session: Session, title_id: int, association_id: int) -> list[Wish]:
    """The open wishes for a title at an association: those being served first, then by rank."""
    ids = ask(session, IDS, title_id=title_id, association_id=association_id).scalars().all()
    return sorted(session.scalars(QUEUE, {"ids": ids}), key=_turn) if ids else []


def _turn(wish: Wish | Row[Any]) -> tuple[bool, int, int]:
    return (wish.state != WishState.OFFERED, wish.rank, wish.id)


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
    wanted = set(queues)
    waiting: defaultdict[tuple[int, int], list[Row[Any]]] = defaultdict(list)
    for row in ask(session, PLACES, title_ids=sorted({title_id for title_id, _ in wanted})):
        waiting[row.title_id, row.association_id].append(row)
    return {row.id: position for one in wanted for position, row in enumerate(sorted(waiting[one], key=_turn), start=1)}


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
