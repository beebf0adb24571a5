"""Reads of who has how many copies of what."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import case, distinct, exists, func, select
from sqlalchemy.orm import Session

from lending.catalog.placing.queries import stands_alone
from lending.catalog.queries.contents import last_checks
from lending.catalog.rules import HELD_BACK, PRESENT, Kind, Outcome, Status
from lending.catalog.schemas import (
    AssociationHolding,
    DepotHolding,
    HeldBackCopy,
    LastCheck,
    StockCount,
)
from lending.catalog.tables import ContentsCheck, Copy, Title
from lending.core.barcodes import shown
from lending.network.tables import Association, Depot, Organisation

is_present = Copy.status.in_(PRESENT)
lendable_count = func.sum(case((Copy.status == Status.LENDABLE, 1), else_=0))


def holdings(session: Session, title_id: int) -> list[AssociationHolding]:
    """What each association and each of its depots has of a title, by department code."""
    query = (
        select(Association.code, Organisation, Depot, func.count(), lendable_count)
        .select_from(Copy)
        .join(Association, Association.organisation_id == Copy.owner_id)
        .join(Organisation, Organisation.id == Copy.owner_id)
        .join(Depot, Depot.id == Copy.depot_id)
        .where(Copy.title_id == title_id, is_present)
        .group_by(Association.code, Organisation.id, Depot.id)
        .order_by(Association.code, Depot.name)
    )
    depots: defaultdict[int, list[DepotHolding]] = defaultdict(list)
    owners: dict[int, tuple[str, str]] = {}
    for code, owner, depot, copies, lendable in session.execute(query):
        owners[owner.id] = (code, owner.name)
        depots[owner.id].append(_depot_holding(depot, copies, lendable))
    return [_association_holding(id_, *names, depots[id_]) for id_, names in owners.items()]


def _depot_holding(depot: Depot, copies: int, lendable: int) -> DepotHolding:
    return DepotHolding(
        depot_id=depot.id, depot_name=depot.name, commune=depot.commune, copies=copies, lendable=lendable
    )


def _association_holding(association_id: int, code: str, name: str, depots: list[DepotHolding]) -> AssociationHolding:
    return AssociationHolding(
        association_id=association_id,
        code=code,
        name=name,
        copies=sum(depot.copies for depot in depots),
        lendable=sum(depot.lendable for depot in depots),
        depots=depots,
    )


def held_back(session: Session, title_id: int) -> list[HeldBackCopy]:
    """The copies that wait for completion or repair, with what they lack."""
    query = (
        select(Copy, Depot)
        .join(Depot, Depot.id == Copy.depot_id)
        .where(Copy.title_id == title_id, Copy.status.in_(HELD_BACK), stands_alone())
        .order_by(Copy.code)
    )
    rows = session.execute(query).all()
    checks = last_checks(session, [row.id for row, _ in rows])
    return [_held_back(row, depot, checks.get(row.id)) for row, depot in rows]


def lent_incomplete(session: Session, title_id: int) -> list[HeldBackCopy]:
    """The copies that may be lent although their last check found something missing."""
    was_short = exists().where(ContentsCheck.copy_id == Copy.id, ContentsCheck.outcome == Outcome.INCOMPLETE.value)
    query = (
        select(Copy, Depot)
        .join(Depot, Depot.id == Copy.depot_id)
        .where(Copy.title_id == title_id, Copy.status == Status.LENDABLE.value, was_short)
        .order_by(Copy.code)
    )
    rows = session.execute(query).all()
    checks = last_checks(session, [row.id for row, _ in rows])
    shown_copies = [_held_back(row, depot, checks.get(row.id)) for row, depot in rows]
    return [one for one in shown_copies if one.missing]


def _held_back(row: Copy, depot: Depot, check: LastCheck | None) -> HeldBackCopy:
    return HeldBackCopy(
        id=row.id,
        code=row.code,
        shown_code=shown(row.code),
        status=Status(row.status),
        association_id=row.owner_id,
        depot_id=depot.id,
        depot_name=depot.name,
        checked_at=check.checked_at if check else None,
        missing=check.missing if check and check.outcome == Outcome.INCOMPLETE else [],
    )


def stock_counts(session: Session, association_ids: Iterable[int]) -> list[StockCount]:
    """What these associations have, by kind."""
    lost = func.sum(case((Copy.status == Status.LOST, 1), else_=0))
    present = func.sum(case((is_present, 1), else_=0))
    titles = func.count(distinct(case((is_present, Copy.title_id))))
    query = (
        select(Title.kind, titles, present, lendable_count, lost)
        .join(Title, Title.id == Copy.title_id)
        .where(Copy.owner_id.in_(association_ids))
        .group_by(Title.kind)
    )
    counts = {row[0]: row for row in session.execute(query)}
    return [
        StockCount(kind=kind, titles=row[1], copies=row[2], lendable=row[3], lost=row[4])
        for kind in Kind
        if (row := counts.get(kind))
    ]
