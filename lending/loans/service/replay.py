"""What a desk did without network, done again in the order in which it happened."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.rules import CheckReason
from lending.catalog.tables import ContentsCheck
from lending.core.actor import Actor
from lending.core.errors import LendingError
from lending.core.idempotency import KeyUsedForAnotherRequest, earlier_answer, remember_answer, words_of_answer
from lending.loans.rules.desk_errors import CollectionTooEarly, CopyPromised
from lending.loans.rules.offline import LoanIncomplete, check_number, happened_at
from lending.loans.rules.states import State
from lending.loans.schemas import DeskDecision, DeskScan, NewLoan
from lending.loans.schemas.offline import OfflineAct, ReplayLine
from lending.loans.service.check_out import check_out, lend_now
from lending.loans.service.desk_access import require_desk
from lending.loans.service.recording import Act
from lending.loans.service.scan import act as decide
from lending.loans.service.time_passing import TimePassing
from lending.loans.tables import Booking, BookingEvent

# What changes where a copy is, or what is known of it; a plan made for it does not.
PHYSICAL = [one.value for one in (Act.HANDED_OVER, Act.RETURNED, Act.CLAIMED, Act.LOST, Act.FOUND, Act.UNDONE)]


class Replays(TimePassing):
    """The part of `Loans` for desks that had no network."""

    def replay(self, actor: Actor, depot_id: int, acts: Sequence[OfflineAct]) -> list[ReplayLine]:
        """Do the acts in the order of the devices' corrected clocks, each for itself; one line each tells the outcome.

        Raises Forbidden, NotFound, TooManyActs; what one act raises stands in its line.
        """
        check_number(len(acts))
        now = self._clock.now()
        with self._db.read() as session:
            require_desk(session, actor, depot_id)
        timed = [(happened_at(one.device_at, one.offset_ms, now), one) for one in acts]
        return [self._replay(actor, depot_id, one, at, now) for at, one in sorted(timed, key=lambda pair: pair[0])]

    def _replay(self, actor: Actor, depot_id: int, act: OfflineAct, at: dt.datetime, now: dt.datetime) -> ReplayLine:
        try:
            return self._do(actor, depot_id, act, at, now, as_fact=False)
        except (CopyPromised, CollectionTooEarly):
            # The copy has left, whoever it was promised to.
            return self._do_as_fact(actor, depot_id, act, at, now)
        except LendingError as error:
            return _refused(act, at, error)

    def _do_as_fact(
        self, actor: Actor, depot_id: int, act: OfflineAct, at: dt.datetime, now: dt.datetime
    ) -> ReplayLine:
        try:
            return self._do(actor, depot_id, act, at, now, as_fact=True)
        except LendingError as error:
            return _refused(act, at, error)

    def _do(
        self, actor: Actor, depot_id: int, act: OfflineAct, at: dt.datetime, now: dt.datetime, *, as_fact: bool
    ) -> ReplayLine:
        person_id = actor.person_id or 0
        with self._db.write() as session:
            known = _known(session, person_id, act, at)
            if known is not None:
                return known
            copy_id = catalog.copy_by_code(session, act.code).id
            if changed_since(session, copy_id, at):
                return ReplayLine(key=act.key, code=act.code, happened_at=at, status="skipped")
            promised = planned_on(session, copy_id) if as_fact else []
            reference = _act(session, actor, depot_id, act, copy_id, at, now, as_fact=as_fact)
            line = _line(act, at, reference, [one.reference for one in promised if one.copy_id != copy_id])
            remember_answer(session, person_id, act.key, act, line, now)
            return line


def _known(session: Session, person_id: int, act: OfflineAct, at: dt.datetime) -> ReplayLine | None:
    """The line of an earlier sending. Raises KeyUsedForAnotherRequest."""
    try:
        earlier = earlier_answer(session, person_id, act.key, act, ReplayLine)
    except KeyUsedForAnotherRequest:
        if catalog.copy_by_code(session, act.code).id != _copy_of(words_of_answer(session, person_id, act.key)):
            raise
        # The page did it under this key, and its answer got lost on the way.
        return ReplayLine(key=act.key, code=act.code, happened_at=at, status="known")
    return msgspec.structs.replace(earlier, status="known") if earlier else None


def _copy_of(answer: dict[str, Any]) -> object:
    """The copy of what a page did: a decision, or a loan over the counter."""
    copy = answer.get("copy")
    return copy["id"] if isinstance(copy, dict) else answer.get("copy_id")


def _act(
    session: Session,
    actor: Actor,
    depot_id: int,
    act: OfflineAct,
    copy_id: int,
    at: dt.datetime,
    now: dt.datetime,
    *,
    as_fact: bool,
) -> str:
    """Do it with the desk's own use case; returns the booking's reference."""
    if act.action == "lend":
        wanted = _new_loan(act, depot_id)
        return lend_now(session, actor, wanted, now, at, as_fact=as_fact).reference
    if as_fact and act.booking_id is not None:
        return check_out(session, actor, act.booking_id, copy_id, now, at, as_fact=True).reference
    scan = DeskScan(code=act.code, depot_id=depot_id)
    done = decide(session, actor, scan, _decision(act), now, at).booking
    return done.reference if done else ""


def _decision(act: OfflineAct) -> DeskDecision:
    """Nobody can be asked any more: what was in somebody's hands was there."""
    return DeskDecision(
        action="take_back" if act.action == "take_back" else "hand_over",
        booking_id=act.booking_id,
        found=act.found,
        note=act.note,
        lendable_though_incomplete=act.lendable_though_incomplete,
        damaged=act.damaged,
        note_seen=True,
        found_confirmed=True,
        accept_withdrawn=True,
    )


def _new_loan(act: OfflineAct, depot_id: int) -> NewLoan:
    if act.school_id is None or act.due_on is None:
        raise LoanIncomplete
    return NewLoan(
        code=act.code,
        depot_id=depot_id,
        school_id=act.school_id,
        due_on=act.due_on,
        note_seen=True,
        found_confirmed=True,
    )


def changed_since(session: Session, copy_id: int, at: dt.datetime) -> bool:
    """Whether something was done with the copy after the act, or this very act was sent by somebody else before."""
    is_later = or_(and_(BookingEvent.device_at.is_(None), BookingEvent.happened_at > at), BookingEvent.device_at >= at)
    acted = select(BookingEvent.id).where(BookingEvent.copy_id == copy_id, BookingEvent.act.in_(PHYSICAL), is_later)
    # The check of a return is written when it is replayed; those of a stocktake or a repair when they are made.
    checked = select(ContentsCheck.id).where(
        ContentsCheck.copy_id == copy_id,
        ContentsCheck.checked_at > at,
        ContentsCheck.reason != CheckReason.RETURN.value,
    )
    return session.scalar(acted.limit(1)) is not None or session.scalar(checked.limit(1)) is not None


def planned_on(session: Session, copy_id: int) -> Sequence[Booking]:
    """The reservations that count on a copy, the first to begin first."""
    planned = select(Booking).where(Booking.copy_id == copy_id, Booking.state == State.PLANNED.value)
    return session.scalars(planned.order_by(Booking.starts_on)).all()


def _line(act: OfflineAct, at: dt.datetime, reference: str, displaced: list[str]) -> ReplayLine:
    others = [one for one in displaced if one != reference]
    return ReplayLine(
        key=act.key,
        code=act.code,
        happened_at=at,
        status="conflict" if others else "done",
        booking_reference=reference,
        displaced=others,
    )


def _refused(act: OfflineAct, at: dt.datetime, error: LendingError) -> ReplayLine:
    detail = error.localized_detail()
    return ReplayLine(key=act.key, code=act.code, happened_at=at, status="refused", slug=error.slug, detail=detail)
