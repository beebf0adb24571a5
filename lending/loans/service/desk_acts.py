"""Use cases of a desk's page: sheets, taking the last act back, what to know without network."""

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

import msgspec
from sqlalchemy import delete
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import Kind
from lending.catalog.schemas import ChecklistSection
from lending.core.actor import Actor
from lending.core.clock import Clock, local_day
from lending.core.database import Database
from lending.core.idempotency import earlier_answer, remember_answer
from lending.loans.queries import desk_pages, reservations
from lending.loans.queries.terms import rule_words
from lending.loans.rules.loan_rules import LoanRule, resolve
from lending.loans.schemas import DeskDecision, DeskScan, Reservation, ScannedCopy, ScanResult
from lending.loans.schemas.desk import DeskSheet, LastAct, OfflineDay
from lending.loans.service import scan
from lending.loans.service.desk_access import require_desk
from lending.loans.service.sheets import open_sheet
from lending.loans.service.undo import undo
from lending.loans.tables import DeskAct
from lending.network import queries as network

Answer = TypeVar("Answer", bound=msgspec.Struct)
KEPT_FOR = dt.timedelta(days=7)


class _UndoRequest(msgspec.Struct, frozen=True):
    """What makes two corrections the same; without a decision the act is only taken back."""

    act_id: int
    decision: DeskDecision | None = None


class DeskActs:
    """What the desk does around its scans."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def one_view(self) -> AbstractContextManager[None]:
        """What a page asks inside is read at one moment, up to its act; see `Database.one_view`."""
        return self._db.one_view()

    def sheet(self, actor: Actor, depot_id: int, code: str) -> DeskSheet | None:
        """What a scanned paper opens; None for a code that is no paper's.

        Raises Forbidden, NotFound, DamagedBarcode, UnknownSheet.
        """
        with self._db.read() as session:
            return open_sheet(session, actor, depot_id, code, self._clock.now())

    def last_act(self, actor: Actor, depot_id: int) -> LastAct | None:
        """What the person did last at this desk, while it can be taken back. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            require_desk(session, actor, depot_id)
            return desk_pages.last_act(session, actor.person_id or 0, depot_id, self._clock.now())

    def so_far(
        self, actor: Actor, depot_id: int, booking_ids: Sequence[int]
    ) -> tuple[LastAct | None, list[Reservation]]:
        """Like `last_act`; and those of the bookings that the desk lends, in the order asked for."""
        now = self._clock.now()
        with self._db.read() as session:
            own = require_desk(session, actor, depot_id).association_id
            act = desk_pages.act_to_undo(session, actor.person_id or 0, depot_id, now)
            wanted = {*booking_ids, act.booking_id} if act else set(booking_ids)
            found = {one.id: one for one in reservations.some(session, wanted, now)}
        last = desk_pages.shown_act(act, found[act.booking_id]) if act else None
        return last, [found[one] for one in booking_ids if one in found and found[one].association_id == own]

    def undo(self, actor: Actor, act_id: int, key: str | None = None) -> Reservation:
        """Take an act back: within a minute, if nothing happened since.

        Raises NotFound, Forbidden, AlreadyUndone, UndoTooLate, ChangedSinceAct.
        """

        def work(session: Session, now: dt.datetime) -> Reservation:
            return reservations.one(session, undo(session, actor, act_id, now).id, now)

        return self._once(actor, key, _UndoRequest(act_id), Reservation, work)

    def correct(self, actor: Actor, act_id: int, decision: DeskDecision, key: str | None = None) -> ScanResult:
        """Take a return back and do it again as the desk says now, in one go. Raises like `undo` and a return."""

        def work(session: Session, now: dt.datetime) -> ScanResult:
            booking = undo(session, actor, act_id, now)
            code = reservations.one(session, booking.id, now).copy_code or ""
            wanted = DeskScan(code=code, depot_id=booking.depot_id, decision=decision)
            return scan.act(session, actor, wanted, decision, now)

        return self._once(actor, key, _UndoRequest(act_id, decision), ScanResult, work)

    def instead_of(self, actor: Actor, copy: ScannedCopy) -> list[ScannedCopy]:
        """Copies of the same title beside this one that could leave today. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            here = require_desk(session, actor, copy.depot_id)
            return desk_pages.siblings(session, copy, local_day(self._clock.now(), here.time_zone))

    def contents(self, actor: Actor, depot_id: int, title_id: int) -> list[ChecklistSection]:
        """What should be in a title's copies. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            require_desk(session, actor, depot_id)
            return catalog.checklist(session, title_id).sections

    def rule(self, actor: Actor, depot_id: int, kind: Kind) -> LoanRule:
        """How this desk lends such things. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            association_id = require_desk(session, actor, depot_id).association_id
            return resolve(rule_words(session, {association_id}), association_id, kind)

    def offline_day(self, actor: Actor, depot_id: int) -> OfflineDay:
        """What this desk needs to go on without network. Raises Forbidden, NotFound."""
        now = self._clock.now()
        with self._db.read() as session:
            here = require_desk(session, actor, depot_id)
            today = local_day(now, here.time_zone)
            loans = desk_pages.offline_loans(session, depot_id, today)
            copies = desk_pages.offline_copies(session, depot_id, loans)
            title_ids = {*(one.title_id for one in loans), *(one.title_id for one in copies)}
            return OfflineDay(
                depot_id=depot_id,
                depot_name=network.depot(session, depot_id).name,
                today=today,
                made_at=now,
                loans=loans,
                copies=copies,
                titles=desk_pages.offline_titles(session, depot_id, title_ids),
            )

    def forget_old(self) -> int:
        """Drop the acts that can be taken back no more; returns how many."""
        with self._db.write() as session:
            old = session.scalars(
                delete(DeskAct).where(DeskAct.done_at < self._clock.now() - KEPT_FOR).returning(DeskAct.id)
            )
            return len(old.all())

    def _once(
        self,
        actor: Actor,
        key: str | None,
        request: msgspec.Struct,
        answer_type: type[Answer],
        work: Callable[[Session, dt.datetime], Answer],
    ) -> Answer:
        now, person_id = self._clock.now(), actor.person_id or 0
        with self._db.write() as session:
            done = earlier_answer(session, person_id, key, request, answer_type)
            if done is not None:
                return done
            answer = work(session, now)
            remember_answer(session, person_id, key, request, answer, now)
            return answer
