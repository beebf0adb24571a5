"""The copies of an association, narrowed and page by page."""

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from lending.catalog.queries.copies import copies
from lending.catalog.schemas import CopyDetail
from lending.catalog.stock.schemas import StockFilter
from lending.catalog.tables import Copy, Title
from lending.core.paging import Cursor, Page, encode_cursor


def stock_page(
    session: Session, association_id: int, wanted: StockFilter, after: Cursor | None, limit: int
) -> Page[CopyDetail]:
    """What an association owns, by title."""
    query = (
        select(Copy.id, Title.name)
        .join(Title, Title.id == Copy.title_id)
        .where(Copy.owner_id == association_id, *_conditions(wanted))
        .order_by(Title.name, Copy.id)
    )
    if after is not None:
        query = query.where(tuple_(Title.name, Copy.id) > tuple_(after.key, after.id))
    rows = session.execute(query.limit(limit + 1)).all()
    found = {one.id: one for one in copies(session, [row.id for row in rows[:limit]])}
    last = rows[limit - 1] if len(rows) > limit else None
    cursor = encode_cursor(Cursor(last.name, last.id)) if last else None
    return Page([found[row.id] for row in rows[:limit]], cursor)


def _conditions(wanted: StockFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        found.append(Title.kind == wanted.kind.value)
    if wanted.depot_id is not None:
        found.append(Copy.depot_id == wanted.depot_id)
    if wanted.shelf:
        found.append(Copy.shelf == wanted.shelf)
    if wanted.status is not None:
        found.append(Copy.status == wanted.status.value)
    if wanted.condition is not None:
        found.append(Copy.condition == wanted.condition.value)
    if text := wanted.text.strip().lower():
        found.append(
            or_(func.lower(Title.name).contains(text, autoescape=True), Copy.code.contains(text, autoescape=True))
        )
    return found
