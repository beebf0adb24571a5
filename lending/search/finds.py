"""What the database adds to hits: lines of contents, ways to depots, things that a number names."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from lending.catalog.rules import Visibility
from lending.catalog.tables import ContentLine, ContentSection, Copy, CopyAlias, Title
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.network.tables import Depot, School
from lending.search.distances import kilometres
from lending.search.queries import GONE
from lending.search.schemas import LineHit, Offers, Place

IS_PUBLISHED = Title.visibility == Visibility.PUBLISHED.value
# Written once: they stand in the way of every page of results.
TITLE_IDS: BindParameter[Any] = bindparam("title_ids", expanding=True)
LINES = (
    select(ContentSection.title_id, ContentLine.id, ContentSection.name, ContentLine.name)
    .join(ContentLine, ContentLine.section_id == ContentSection.id)
    .where(ContentSection.title_id.in_(TITLE_IDS))
    .order_by(ContentSection.rank, ContentLine.rank)
)
CREDITS = select(Title.authors, Title.publisher).where(Title.id.in_(TITLE_IDS))


def named_by(session: Session, code: str, found: Collection[int]) -> int | None:
    """The published title whose copy, or other code of a copy, this is; or the ISBN among the titles found.

    None when it is none, or more than one.
    """
    copies = select(Copy.title_id).where(Copy.code == code)
    aliases = select(Copy.title_id).join(CopyAlias, CopyAlias.copy_id == Copy.id).where(CopyAlias.code == code)
    isbns = select(Title.id).where(Title.isbn == code, Title.id.in_(found))
    ids = session.scalars(
        select(Title.id).where(IS_PUBLISHED, Title.id.in_(copies.union(aliases, isbns))).limit(2)
    ).all()
    return ids[0] if len(ids) == 1 else None


def booking_named(session: Session, reference: str) -> int | None:
    """The reservation with a reference; its page decides who may see it."""
    return session.scalar(select(Booking.id).where(Booking.reference == reference))


def contents_of(session: Session, title_ids: Collection[int]) -> dict[int, list[LineHit]]:
    """The lines of some trunks, in order, without marks."""
    found: dict[int, list[LineHit]] = defaultdict(list)
    for title_id, line_id, section, name in session.execute(LINES, {"title_ids": list(title_ids)}):
        found[title_id].append(LineHit(line_id, section, name))
    return found


def credits_of(session: Session, title_ids: Collection[int]) -> list[str]:
    """Authors and publishers of some titles."""
    rows = session.execute(CREDITS, {"title_ids": list(title_ids)})
    return [f"{authors} {publisher}" for authors, publisher in rows]


def place_of_school(session: Session, school_id: int) -> Place | None:
    """Where a school is; None when it is unknown."""
    row = session.execute(
        select(School.latitude, School.longitude).where(School.organisation_id == school_id)
    ).one_or_none()
    return None if row is None or row[0] is None or row[1] is None else Place(row[0], row[1])


def ways_to(session: Session, title_ids: Collection[int], near: Place) -> dict[int, float]:
    """Kilometres as the crow flies to the nearest depot that has each title."""
    query = (
        select(Copy.title_id, Depot.latitude, Depot.longitude)
        .join(Depot, Depot.id == Copy.depot_id)
        .where(Copy.title_id.in_(title_ids), Copy.status.not_in(GONE))
        .distinct()
    )
    found: dict[int, float] = {}
    for title_id, latitude, longitude in session.execute(query):
        if latitude is not None and longitude is not None:
            way = kilometres(near, Place(latitude, longitude))
            found[title_id] = round(min(way, found.get(title_id, way)), 1)
    return found


def offers(session: Session) -> Offers:
    """Regional unions, and the languages that published titles are in."""
    languages = select(Title.language).where(IS_PUBLISHED).distinct().order_by(Title.language)
    return Offers(
        regions={str(one.id): one.name for one in network.unions(session)},
        languages=list(session.scalars(languages)),
    )
