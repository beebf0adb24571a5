"""Which titles settling would change, asked of many at once and without a lock.

Settling takes the writers' turn for each title, and most turns of the worker find every plan as it should be. What
this says « no » to, a settling would leave exactly as it is; what changes meanwhile, the next turn sees.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from lending.catalog.rules import Status
from lending.catalog.tables import Copy, Title
from lending.core.database import ask, table_of
from lending.loans.queries import relays
from lending.loans.queries.pools import Occupied, open_bookings
from lending.loans.queries.terms import TermsBook
from lending.loans.queries.wishes import IS_WAITING
from lending.loans.rules.periods import Period
from lending.loans.rules.waiting import WishState, is_over
from lending.loans.service.overdue import known_keys
from lending.loans.service.standing import GoOn, Standing, at_risk_key
from lending.loans.service.waiting import is_passed_over
from lending.loans.tables import Wish

TITLES_AT_ONCE = 200

_title, _copy, _wish = (table_of(one).c for one in (Title, Copy, Wish))
KINDS = select(_title.id, _title.kind).where(_title.id.in_(bindparam("title_ids", expanding=True)))
COPIES = (
    select(_copy.id, _copy.title_id, _copy.depot_id, _copy.owner_id, _copy.status)
    .where(_copy.title_id.in_(bindparam("title_ids", expanding=True)))
    .order_by(_copy.id)
)
WAITING = select(table_of(Wish)).where(_wish.title_id.in_(bindparam("title_ids", expanding=True)), IS_WAITING)


@dataclass
class _Seen:
    """A title, as much of it as plans depend on."""

    kind: str
    bookings: list[Occupied] = field(default_factory=list)
    copies: list[Row[Any]] = field(default_factory=list)
    wishes: list[Row[Any]] = field(default_factory=list)

    def depots(self) -> set[int]:
        """Where it has bookings, or copies for which somebody waits."""
        kept = {copy.depot_id for copy in self.copies} if self.wishes else set()
        return {booking.depot_id for booking in self.bookings} | kept

    def lendable(self, depot_id: int) -> list[int]:
        """The copies that a depot can lend."""
        return [one.id for one in self.copies if one.depot_id == depot_id and one.status == Status.LENDABLE]

    def may_hope(self, association_id: int) -> bool:
        """Whether an association has a copy that could be lent, in whichever depot."""
        return any(one.owner_id == association_id and one.status == Status.LENDABLE for one in self.copies)


def unsettled(session: Session, title_ids: Collection[int], now: dt.datetime) -> list[int]:
    """Those of these titles of which a settling would change a plan or a wish, or tell somebody something."""
    ordered = sorted(title_ids)
    return [
        title_id
        for start in range(0, len(ordered), TITLES_AT_ONCE)
        for title_id in _unsettled(session, ordered[start : start + TITLES_AT_ONCE], now)
    ]


def _unsettled(session: Session, title_ids: Sequence[int], now: dt.datetime) -> Iterator[int]:
    titles = _look(session, title_ids)
    book = TermsBook(session, {depot_id for seen in titles.values() for depot_id in seen.depots()})
    told = _told(session, (booking for seen in titles.values() for booking in seen.bookings))
    go_on = partial(relays.were_to_go_on, session)
    for title_id, seen in titles.items():
        shelves = (_shelf(seen, depot_id, book, now, go_on) for depot_id in sorted(seen.depots()))
        if not all(_is_settled(seen, shelf, told) for shelf in shelves):
            yield title_id


def _look(session: Session, title_ids: Sequence[int]) -> dict[int, _Seen]:
    ids = list(title_ids)
    found = {row.id: _Seen(row.kind) for row in ask(session, KINDS, title_ids=ids)}
    for booking in open_bookings(session, ids):
        found[booking.title_id].bookings.append(booking)
    for copy in ask(session, COPIES, title_ids=ids):
        found[copy.title_id].copies.append(copy)
    for wish in ask(session, WAITING, title_ids=ids):
        found[wish.title_id].wishes.append(wish)
    return dict(sorted(found.items()))


def _told(session: Session, bookings: Iterable[Occupied]) -> set[str]:
    """The messages about bookings at risk that were announced before."""
    return known_keys(session, [at_risk_key(one) for one in bookings if one.copy_id is None])


def _shelf(seen: _Seen, depot_id: int, book: TermsBook, now: dt.datetime, go_on: GoOn) -> Standing[Occupied]:
    own = [one for one in seen.bookings if one.depot_id == depot_id]
    copies = seen.lendable(depot_id)
    held = {*copies, *(one.copy_id for one in own if one.copy_id is not None)}
    elsewhere = [one for one in seen.bookings if one.depot_id != depot_id and one.copy_id in held]
    return Standing(book.of(depot_id, seen.kind), copies, [*own, *elsewhere], now, go_on)


def _is_settled(seen: _Seen, shelf: Standing[Occupied], told: Collection[str]) -> bool:
    untold = (one for one in shelf.at_risk() if one.person_id is not None and at_risk_key(one) not in told)
    return shelf.is_settled() and not any(untold) and not _serves_anybody(seen, shelf)


def _serves_anybody(seen: _Seen, shelf: Standing[Occupied]) -> bool:
    """Whether something would become of somebody's waiting."""
    here = [one for one in seen.wishes if one.association_id == shelf.terms.association_id]
    kept = {one.wish_id for one in seen.bookings}
    is_hopeless = not shelf.copies and not seen.may_hope(shelf.terms.association_id)
    return any(
        one.id not in kept if one.state == WishState.OFFERED else _moves_on(shelf, one, is_hopeless=is_hopeless)
        for one in here
    )


def _moves_on(shelf: Standing[Occupied], wish: Row[Any], *, is_hopeless: bool) -> bool:
    window = Period(wish.starts_on, wish.ends_on)
    if (wish.hopeless_at is not None) is not is_hopeless or is_over(window, wish.length_days, shelf.today):
        return True
    return not is_passed_over(shelf, wish) and any(map(shelf.has_room, shelf.periods_in(window, wish.length_days)))
