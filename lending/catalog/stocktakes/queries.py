"""Reads of counts."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person
from lending.catalog.placing.tables import PlacedCopy
from lending.catalog.stocktakes.rules import Finding, Known, Place
from lending.catalog.stocktakes.schemas import CountedCopy, StocktakeSummary
from lending.catalog.stocktakes.tables import Stocktake, StocktakeLine, StocktakeScan
from lending.catalog.tables import Copy, Title
from lending.core.barcodes import shown
from lending.core.errors import NotFound
from lending.network.tables import Depot, Organisation

Opener = aliased(Person)


class Whereabouts:
    """Since when each copy is out, and when it last came back."""

    def __init__(self, left_at: Mapping[int, dt.datetime], back_at: Mapping[int, dt.datetime]) -> None:
        """Copies that are not named are in their depots, and did not come back lately."""
        self.left_at = left_at
        self.back_at = back_at


# Loans know it; the copies of a depot and those of the list, returns since an instant.
FindWhereabouts = Callable[[Session, int, Collection[int], dt.datetime], Whereabouts]


def path_of_depot(session: Session, depot_id: int) -> str:
    """Where the depot's association stands in the tree. Raises NotFound."""
    query = select(Organisation.path).join(Depot, Depot.association_id == Organisation.id).where(Depot.id == depot_id)
    path = session.scalar(query)
    if path is None:
        raise NotFound
    return path


def place_of(row: Stocktake) -> Place:
    """What is counted."""
    return Place(row.depot_id, row.shelf)


def open_in(session: Session, depot_id: int) -> list[Stocktake]:
    """The counts going on in a depot."""
    return list(session.scalars(select(Stocktake).where(Stocktake.depot_id == depot_id, Stocktake.state == "open")))


def summaries(session: Session, *conditions: ColumnElement[bool]) -> list[StocktakeSummary]:
    """Counts, the latest first."""
    query = (
        select(Stocktake, Depot.name, Opener.name)
        .join(Depot, Depot.id == Stocktake.depot_id)
        .outerjoin(Opener, Opener.id == Stocktake.opened_by)
        .where(*conditions)
        .order_by(Stocktake.opened_at.desc(), Stocktake.id.desc())
        .limit(50)
    )
    return [
        StocktakeSummary(
            id=row.id,
            depot_id=row.depot_id,
            depot_name=depot_name,
            shelf=row.shelf,
            is_open=row.state == "open",
            opened_at=row.opened_at,
            opened_by=opener or "",
            closed_at=row.closed_at,
        )
        for row, depot_name, opener in session.execute(query)
    ]


def seen_at(session: Session, stocktake_id: int) -> dict[int, dt.datetime]:
    """When each copy was seen last."""
    query = (
        select(StocktakeScan.copy_id, func.max(StocktakeScan.seen_at))
        .where(StocktakeScan.stocktake_id == stocktake_id, StocktakeScan.copy_id.is_not(None))
        .group_by(StocktakeScan.copy_id)
    )
    return {copy_id: instant for copy_id, instant in session.execute(query) if copy_id is not None}


def unknown_codes(session: Session, stocktake_id: int) -> list[str]:
    """Codes that were read and that no copy carries."""
    query = select(StocktakeScan.code).where(
        StocktakeScan.stocktake_id == stocktake_id, StocktakeScan.copy_id.is_(None)
    )
    return list(session.scalars(query.distinct().order_by(StocktakeScan.code)))


def known_copies(session: Session, place: Place, seen: Collection[int], where: Whereabouts) -> list[Known]:
    """The copies of the depot, and those that were seen."""
    facts: list[Any] = [Copy.id, Copy.depot_id, Copy.shelf, Copy.status, PlacedCopy.trunk_id]
    query = select(*facts).outerjoin(PlacedCopy, PlacedCopy.copy_id == Copy.id).where(_here_or_seen(place, seen))
    return [
        Known(id_, depot_id, shelf, status, where.left_at.get(id_), where.back_at.get(id_), trunk_id is not None)
        for id_, depot_id, shelf, status, trunk_id in session.execute(query)
    ]


def _here_or_seen(place: Place, seen: Collection[int]) -> ColumnElement[bool]:
    return or_(Copy.depot_id == place.depot_id, Copy.id.in_(seen))


def counted_copies(session: Session, findings: Mapping[int, Finding]) -> list[CountedCopy]:
    """Copies with their findings, by title and code."""
    rows = session.execute(_copies().where(Copy.id.in_(findings)).order_by(Title.name, Copy.code))
    return [_counted(row, findings[row.id]) for row in rows]


def _copies() -> Select[Any]:
    shown_of_copy: list[Any] = [Copy.id, Copy.code, Copy.title_id, Copy.shelf]
    return (
        select(*shown_of_copy, Title.name.label("title_name"), Depot.name.label("depot"))
        .join(Title, Title.id == Copy.title_id)
        .join(Depot, Depot.id == Copy.depot_id)
    )


def _counted(row: Row[Any], finding: Finding) -> CountedCopy:
    return CountedCopy(
        copy_id=row.id,
        code=row.code,
        shown_code=shown(row.code),
        title_id=row.title_id,
        title_name=row.title_name,
        depot_name=row.depot,
        shelf=row.shelf,
        finding=finding,
    )


def stored_findings(session: Session, stocktake_id: int) -> dict[int, Finding]:
    """What a closed count said."""
    query = select(StocktakeLine.copy_id, StocktakeLine.finding).where(StocktakeLine.stocktake_id == stocktake_id)
    return {copy_id: Finding(finding) for copy_id, finding in session.execute(query)}
