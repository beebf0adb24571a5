"""Reads of the network. They return structs and know no person: the service asks who may see."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from lending.core.database import ask, table_of
from lending.core.errors import NotFound
from lending.network.opening_queries import closures_of, exceptional_of, openings_of
from lending.network.schemas import (
    AssociationView,
    DepotPlace,
    DepotView,
    SchoolView,
    UnionView,
)
from lending.network.tables import (
    Affiliation,
    Association,
    Depot,
    Organisation,
    School,
)

Union = aliased(Organisation)

# Written once: they stand in the way of most answers.
_organisation, _affiliation = table_of(Organisation).c, table_of(Affiliation).c
PATH = select(_organisation.path).where(_organisation.id == bindparam("organisation_id"))
YEARS = (
    select(_affiliation.school_id, _affiliation.school_year)
    .where(_affiliation.school_id.in_(bindparam("school_ids", expanding=True)))
    .order_by(_affiliation.school_year)
)


def path_of(session: Session, organisation_id: int) -> str:
    """Where an organisation stands in the tree. Raises NotFound."""
    path: str | None = ask(session, PATH, organisation_id=organisation_id).scalar()
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
    return [_association(row) for row in ask(session, _associations_by_code())]


def association(session: Session, association_id: int) -> AssociationView:
    """One association. Raises NotFound."""
    row = ask(session, _association_by_id(), association_id=association_id).first()
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
    below = {f"below_{number}": f"{escape_like(path)}%" for number, path in enumerate(paths)}
    return [
        DepotPlace(
            id=row.id,
            association_id=row.association_id,
            name=row.name,
            postcode=row.postcode,
            commune=row.commune,
            time_zone=row.time_zone,
        )
        for row in ask(session, _depots_below(len(below)), **below)
    ]


@cache
def _depots_below(places: int) -> Select[Any]:
    depot, association, organisation = (table_of(one) for one in (Depot, Association, Organisation))
    below = (organisation.c.path.like(bindparam(f"below_{number}"), escape="\\") for number in range(places))
    own = (depot.c[name] for name in ("id", "association_id", "name", "postcode", "commune"))
    return (
        select(*own, association.c.time_zone)
        .join_from(depot, association, association.c.organisation_id == depot.c.association_id)
        .join(organisation, organisation.c.id == association.c.organisation_id)
        .where(or_(*below))
        .order_by(association.c.code, depot.c.name)
    )


def depot(session: Session, depot_id: int, since: dt.date | None = None) -> DepotView:
    """One depot with its calendar. Raises NotFound."""
    query = select(Depot, Association.time_zone).join(Association, Association.organisation_id == Depot.association_id)
    found = _depot_views(session, query.where(Depot.id == depot_id), since)
    if not found:
        raise NotFound
    return found[0]


def school(session: Session, school_id: int) -> SchoolView:
    """One school. Raises NotFound."""
    found = _schools(session, ask(session, _school_by_id(), school_id=school_id).all())
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
    association, organisation, union = (table_of(one) for one in (Association, Organisation, Union))
    return (
        select(
            *(association.c[name] for name in own),
            association.c.version,
            organisation.c.name,
            organisation.c.path,
            union.c.id.label("union_id"),
            union.c.name.label("union_name"),
        )
        .join_from(association, organisation, organisation.c.id == association.c.organisation_id)
        .join(union, union.c.id == organisation.c.parent_id)
    )


@cache
def _associations_by_code() -> Select[Any]:
    return _associations().order_by(table_of(Association).c.code)


@cache
def _association_by_id() -> Select[Any]:
    return _associations().where(table_of(Association).c.organisation_id == bindparam("association_id"))


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
    openings, closures = openings_of(session, ids), closures_of(session, ids, since)
    exceptional = exceptional_of(session, ids, since)
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


@cache
def _all_schools() -> Select[Any]:
    school, organisation = table_of(School), table_of(Organisation)
    own = (school.c[name] for name in ("organisation_id", "uai", "commune", "postcode", "pupils"))
    query = select(*own, organisation.c.name, organisation.c.path, organisation.c.parent_id)
    return query.join_from(school, organisation, organisation.c.id == school.c.organisation_id)


@cache
def _school_by_id() -> Select[Any]:
    return _all_schools().where(table_of(School).c.organisation_id == bindparam("school_id"))


def _schools(session: Session, rows: Sequence[Row[Any]]) -> list[SchoolView]:
    years = defaultdict(list)
    for school_id, year in ask(session, YEARS, school_ids=[row.organisation_id for row in rows]):
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
