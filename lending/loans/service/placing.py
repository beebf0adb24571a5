"""Put a catalogued copy into a trunk, where it cannot be lent alone, and take it out again."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.errors import UnknownContentLine
from lending.catalog.history.recording import record_changes
from lending.catalog.placing.rules import check_placing
from lending.catalog.placing.schemas import PlaceInTrunk
from lending.catalog.placing.tables import PlacedCopy
from lending.catalog.rules import Condition, Status
from lending.catalog.schemas import CopyDetail
from lending.catalog.tables import Copy
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.loans.queries.desk import possession_of_copy
from lending.loans.rules.desk_errors import CopyIsOnLoan
from lending.loans.service.locking import lock_title
from lending.loans.service.replan import replan_title
from lending.loans.service.telling import tell_search
from lending.network import queries as network


class Placing:
    """Copies inside trunks, for the staff that looks after both."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def place(self, actor: Actor, code: str, wanted: PlaceInTrunk) -> CopyDetail:
        """Put a copy into a trunk; bookings that counted on it are planned anew. Repeated, it changes nothing.

        Raises UnknownBarcode, DamagedBarcode, Forbidden, NotATrunk, TrunkInTrunk, OfAnotherOwner, CopyInsideTrunk,
        NotToBePlaced, CopyIsOnLoan, UnknownContentLine.
        """
        now = self._clock.now()
        with self._db.write() as session:
            copy, trunk = _locked(session, actor, code, wanted.trunk)
            there = session.get(PlacedCopy, copy.id)
            if there is None or there.trunk_id != trunk.id:
                check_placing(copy, trunk)
                _check_in_depot(session, copy, trunk)
                there = _place(session, actor, copy, trunk, now)
            there.line_id = _line(session, trunk, wanted.line_id)
            session.flush()
            return catalog.copy(session, copy.id)

    def take_out(self, actor: Actor, code: str) -> CopyDetail:
        """Take a copy out of its trunk: it can be lent alone again. Repeated, it changes nothing.

        Raises UnknownBarcode, DamagedBarcode, Forbidden, CopyIsOnLoan.
        """
        now = self._clock.now()
        with self._db.write() as session:
            found = catalog.copy_by_code(session, code)
            trunk_code = found.stands_in.code if found.stands_in else found.code
            copy, trunk = _locked(session, actor, code, trunk_code)
            if copy.stands_in is not None:
                _check_in_depot(session, trunk)
                _take_out(session, actor, copy, trunk, now)
            return catalog.copy(session, copy.id)


def _locked(session: Session, actor: Actor, code: str, trunk_code: str) -> tuple[CopyDetail, CopyDetail]:
    """Both, their titles locked in the order of their numbers, as they stand behind the locks."""
    found = [catalog.copy_by_code(session, one) for one in (code, trunk_code)]
    for title_id in sorted({one.title_id for one in found}):
        lock_title(session, title_id)
    copy, trunk = (catalog.copy(session, one.id) for one in found)
    for one in (copy, trunk):
        actor.require(network.path_of(session, one.owner_id), Role.STAFF)
    return copy, trunk


def _check_in_depot(session: Session, *copies: CopyDetail) -> None:
    for one in copies:
        if possession_of_copy(session, one.id) is not None:
            raise CopyIsOnLoan(barcode=one.shown_code)


def _place(session: Session, actor: Actor, copy: CopyDetail, trunk: CopyDetail, now: dt.datetime) -> PlacedCopy:
    row = session.get_one(Copy, copy.id, populate_existing=True)
    row.status, row.depot_id, row.shelf = Status.BLOCKED.value, trunk.depot_id, trunk.shelf
    row.version += 1
    session.flush()
    placed = PlacedCopy(copy_id=copy.id, trunk_id=trunk.id, placed_by=actor.person_id, placed_at=now)
    session.add(placed)
    record_changes(session, actor, now, {"trunk": ""}, {"trunk": trunk.shown_code}, copy_id=copy.id)
    _plan_anew(session, copy.title_id, now)
    return placed


def _take_out(session: Session, actor: Actor, copy: CopyDetail, trunk: CopyDetail, now: dt.datetime) -> None:
    session.delete(session.get_one(PlacedCopy, copy.id))
    session.flush()
    row = session.get_one(Copy, copy.id, populate_existing=True)
    # What is damaged waits for its repair like any other.
    row.status = (Status.BLOCKED if row.condition == Condition.DAMAGED else Status.LENDABLE).value
    row.version += 1
    session.flush()
    record_changes(session, actor, now, {"trunk": trunk.shown_code}, {"trunk": ""}, copy_id=copy.id)
    _plan_anew(session, copy.title_id, now)


def _plan_anew(session: Session, title_id: int, now: dt.datetime) -> None:
    tell_search(session, title_id, now)
    replan_title(session, title_id, now)


def _line(session: Session, trunk: CopyDetail, line_id: int | None) -> int | None:
    sections = catalog.checklist(session, trunk.title_id).sections
    if line_id is not None and line_id not in {line.id for section in sections for line in section.lines}:
        raise UnknownContentLine(line_id=line_id)
    return line_id
