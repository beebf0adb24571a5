"""Proposals for reservations that no copy can serve as things stand."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.core.errors import LendingError
from lending.loans.queries.alternatives import equivalent_titles, nearest_free_periods
from lending.loans.queries.pools import Pool, pools, pools_of_title
from lending.loans.queries.terms import TermsBook
from lending.loans.rules.borrowers import borrowers_of
from lending.loans.rules.cures import CureKind, Place, cure_id
from lending.loans.rules.loan_rules import check_dates
from lending.loans.rules.periods import Period
from lending.loans.schemas.cures import Cure
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.network.tables import Depot, Organisation

MOST_DEPOTS = 4


def cures_of(session: Session, booking: Booking, now: dt.datetime) -> list[Cure]:
    """Another depot (the association's own first), then other dates near, then equivalent titles."""
    title = session.get_one(Title, booking.title_id)
    period = Period(booking.starts_on, booking.ends_on)
    places = [
        *_other_depots(session, title, booking, period, now),
        *_other_dates(session, title, booking, period, now),
        *_other_titles(session, title, booking, period, now),
    ]
    return _named(session, places)


def _other_depots(session: Session, title: Title, booking: Booking, period: Period, now: dt.datetime) -> list[Place]:
    found = [pool for pool in pools_of_title(session, title.id, title.kind, now) if pool.has_room(period)]
    lending = _that_lend(session, found, title.kind, booking, period, now)
    others = [one for one in lending if one.terms.depot_id != booking.depot_id]
    others.sort(key=lambda one: (one.terms.association_id != booking.association_id, one.terms.depot_id))
    return [Place(CureKind.DEPOT, title.id, one.terms.depot_id, period) for one in others[:MOST_DEPOTS]]


def _other_dates(session: Session, title: Title, booking: Booking, period: Period, now: dt.datetime) -> list[Place]:
    found = nearest_free_periods(session, title, period, now, booking.association_id)
    days = [(one.depot_id, Period.through(one.starts_on, one.due_on)) for one in found]
    return [Place(CureKind.DATES, title.id, depot_id, days_there) for depot_id, days_there in days]


def _other_titles(session: Session, title: Title, booking: Booking, period: Period, now: dt.datetime) -> list[Place]:
    alike = equivalent_titles(session, title, period, now, booking.association_id)
    found = pools(session, dict.fromkeys(alike, title.kind), now, booking.association_id)
    places = []
    for title_id in alike:
        rooms = [pool for (id_, _), pool in found.items() if id_ == title_id and pool.has_room(period)]
        lending = _that_lend(session, rooms, title.kind, booking, period, now)
        nearest = sorted(lending, key=lambda one: (one.terms.depot_id != booking.depot_id, one.terms.depot_id))
        places += [Place(CureKind.TITLE, title_id, one.terms.depot_id, period) for one in nearest[:1]]
    return places


def _that_lend(
    session: Session, found: Iterable[Pool], kind: str, booking: Booking, period: Period, now: dt.datetime
) -> list[Pool]:
    """The pools whose rule lends to the booking's school in the period."""
    pool_list = list(found)
    if booking.school_id is None or not pool_list:
        return []
    book = TermsBook(session, [one.terms.depot_id for one in pool_list])
    school_path = network.path_of(session, booking.school_id)
    paths = {id_: network.path_of(session, id_) for id_ in {one.terms.association_id for one in pool_list}}

    def lends(pool: Pool) -> bool:
        borrowers = borrowers_of(paths[pool.terms.association_id], school_path)
        terms = book.of(pool.terms.depot_id, kind, borrowers)
        try:
            check_dates(period, terms.rule, terms.calendar, pool.today(now))
        except LendingError:
            return False
        return terms.rule.is_lendable

    return [pool for pool in pool_list if lends(pool)]


def _named(session: Session, places: Iterable[Place]) -> list[Cure]:
    wanted = list(places)
    titles = {one.title_id for one in wanted}
    names = dict(iter(session.execute(select(Title.id, Title.name).where(Title.id.in_(titles)))))
    query = (
        select(Depot.id, Depot.name, Organisation.name)
        .join(Organisation, Organisation.id == Depot.association_id)
        .where(Depot.id.in_({one.depot_id for one in wanted}))
    )
    depots = {id_: (depot, association) for id_, depot, association in session.execute(query)}
    return [
        Cure(
            id=cure_id(one),
            kind=one.kind,
            title_id=one.title_id,
            title_name=names[one.title_id],
            depot_id=one.depot_id,
            depot_name=depots[one.depot_id][0],
            association_name=depots[one.depot_id][1],
            starts_on=one.period.starts_on,
            due_on=one.period.due_on,
        )
        for one in wanted
    ]
