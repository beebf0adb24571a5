"""What a plan is made from: places, copies, loans, people who wait, wishes that found nothing."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lending.catalog.rules import Kind, Status
from lending.catalog.tables import Copy, Title, TitleLevel, TitleTheme
from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.states import Cause, State
from lending.loans.tables import Booking, Wish
from lending.network.tables import Association, Depot, Organisation, School
from lending.shipping.rebalancing.rules.leaving import Words
from lending.shipping.rebalancing.schemas import UnmetFact
from lending.shipping.rebalancing.tables import RebalancingPolicy
from lending.shipping.rules import Reason, TransferState
from lending.shipping.tables import Transfer

HAPPENED = (State.PLANNED.value, State.OUT.value, State.DONE.value)


@dataclass(frozen=True, slots=True)
class UnmetSource:
    """Where unmet demand is read, and how words are folded there: search and shipping do not know each other."""

    read: Callable[[Session, Collection[str], dt.date, dt.date], Sequence[UnmetFact]]
    fold: Callable[[str], Sequence[str]]


class PlaceRow(NamedTuple):
    """An association that has a depot: where it is, whose schools it serves, where copies arrive."""

    association_id: int
    code: str
    name: str
    union_id: int
    zone: str
    depot_id: int
    latitude: float | None
    longitude: float | None
    pupils: int


class SchoolsRow(NamedTuple):
    """The schools of an association: their pupils, and their middle."""

    pupils: int
    latitude: float | None
    longitude: float | None


class TitleRow(NamedTuple):
    """A title that could move; its first theme and level say which titles are like it."""

    id: int
    name: str
    kind: str


class CopyRow(NamedTuple):
    """A copy on a shelf of one of the places."""

    id: int
    title_id: int
    owner_id: int
    depot_id: int
    association_id: int


class LoanRow(NamedTuple):
    """A loan that was, is or will be, by the association of the school that has it."""

    title_id: int
    association_id: int
    starts_on: dt.date
    blocked_starts_on: dt.date
    blocked_ends_on: dt.date


class WishRow(NamedTuple):
    """Somebody waits, or waited in vain."""

    title_id: int
    association_id: int
    starts_on: dt.date
    is_open: bool


def places(session: Session, path: str) -> list[PlaceRow]:
    """The associations below an organisation that have a depot, by code; the first depot by name receives."""
    below = Organisation.path.startswith(path, autoescape=True)
    depots: dict[int, Depot] = {}
    for depot in session.scalars(select(Depot).order_by(Depot.association_id, Depot.name)):
        depots.setdefault(depot.association_id, depot)
    schools = _schools(session, path)
    nobody = SchoolsRow(0, None, None)
    query = (
        select(Association, Organisation.name, Organisation.parent_id)
        .join(Organisation, Organisation.id == Association.organisation_id)
        .where(below)
        .order_by(Association.code)
    )
    return [
        PlaceRow(
            row.organisation_id,
            row.code,
            name,
            union_id or 0,
            row.holiday_zone,
            depots[row.organisation_id].id,
            *_where(depots[row.organisation_id], schools.get(row.organisation_id, nobody)),
            schools.get(row.organisation_id, nobody).pupils,
        )
        for row, name, union_id in session.execute(query)
        if row.organisation_id in depots
    ]


def copies(session: Session, association_ids: Collection[int]) -> list[CopyRow]:
    """Every lendable copy that one of the associations keeps, of titles that others may have too."""
    query = (
        select(Copy.id, Copy.title_id, Copy.owner_id, Copy.depot_id, Depot.association_id)
        .join(Depot, Depot.id == Copy.depot_id)
        .join(Title, Title.id == Copy.title_id)
        .where(Depot.association_id.in_(association_ids), Copy.status == Status.LENDABLE.value)
        .where(Title.visibility == "published", Title.is_local.is_(False), Title.kind != Kind.SHEET.value)
        .order_by(Copy.id)
    )
    return [CopyRow(*row) for row in session.execute(query)]


def titles(session: Session, title_ids: Collection[int]) -> list[TitleRow]:
    """The titles in the order of their numbers."""
    wanted = set(title_ids)
    query = select(Title.id, Title.name, Title.kind).order_by(Title.id)
    return [TitleRow(*row) for row in session.execute(query) if row[0] in wanted]


def words_of_titles(session: Session) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """The themes and the levels of every title, each in the order of their codes."""
    themes: dict[int, list[str]] = {}
    levels: dict[int, list[str]] = {}
    for title_id, theme in session.execute(select(TitleTheme.title_id, TitleTheme.theme).order_by(TitleTheme.theme)):
        themes.setdefault(title_id, []).append(theme)
    for title_id, level in session.execute(select(TitleLevel.title_id, TitleLevel.level).order_by(TitleLevel.level)):
        levels.setdefault(title_id, []).append(level)
    return themes, levels


def loans(session: Session, association_ids: Collection[int], since: dt.date) -> list[LoanRow]:
    """Loans since a day to schools of these associations."""
    school = aliased(Organisation)
    query = (
        select(
            Booking.title_id, school.parent_id, Booking.starts_on, Booking.blocked_starts_on, Booking.blocked_ends_on
        )
        .join(school, school.id == Booking.school_id)
        .where(Booking.cause == Cause.LOAN.value, Booking.state.in_(HAPPENED))
        .where(school.parent_id.in_(association_ids), Booking.starts_on >= since)
    )
    return [LoanRow(row[0], row[1] or 0, *row[2:]) for row in session.execute(query)]


def wishes(session: Session, association_ids: Collection[int], since: dt.date) -> list[WishRow]:
    """Who waits, and who waited in vain since a day: those who were served are counted as loans."""
    school = aliased(Organisation)
    query = (
        select(Wish.title_id, school.parent_id, Wish.starts_on, Wish.state)
        .join(school, school.id == Wish.school_id)
        .where(Wish.state.in_(("waiting", "offered", "expired")), school.parent_id.in_(association_ids))
        .where(Wish.starts_on >= since)
    )
    return [
        WishRow(title_id, association_id or 0, starts_on, state != "expired")
        for title_id, association_id, starts_on, state in session.execute(query)
    ]


def promised(session: Session, association_ids: Collection[int], after: dt.date) -> set[int]:
    """Copies that somebody still needs on that day or later."""
    query = (
        select(Booking.copy_id)
        .join(Copy, Copy.id == Booking.copy_id)
        .join(Depot, Depot.id == Copy.depot_id)
        .where(Depot.association_id.in_(association_ids), IS_OPEN, Booking.blocked_ends_on > after)
    )
    return {copy_id for copy_id in session.scalars(query) if copy_id is not None}


def last_used(session: Session, association_ids: Collection[int]) -> dict[int, dt.date]:
    """The day from which on each copy was free again after its last loan."""
    query = (
        select(Booking.copy_id, func.max(Booking.blocked_ends_on))
        .join(Copy, Copy.id == Booking.copy_id)
        .join(Depot, Depot.id == Copy.depot_id)
        .where(Depot.association_id.in_(association_ids), Booking.cause == Cause.LOAN.value)
        .where(Booking.state.in_(HAPPENED))
        .group_by(Booking.copy_id)
    )
    return {copy_id: day for copy_id, day in session.execute(query) if copy_id is not None}


def moved(session: Session, since: dt.date) -> dict[int, int]:
    """How often each copy was moved by a plan since a day."""
    query = (
        select(Transfer.copy_id, func.count())
        .where(Transfer.reason == Reason.REBALANCE.value, Transfer.leaves_on >= since)
        .where(Transfer.state != TransferState.CANCELLED.value)
        .group_by(Transfer.copy_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def policies(session: Session) -> dict[int, Words]:
    """What owners said; who said nothing is left out."""
    rows: Iterable[RebalancingPolicy] = session.scalars(select(RebalancingPolicy))
    return {row.association_id: Words(row.consents, row.kept_at_home) for row in rows}


def _where(depot: Depot, schools: SchoolsRow) -> tuple[float | None, float | None]:
    """A depot's coordinates; where nobody wrote them down, the middle of the schools that it serves."""
    if depot.latitude is not None and depot.longitude is not None:
        return depot.latitude, depot.longitude
    return schools.latitude, schools.longitude


def _schools(session: Session, path: str) -> dict[int, SchoolsRow]:
    query = (
        select(Organisation.parent_id, func.sum(School.pupils), func.avg(School.latitude), func.avg(School.longitude))
        .join(School, School.organisation_id == Organisation.id)
        .where(Organisation.path.startswith(path, autoescape=True))
        .group_by(Organisation.parent_id)
    )
    return {
        association_id: SchoolsRow(int(pupils or 0), latitude, longitude)
        for association_id, pupils, latitude, longitude in session.execute(query)
        if association_id is not None
    }
