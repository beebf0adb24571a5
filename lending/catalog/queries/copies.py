"""Reads of copies."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from lending.catalog.errors import DamagedBarcode, TitleCodeScanned, UnknownBarcode
from lending.catalog.placing.tables import PlacedCopy
from lending.catalog.queries.contents import last_checks
from lending.catalog.rules import PRESENT, Condition, Kind, Status, Visibility, clean_line
from lending.catalog.schemas import CopyDetail, LastCheck, TrunkOfCopy
from lending.catalog.tables import ContentsCheck, Copy, CopyAlias, Title
from lending.core.barcodes import CODE_LENGTH, has_valid_key, parse_scan, shown
from lending.core.database import ask, table_of
from lending.core.errors import NotFound
from lending.network.tables import Depot, Organisation

LONGEST_CODE = 60
MOST_CODES_NAMED = 5
OWN = ("id", "code", "title_id", "owner_id", "depot_id", "shelf", "condition", "status", "note", "version")

Trunk, TrunkTitle = aliased(Copy), aliased(Title)


def copy_by_code(session: Session, code: str) -> CopyDetail:
    """The copy that carries a code, as scanned or typed: its own or an alias, exactly as given or tidied up.

    Raises DamagedBarcode for one of our codes with a wrong key, TitleCodeScanned for an ISBN, UnknownBarcode.
    """
    # Nearly always it is the copy's own code: found with its names, in one question.
    own = _details(session, ask(session, _by_code(), code=code).all()) if code.isdecimal() else []
    return own[0] if own else copy(session, copy_id_by_code(session, code))


def copy_id_by_code(session: Session, code: str) -> int:
    """The id of the copy that carries a code. Raises like `copy_by_code`."""
    code = clean_line(code)
    exact, tidy = code[:LONGEST_CODE], parse_scan(code)[:LONGEST_CODE]
    for candidate in dict.fromkeys((exact, tidy)):
        found = session.scalar(select(Copy.id).where(Copy.code == candidate)) or session.scalar(
            select(CopyAlias.copy_id).where(CopyAlias.code == candidate)
        )
        if found is not None:
            return found
    if len(tidy) == CODE_LENGTH and tidy.isdecimal() and not has_valid_key(tidy):
        raise DamagedBarcode(barcode=tidy)
    _refuse_isbn(session, tidy)
    raise UnknownBarcode(barcode=tidy)


def _refuse_isbn(session: Session, code: str) -> None:
    # Only what everybody may see is named: whoever scans may be anybody.
    query = (
        select(Title.name, Copy.code)
        .join(Copy, Copy.title_id == Title.id)
        .where(Title.isbn == code, Title.visibility == Visibility.PUBLISHED.value, Copy.status.in_(PRESENT))
        .order_by(Copy.code)
        .limit(MOST_CODES_NAMED)
    )
    found = session.execute(query).all()
    if found:
        raise TitleCodeScanned(name=found[0][0], codes=[shown(own) for _, own in found])


def copy(session: Session, copy_id: int) -> CopyDetail:
    """One copy. Raises NotFound."""
    found = copies(session, [copy_id])
    if not found:
        raise NotFound
    return found[0]


def copies(session: Session, copy_ids: Collection[int]) -> list[CopyDetail]:
    """These copies, by code."""
    return _details(session, ask(session, _by_ids(), copy_ids=list(copy_ids)).all())


def copies_of_title(session: Session, title_id: int) -> list[CopyDetail]:
    """A title's copies, by code, the withdrawn ones too."""
    return _details(session, session.execute(_copies().where(Copy.title_id == title_id)).all())


def _details(session: Session, rows: Sequence[Row[Any]]) -> list[CopyDetail]:
    """The copies of a query made by this module, with their last checks."""
    checks = last_checks(session, [row.id for row in rows if row.was_checked])
    return [_detail(row, checks.get(row.id)) for row in rows]


@cache
def _copies() -> Select[Any]:
    copy, title, owner, depot = (table_of(one) for one in (Copy, Title, Organisation, Depot))
    placed, trunk, trunk_title = (table_of(one) for one in (PlacedCopy, Trunk, TrunkTitle))
    was_checked = exists().where(table_of(ContentsCheck).c.copy_id == copy.c.id)
    around = {
        "title_name": title.c.name,
        "owner_name": owner.c.name,
        "owner_path": owner.c.path,
        "depot_name": depot.c.name,
        "was_checked": was_checked,
        "trunk_code": trunk.c.code,
        "trunk_title_id": trunk_title.c.id,
        "trunk_name": trunk_title.c.name,
    }
    named = (column.label(name) for name, column in around.items())
    return (
        select(*(copy.c[name] for name in OWN), title.c.kind, title.c.visibility, *named)
        .select_from(copy)
        .join(title, title.c.id == copy.c.title_id)
        .join(owner, owner.c.id == copy.c.owner_id)
        .join(depot, depot.c.id == copy.c.depot_id)
        .outerjoin(placed, placed.c.copy_id == copy.c.id)
        .outerjoin(trunk, trunk.c.id == placed.c.trunk_id)
        .outerjoin(trunk_title, trunk_title.c.id == trunk.c.title_id)
        .order_by(copy.c.code)
    )


@cache
def _by_code() -> Select[Any]:
    return _copies().where(table_of(Copy).c.code == bindparam("code"))


@cache
def _by_ids() -> Select[Any]:
    return _copies().where(table_of(Copy).c.id.in_(bindparam("copy_ids", expanding=True)))


def _detail(row: Row[Any], last_check: LastCheck | None) -> CopyDetail:
    return CopyDetail(
        id=row.id,
        code=row.code,
        shown_code=shown(row.code),
        title_id=row.title_id,
        title_name=row.title_name,
        kind=Kind(row.kind),
        visibility=Visibility(row.visibility),
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        owner_path=row.owner_path,
        depot_id=row.depot_id,
        depot_name=row.depot_name,
        shelf=row.shelf,
        condition=Condition(row.condition),
        status=Status(row.status),
        note=row.note,
        version=row.version,
        last_check=last_check,
        stands_in=_trunk(row),
    )


def _trunk(row: Row[Any]) -> TrunkOfCopy | None:
    if row.trunk_code is None:
        return None
    return TrunkOfCopy(
        code=row.trunk_code,
        shown_code=shown(row.trunk_code),
        title_id=row.trunk_title_id,
        title_name=row.trunk_name,
    )
