"""What schools said of their loans before they came back."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.catalog.tables import ContentLine, ContentSection, Copy
from lending.core.database import ask, table_of
from lending.loans.queries.pools import IS_OUT
from lending.loans.schemas.declarations import DeclarationView
from lending.loans.tables import Booking, Declaration
from lending.network import queries as network

# Written once: a return asks both.
_own, _line, _section, _person = (table_of(one).c for one in (Declaration, ContentLine, ContentSection, Person))
OF_BOOKINGS = (
    select(table_of(Declaration), _line.name.label("line_name"), _person.name.label("person"))
    .outerjoin(table_of(ContentLine), _line.id == _own.line_id)
    .outerjoin(table_of(ContentSection), _section.id == _line.section_id)
    .outerjoin(table_of(Person), _person.id == _own.person_id)
    .where(_own.booking_id.in_(bindparam("booking_ids", expanding=True)))
    .order_by(_section.rank, _line.rank, _own.id)
)
COUNT = select(func.count()).select_from(table_of(Declaration)).where(_own.booking_id == bindparam("booking_id"))


def of_bookings(session: Session, booking_ids: Collection[int]) -> dict[int, list[DeclarationView]]:
    """What was declared of these loans, in the checklist's order; loans without a word are left out."""
    found: defaultdict[int, list[DeclarationView]] = defaultdict(list)
    if not booking_ids:
        return found
    for row in ask(session, OF_BOOKINGS, booking_ids=sorted(booking_ids)):
        found[row.booking_id].append(_view(row))
    return dict(found)


def count_of(session: Session, booking_id: int) -> int:
    """How many lines of a loan were declared."""
    return ask(session, COUNT, booking_id=booking_id).scalar() or 0


def out_of_depot(session: Session, depot_id: int) -> list[int]:
    """The loans out from a depot of which something was declared."""
    query = select(Declaration.booking_id).join(Booking, Booking.id == Declaration.booking_id)
    return list(session.scalars(query.where(Booking.depot_id == depot_id, IS_OUT).distinct()))


def owner_path(session: Session, booking_id: int) -> str | None:
    """The place of whoever owns the copy of a loan."""
    query = select(Copy.owner_id).join(Booking, Booking.copy_id == Copy.id).where(Booking.id == booking_id)
    owner_id = session.scalar(query)
    return network.path_of(session, owner_id) if owner_id is not None else None


def used_photos(session: Session) -> set[str]:
    """The names of the photos in use."""
    return {key for key in session.scalars(select(Declaration.photo_key)) if key}


def _view(row: Row[Any]) -> DeclarationView:
    return DeclarationView(
        id=row.id,
        booking_id=row.booking_id,
        line_id=row.line_id,
        line_name=row.line_name or "",
        expected=row.expected,
        missing=row.missing,
        broken=row.broken,
        note=row.note,
        photo_url=f"/api/declarations/{row.id}/photo" if row.photo_key else "",
        declared_by=row.person or "",
        declared_at=row.declared_at,
        version=row.version,
    )
