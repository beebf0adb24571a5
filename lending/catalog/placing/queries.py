"""Reads of what stands in trunks."""

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lending.catalog.placing.schemas import InsideCopy
from lending.catalog.placing.tables import PlacedCopy
from lending.catalog.tables import ContentLine, Copy, Title
from lending.core.barcodes import shown


def stands_alone() -> ColumnElement[bool]:
    """That a copy is in no trunk."""
    return Copy.id.not_in(select(PlacedCopy.copy_id))


def is_placed(session: Session, copy_id: int) -> bool:
    """Whether a copy stands in a trunk."""
    return session.get(PlacedCopy, copy_id) is not None


def inside(session: Session, trunk_id: int) -> list[InsideCopy]:
    """What stands in a copy of a trunk, by title and code."""
    query = (
        select(Copy.code, Title.id, Title.name, PlacedCopy.line_id, ContentLine.name, PlacedCopy.placed_at)
        .select_from(PlacedCopy)
        .join(Copy, Copy.id == PlacedCopy.copy_id)
        .join(Title, Title.id == Copy.title_id)
        .outerjoin(ContentLine, ContentLine.id == PlacedCopy.line_id)
        .where(PlacedCopy.trunk_id == trunk_id)
        .order_by(Title.name, Copy.code)
    )
    return [
        InsideCopy(
            code=code,
            shown_code=shown(code),
            title_id=title_id,
            title_name=name,
            line_id=line_id,
            line_name=line_name,
            placed_at=placed_at,
        )
        for code, title_id, name, line_id, line_name, placed_at in session.execute(query)
    ]


def move_along(session: Session, trunk_id: int, depot_id: int) -> None:
    """Let what stands in a trunk belong where the trunk now does."""
    placed = select(PlacedCopy.copy_id).where(PlacedCopy.trunk_id == trunk_id)
    session.execute(update(Copy).where(Copy.id.in_(placed)).values(depot_id=depot_id, version=Copy.version + 1))
