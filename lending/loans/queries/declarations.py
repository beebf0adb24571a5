"""What schools said of their loans before they came back."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.catalog.tables import ContentLine, ContentSection, Copy
from lending.loans.queries.pools import IS_OUT
from lending.loans.schemas.declarations import DeclarationView
from lending.loans.tables import Booking, Declaration
from lending.network import queries as network


def of_bookings(session: Session, booking_ids: Collection[int]) -> dict[int, list[DeclarationView]]:
    """What was declared of these loans, in the checklist's order; loans without a word are left out."""
    found: defaultdict[int, list[DeclarationView]] = defaultdict(list)
    if not booking_ids:
        return found
    query = (
        select(Declaration, ContentLine.name, Person.name)
        .outerjoin(ContentLine, ContentLine.id == Declaration.line_id)
        .outerjoin(ContentSection, ContentSection.id == ContentLine.section_id)
        .outerjoin(Person, Person.id == Declaration.person_id)
        .where(Declaration.booking_id.in_(booking_ids))
        .order_by(ContentSection.rank, ContentLine.rank, Declaration.id)
    )
    for row, line_name, person in session.execute(query):
        found[row.booking_id].append(_view(row, line_name or "", person or ""))
    return dict(found)


def count_of(session: Session, booking_id: int) -> int:
    """How many lines of a loan were declared."""
    query = select(func.count()).where(Declaration.booking_id == booking_id)
    return session.scalar(query) or 0


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


def _view(row: Declaration, line_name: str, person: str) -> DeclarationView:
    return DeclarationView(
        id=row.id,
        booking_id=row.booking_id,
        line_id=row.line_id,
        line_name=line_name,
        expected=row.expected,
        missing=row.missing,
        broken=row.broken,
        note=row.note,
        photo_url=f"/api/declarations/{row.id}/photo" if row.photo_key else "",
        declared_by=person,
        declared_at=row.declared_at,
        version=row.version,
    )
