"""Who changed what of a title and of its copies, for the staff of the owner."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.catalog import queries
from lending.catalog.history.schemas import ChangeView
from lending.catalog.history.tables import RecordChange
from lending.catalog.tables import Copy
from lending.core.actor import Actor, Role
from lending.core.barcodes import shown
from lending.core.database import Database
from lending.core.errors import NotFound

MOST_CHANGES = 500


class History:
    """Reads what was changed."""

    def __init__(self, db: Database) -> None:
        """Takes the database."""
        self._db = db

    def of_title(self, actor: Actor, title_id: int) -> list[ChangeView]:
        """The changes of a title and of its copies, the latest first, 500 at most. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            access = queries.access(session, [title_id]).get(title_id)
            if access is None:
                raise NotFound
            actor.require(access.owner_path, Role.STAFF, Role.COORDINATOR)
            copies = select(Copy.id).where(Copy.title_id == title_id)
            return _changes(session, or_(RecordChange.title_id == title_id, RecordChange.copy_id.in_(copies)))

    def of_copy(self, actor: Actor, code: str) -> list[ChangeView]:
        """The changes of a copy, the latest first, 500 at most. Raises UnknownBarcode, DamagedBarcode, Forbidden."""
        with self._db.read() as session:
            copy = queries.copy_by_code(session, code)
            actor.require(copy.owner_path, Role.STAFF, Role.COORDINATOR)
            return _changes(session, RecordChange.copy_id == copy.id)


def _changes(session: Session, condition: ColumnElement[bool]) -> list[ChangeView]:
    query = (
        select(RecordChange, Person.name, Copy.code)
        .outerjoin(Person, Person.id == RecordChange.person_id)
        .outerjoin(Copy, Copy.id == RecordChange.copy_id)
        .where(condition)
        .order_by(RecordChange.changed_at.desc(), RecordChange.id.desc())
        .limit(MOST_CHANGES)
    )
    return [
        ChangeView(
            field=row.field,
            before=row.before,
            after=row.after,
            copy_code=shown(code) if code else "",
            changed_by=name or "",
            changed_at=row.changed_at,
        )
        for row, name, code in session.execute(query)
    ]
