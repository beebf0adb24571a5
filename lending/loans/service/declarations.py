"""Use cases of declarations: each public method is one transaction.

A photo is drawn anew before its transaction begins: nobody waits for a picture while holding a lock.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.errors import UnknownContentLine, UnknownMedia
from lending.catalog.media import PRIVATE, MediaFile, MediaStore
from lending.catalog.photos.drawing import draw_anew
from lending.catalog.rules import clean_text
from lending.catalog.schemas import ChecklistSection
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.loans.queries import declarations, reservations
from lending.loans.rules.declarations import WHOLE, check_declaration
from lending.loans.rules.incidents import LoanNotOut
from lending.loans.rules.states import State
from lending.loans.schemas.declarations import DeclarationView, NewDeclaration
from lending.loans.service.desk_access import require_desk
from lending.loans.service.parties import own_loan, require_borrower
from lending.loans.tables import Booking, Declaration

FOLDER = f"{PRIVATE}/declared"


class Declarations:
    """What a school says of a loan before it comes back: what is missing, what is broken."""

    def __init__(self, db: Database, clock: Clock, media: MediaStore) -> None:
        """Takes the database, the source of now and the store of pictures."""
        self._db = db
        self._clock = clock
        self._media = media

    def of_booking(self, actor: Actor, booking_id: int) -> list[DeclarationView]:
        """What was declared of a loan: for its school, and the staff of who lent and of who owns it.

        Raises NotFound, Unauthenticated, Forbidden.
        """
        with self._db.read() as session:
            _require_reader(session, actor, booking_id)
            return declarations.of_bookings(session, [booking_id]).get(booking_id, [])

    def contents(self, actor: Actor, booking_id: int) -> list[ChecklistSection]:
        """What should be in the copy of a loan, for who may read its declarations. Raises as `of_booking`."""
        with self._db.read() as session:
            _require_reader(session, actor, booking_id)
            title_id = session.get_one(Booking, booking_id).title_id
            return catalog.checklist(session, title_id).sections

    def at_depot(self, actor: Actor, depot_id: int) -> dict[int, list[DeclarationView]]:
        """What was declared of the loans that are out from a depot, by loan. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            require_desk(session, actor, depot_id)
            return declarations.of_bookings(session, declarations.out_of_depot(session, depot_id))

    def declare(self, actor: Actor, booking_id: int, new: NewDeclaration, content: bytes = b"") -> DeclarationView:
        """Declare pieces of a line; said again, it is changed. For the teachers of the school, while the loan is out.

        Without a new photo the earlier one stays. Raises NotFound, Unauthenticated, Forbidden, LoanNotOut,
        UnknownContentLine, NothingDeclared, DeclaredTooMany, DeclarationTooLong and what `draw_anew` raises.
        """
        note = clean_text(new.note)
        with self._db.read() as session:
            require_borrower(session, actor, booking_id)
        photo = self._kept(content) if content else None
        with self._db.write() as session:
            booking = _own_loan_out(session, actor, booking_id)
            row = write_declaration(session, actor, booking, new, note, self._clock.now())
            row.photo_key = photo or (None if new.drops_photo else row.photo_key)
            session.flush()
            return _one(session, row)

    def withdraw(self, actor: Actor, declaration_id: int) -> int:
        """Take a declaration back, until the return; gives the id of its loan. For the teachers of the school.

        Raises NotFound, Unauthenticated, Forbidden, LoanNotOut.
        """
        with self._db.write() as session:
            booking_id = _booking_of(session, declaration_id)
            _own_loan_out(session, actor, booking_id)
            row = session.get(Declaration, declaration_id, populate_existing=True)
            if row is None:
                raise NotFound
            session.delete(row)
            return booking_id

    def photo(self, actor: Actor, declaration_id: int) -> MediaFile:
        """The photo of a declaration, for who may read it. Raises NotFound, Unauthenticated, Forbidden."""
        with self._db.read() as session:
            _require_reader(session, actor, _booking_of(session, declaration_id))
            key = session.get_one(Declaration, declaration_id).photo_key
        if key is None:
            raise UnknownMedia
        return self._media.open(key)

    def _kept(self, content: bytes) -> str:
        drawn = draw_anew(content)
        return self._media.save(drawn.versions[drawn.name], "image/jpeg", FOLDER)


def write_declaration(
    session: Session, actor: Actor, booking: Booking, new: NewDeclaration, note: str, now: dt.datetime
) -> Declaration:
    """Write what is said of a line of a loan that is out and locked. Raises UnknownContentLine, DeclaredTooMany."""
    expected = _expected(session, booking.title_id, new.line_id)
    check_declaration(new.missing, new.broken, expected, note)
    row = _of_line(session, booking.id, new.line_id)
    row.expected, row.missing, row.broken, row.note = expected, new.missing, new.broken, note
    row.person_id, row.declared_at = actor.person_id, now
    row.version += 1
    session.add(row)
    session.flush()
    return row


def _booking_of(session: Session, declaration_id: int) -> int:
    found = session.scalar(select(Declaration.booking_id).where(Declaration.id == declaration_id))
    if found is None:
        raise NotFound
    return found


def _require_reader(session: Session, actor: Actor, booking_id: int) -> None:
    scope, owner = reservations.scope(session, booking_id), declarations.owner_path(session, booking_id)
    if scope.school_path is not None and actor.covers(scope.school_path, Role.TEACHER):
        return
    if owner is None or not actor.covers(owner, Role.STAFF):
        actor.require(scope.association_path, Role.STAFF)


def _own_loan_out(session: Session, actor: Actor, booking_id: int) -> Booking:
    """The loan, locked, so that a return and a declaration come one after the other."""
    booking = own_loan(session, actor, booking_id)
    if booking.state != State.OUT:
        raise LoanNotOut(reference=booking.reference, state=booking.state)
    return booking


def _expected(session: Session, title_id: int, line_id: int | None) -> int:
    if line_id is None:
        return WHOLE
    for section in catalog.checklist(session, title_id).sections:
        for line in section.lines:
            if line.id == line_id:
                return line.quantity
    raise UnknownContentLine(line_id=line_id)


def _of_line(session: Session, booking_id: int, line_id: int | None) -> Declaration:
    query = select(Declaration).where(Declaration.booking_id == booking_id, Declaration.line_id == line_id)
    found = session.scalar(query.execution_options(populate_existing=True))
    return found or Declaration(booking_id=booking_id, line_id=line_id, version=0)


def _one(session: Session, row: Declaration) -> DeclarationView:
    found = declarations.of_bookings(session, [row.booking_id])[row.booking_id]
    return next(one for one in found if one.id == row.id)
