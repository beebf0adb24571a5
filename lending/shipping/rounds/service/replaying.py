"""What a phone did at the stops of a round without network, done again in the order in which it was done."""

from collections.abc import Sequence

import msgspec
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import LendingError, NotFound
from lending.core.idempotency import earlier_answer, remember_answer
from lending.loans.rules.desk_errors import CollectionTooEarly, CopyPromised
from lending.loans.rules.offline import check_number, happened_at
from lending.loans.service.replay import planned_on
from lending.loans.tables import Booking
from lending.shipping.rounds.rules.states import moment_on_way
from lending.shipping.rounds.schemas import StopAct, StopLine
from lending.shipping.rounds.service import driving, planning
from lending.shipping.rounds.service.driving import Moment
from lending.shipping.rounds.tables import Round
from lending.shipping.service import moving
from lending.shipping.shipments.rules import parse_parcel_scan


class PhoneActs:
    """The part of `Rounds` for phones that had no network."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def replay(self, actor: Actor, round_id: int, acts: Sequence[StopAct]) -> list[StopLine]:
        """Do the acts of a phone in their order, each for itself; one line each tells the outcome.

        Raises Forbidden, NotFound, TooManyActs; what one act raises stands in its line.
        """
        check_number(len(acts))
        with self._db.read() as session:
            row = session.get(Round, round_id)
            if row is None:
                raise NotFound
            moving.require_depot(session, actor, row.depot_id, Role.STAFF)
        return [self._replay(actor, round_id, act) for act in acts]

    def _replay(self, actor: Actor, round_id: int, act: StopAct) -> StopLine:
        try:
            return self._do(actor, round_id, act, as_fact=False)
        except (CopyPromised, CollectionTooEarly):
            return self._do_as_fact(actor, round_id, act)
        except LendingError as error:
            return self._refused(act, error)

    def _do_as_fact(self, actor: Actor, round_id: int, act: StopAct) -> StopLine:
        """The copy has left, whoever it was promised to."""
        try:
            return self._do(actor, round_id, act, as_fact=True)
        except LendingError as error:
            return self._refused(act, error)

    def _do(self, actor: Actor, round_id: int, act: StopAct, *, as_fact: bool) -> StopLine:
        person_id, now = actor.person_id or 0, self._clock.now()
        with self._db.write() as session:
            known = earlier_answer(session, person_id, act.key, act, StopLine)
            if known is not None:
                return msgspec.structs.replace(known, status="known")
            row = planning.locked(session, actor, round_id)
            at = happened_at(act.device_at, act.offset_ms, now)
            moment = Moment(now, moment_on_way(at, row.started_at or now, now), as_fact)
            line = _done(session, actor, row, act, moment)
            remember_answer(session, person_id, act.key, act, line, now)
            return line

    def _refused(self, act: StopAct, error: LendingError) -> StopLine:
        at = happened_at(act.device_at, act.offset_ms, self._clock.now())
        detail = error.localized_detail()
        return StopLine(key=act.key, happened_at=at, status="refused", slug=error.slug, detail=detail)


def _done(session: Session, actor: Actor, row: Round, act: StopAct, at: Moment) -> StopLine:
    if act.action == "leave":
        driving.visit(session, actor, row.id, act.stop_id, act.note, at)
        return StopLine(key=act.key, happened_at=at.happened_at, status="done", what="left")
    counted = _counting_on(session, act.code) if at.as_fact else {}
    what, label = driving.scan(session, actor, row.id, act.stop_id, act.code, at)
    displaced = _displaced(session, counted)
    return StopLine(
        key=act.key,
        happened_at=at.happened_at,
        status="conflict" if displaced else "done",
        what=what,
        label=label,
        displaced=displaced,
    )


def _counting_on(session: Session, code: str) -> dict[int, int]:
    """The reservations that count on the copy of a code, each with the copy."""
    if parse_parcel_scan(code) is not None:
        return {}
    copy_id = catalog.copy_by_code(session, code).id
    return {one.id: copy_id for one in planned_on(session, copy_id)}


def _displaced(session: Session, counted: dict[int, int]) -> list[str]:
    """Those that lost it, by the words on their papers."""
    bookings = [session.get_one(Booking, booking_id) for booking_id in counted]
    return [one.reference for one in bookings if one.copy_id != counted[one.id]]
