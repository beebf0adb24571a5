"""Reads of the network. They return structs and know no person: the service asks who may see."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Row, Select, bindparam, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from lending.core.errors import NotFound
from lending.network.schemas import (
    AssociationView,
    ClosureView,
    DepotPlace,
    DepotView,
    ExceptionalOpeningView,
    OpeningHours,
    SchoolView,
    Serves,
    UnionView,
)
from lending.network.tables import (
    Affiliation,
    Association,
    Closure,
    Depot,
    ExceptionalOpening,
    Opening,
    Organisation,
    School,
)

Union = aliased(Organisation)

# Written once: they stand in the way of most answers.
PATH = select(Organisation.path).where(Organisation.id == bindparam("organisation_id"))
YEARS = (
    select(Affiliation.school_id, Affiliation.school_year)
    .where(Affiliation.school_id.in_(bindparam("school_ids", expanding=True)))
    .order_by(Affiliation.school_year)
)
OPENINGS = (
    select(Opening.depot_id, Opening.weekday, Opening.opens_at, Opening.closes_at, Opening.serves)
    .where(Opening.depot_id.in_(bindparam("depot_ids", expanding=True)))
    .order_by(Opening.weekday, Opening.opens_at)
)


def path_of(session: Session, organisation_id: int) -> str:
    """Where an organisation stands in the tree. Raises NotFound."""
    path = session.scalar(PATH, {"organisation_id": organisation_id})
    if path is None:
        raise NotFound
    return path


def root_path(session: Session) -> str:
    """The federation's place, above everybody. Raises NotFound."""
    path = session.scalar(select(Organisation.path).where(Organisation.kind == "federation"))
    if path is None:
        raise NotFound
    return path


def associations(session: Session) -> list[AssociationView]:
    """All departmental associations, by code."""
    return [_association(row) for row in session.execute(_associations().order_by(Association.code))]


def association(session: Session, association_id: int) -> AssociationView:
    """One association. Raises NotFound."""
    row = session.execute(_association_by_id(), {"association_id": association_id}).first()
    if row is None:
        raise NotFound
    return _association(row)


def unions(session: Session) -> list[UnionView]:
    """All regional unions with their associations, by name."""
    members = defaultdict(list)
    for one in associations(session):
        members[one.union_id].append(one)
    rows = session.scalars(select(Organisation).where(Organisation.kind == "union").order_by(Organisation.name))
    return [UnionView(id=u.id, name=u.name, path=u.path, associations=members[u.id]) for u in rows]


def depots(session: Session, association_id: int | None = None, since: dt.date | None = None) -> list[DepotView]:
    """Depots (of an association), with openings and the closures that end after `since`."""
    query = (
        select(Depot, Association.time_zone)
        .join(Association, Association.organisation_id == Depot.association_id)
        .order_by(Association.code, Depot.name)
    )
    if association_id is not None:
        query = query.where(Depot.association_id == association_id)
    return _depot_views(session, query, since)


def depots_below(session: Session, paths: Sequence[str]) -> list[DepotPlace]:
    """The depots of the associations at or below these places of the tree."""
    if not paths:
        return []
    below = or_(*(Organisation.path.startswith(path, autoescape=True) for path in paths))
    query = (
        select(Depot.id, Depot.association_id, Depot.name, Depot.postcode, Depot.commune, Association.time_zone)
        .join(Association, Association.organisation_id == Depot.association_id)
        .join(Organisation, Organisation.id == Association.organisation_id)
        .where(below)
        .order_by(Association.code, Depot.name)
    )
    return [
        DepotPlace(
            id=row.id,
            association_id=row.association_id,
            name=row.name,
            postcode=row.postcode,
            commune=row.commune,
            time_zone=row.time_zone,
        )
        for row in session.execute(query)
    ]


def depot(session: Session, depot_id: int, since: dt.date | None = None) -> DepotView:
    """One depot with its calendar. Raises NotFound."""
    query = select(Depot, Association.time_zone).join(Association, Association.organisation_id == Depot.association_id)
    found = _depot_views(session, query.where(Depot.id == depot_id), since)
    if not found:
        raise NotFound
    return found[0]


def school(session: Session, school_id: int) -> SchoolView:
    """One school. Raises NotFound."""
    found = _schools(session, session.execute(_school_by_id(), {"school_id": school_id}).all())
    if not found:
        raise NotFound
    return found[0]


def schools_matching(session: Session, path: str, text: str, limit: int = 20) -> list[SchoolView]:
    """Schools below `path` whose name, commune or code contains `text`."""
    wanted = f"%{escape_like(text.strip().lower())}%"
    query = (
        _all_schools()
        .where(Organisation.path.startswith(path, autoescape=True))
        .where(
            func.lower(Organisation.name).like(wanted, escape="\\")
            | func.lower(School.commune).like(wanted, escape="\\")
            | func.lower(School.uai).like(wanted, escape="\\")
        )
        .order_by(School.commune, Organisation.name)
        .limit(limit)
    )
    return _schools(session, session.execute(query).all())


def escape_like(text: str) -> str:
    """Text that LIKE takes literally, with a backslash as the escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def affiliated_years(session: Session, school_id: int) -> set[int]:
    """The school years (by their first year) that a school is affiliated for."""
    return set(session.scalars(select(Affiliation.school_year).where(Affiliation.school_id == school_id)))


def time_zone_of(session: Session, association_id: int) -> str:
    """The IANA zone whose days count for an association. Raises NotFound."""
    zone = session.scalar(select(Association.time_zone).where(Association.organisation_id == association_id))
    if zone is None:
        raise NotFound
    return zone


def place_of(session: Session, association_id: int) -> tuple[str, str]:
    """Where an association stands in the tree, and its IANA zone. Raises NotFound."""
    query = (
        select(Organisation.path, Association.time_zone)
        .join(Association, Association.organisation_id == Organisation.id)
        .where(Organisation.id == association_id)
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


@cache
def _associations() -> Select[Any]:
    own = ("organisation_id", "code", "number", "holiday_zone", "time_zone", "holiday_territory", "email", "phone")
    return (
        select(
            *(getattr(Association, name) for name in own),
            Association.version,
            Organisation.name,
            Organisation.path,
            Union.id.label("union_id"),
            Union.name.label("union_name"),
        )
        .join(Organisation, Organisation.id == Association.organisation_id)
        .join(Union, Union.id == Organisation.parent_id)
    )


@cache
def _association_by_id() -> Select[Any]:
    return _associations().where(Association.organisation_id == bindparam("association_id"))


def _association(row: Row[Any]) -> AssociationView:
    return AssociationView(
        id=row.organisation_id,
        code=row.code,
        number=row.number,
        name=row.name,
        path=row.path,
        union_id=row.union_id,
        union_name=row.union_name,
        holiday_zone=row.holiday_zone,
        time_zone=row.time_zone,
        holiday_territory=row.holiday_territory,
        email=row.email,
        phone=row.phone,
        version=row.version,
    )


def _depot_views(session: Session, query: Select[Depot, str], since: dt.date | None) -> list[DepotView]:
    rows = session.execute(query).all()
    ids = [row.id for row, _ in rows]
    openings, closures = _openings(session, ids), _closures(session, ids, since)
    exceptional = _exceptional(session, ids, since)
    return [
        DepotView(
            id=row.id,
            association_id=row.association_id,
            name=row.name,
            address=row.address,
            postcode=row.postcode,
            commune=row.commune,
            phone=row.phone,
            time_zone=time_zone,
            openings=openings[row.id],
            closures=closures[row.id],
            exceptional_openings=exceptional[row.id],
            max_handovers_per_day=row.max_handovers_per_day,
            max_returns_per_hour=row.max_returns_per_hour,
            version=row.version,
        )
        for row, time_zone in rows
    ]


def openings(session: Session, depot_id: int) -> list[OpeningHours]:
    """The weekly hours of a depot."""
    return _openings(session, [depot_id])[depot_id]


def _openings(session: Session, depot_ids: Iterable[int]) -> defaultdict[int, list[OpeningHours]]:
    found = defaultdict(list)
    for row in session.execute(OPENINGS, {"depot_ids": list(depot_ids)}):
        found[row.depot_id].append(OpeningHours(row.weekday, row.opens_at, row.closes_at, cast("Serves", row.serves)))
    return found


def _closures(session: Session, depot_ids: Iterable[int], since: dt.date | None) -> defaultdict[int, list[ClosureView]]:
    found = defaultdict(list)
    query = select(Closure).where(Closure.depot_id.in_(depot_ids)).order_by(Closure.starts_on)
    is_ahead = or_(Closure.ends_on > since, Closure.repeats_yearly) if since else true()
    for row in session.scalars(query.where(is_ahead)):
        found[row.depot_id].append(ClosureView(row.id, row.starts_on, row.ends_on, row.reason, row.repeats_yearly))
    return found


def _exceptional(
    session: Session, depot_ids: Iterable[int], since: dt.date | None
) -> defaultdict[int, list[ExceptionalOpeningView]]:
    found = defaultdict(list)
    query = select(ExceptionalOpening).where(ExceptionalOpening.depot_id.in_(depot_ids))
    is_ahead = ExceptionalOpening.opens_on > since if since else true()
    for row in session.scalars(query.where(is_ahead).order_by(ExceptionalOpening.opens_on)):
        found[row.depot_id].append(ExceptionalOpeningView(row.opens_on, row.reason))
    return found


@cache
def _all_schools() -> Select[Any]:
    own = (getattr(School, name) for name in ("organisation_id", "uai", "commune", "postcode", "pupils"))
    query = select(*own, Organisation.name, Organisation.path, Organisation.parent_id)
    return query.join(Organisation, Organisation.id == School.organisation_id)


@cache
def _school_by_id() -> Select[Any]:
    return _all_schools().where(School.organisation_id == bindparam("school_id"))


def _schools(session: Session, rows: Sequence[Row[Any]]) -> list[SchoolView]:
    years = defaultdict(list)
    for school_id, year in session.execute(YEARS, {"school_ids": [row.organisation_id for row in rows]}):
        years[school_id].append(year)
    return [
        SchoolView(
            id=row.organisation_id,
            uai=row.uai,
            name=row.name,
            commune=row.commune,
            postcode=row.postcode,
            pupils=row.pupils,
            path=row.path,
            association_id=row.parent_id or 0,
            affiliated_years=years[row.organisation_id],
        )
        for row in rows
    ]
