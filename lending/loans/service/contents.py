"""What is in a copy: who had it when a piece went missing, and looks into it between two loans."""

import datetime as dt

import msgspec
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.placing.queries import inside, is_placed
from lending.catalog.rules import Outcome, Status, check_status, clean_text
from lending.catalog.service.record_check import record_check
from lending.catalog.tables import Copy
from lending.core.actor import Actor, Role
from lending.core.barcodes import shown
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.idempotency import earlier_answer, remember_answer
from lending.loans.queries import contents_history as queries
from lending.loans.queries.desk import possession_of_copy
from lending.loans.rules.contents_history import Look, Turn, turns
from lending.loans.rules.desk_errors import CopyIsOnLoan
from lending.loans.schemas.contents import CheckView, ContentsHistory, HadBy, NewCheck, PieceTurn
from lending.loans.service.locking import lock_copy
from lending.loans.service.open_shelf import open_shelf
from lending.loans.service.telling import tell_search
from lending.network import queries as network

# Elsewhere (repair, lost, withdrawn) what is in a copy decides nothing about lending it.
ON_THE_SHELF = (Status.LENDABLE, Status.BLOCKED)


class _CheckRequest(msgspec.Struct, frozen=True):
    """What a key stands for: this check of this copy."""

    copy_id: int
    new: NewCheck


class Contents:
    """The contents of copies over time, for the staff that looks after them."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def history(self, actor: Actor, code: str) -> ContentsHistory:
        """The looks into a copy, and for each piece that went missing who had it meanwhile.

        Raises UnknownBarcode, DamagedBarcode, Forbidden.
        """
        with self._db.read() as session:
            copy = catalog.copy_by_code(session, code)
            actor.require(copy.owner_path, Role.STAFF, Role.COORDINATOR)
            return _history(session, copy.id)

    def record(self, actor: Actor, code: str, new: NewCheck, key: str | None = None) -> ContentsHistory:
        """Write down a look into a copy that is in the depot; it can be lent afterwards, or waits for its parts.

        Raises UnknownBarcode, Forbidden, CopyIsOnLoan, UnknownContentLine, BadFoundCount, DamagedNotLendable.
        """
        now = self._clock.now()
        with self._db.write() as session:
            copy_id = catalog.copy_by_code(session, code).id
            asked = _CheckRequest(copy_id, new)
            if done := earlier_answer(session, actor.person_id or 0, key, asked, ContentsHistory):
                return done
            _record(session, actor, copy_id, new, now)
            answer = _history(session, copy_id)
            remember_answer(session, actor.person_id or 0, key, asked, answer, now)
            return answer


def _record(session: Session, actor: Actor, copy_id: int, new: NewCheck, now: dt.datetime) -> None:
    title, copy = lock_copy(session, copy_id)
    actor.require(network.path_of(session, copy.owner_id), Role.STAFF)
    if possession_of_copy(session, copy.id) is not None:
        raise CopyIsOnLoan(barcode=shown(copy.code))
    check = record_check(
        *(session, copy.id, new.reason, {one.line_id: one.found for one in new.found}, actor.person_id, now),
        clean_text(new.note),
        lendable_though_incomplete=new.then == "lend",
    )
    if not is_placed(session, copy.id):
        _set_status(copy, may_be_lent=check.outcome == Outcome.COMPLETE or new.then == "lend")
    session.flush()
    tell_search(session, title.id, now)
    open_shelf(session, title, copy.depot_id, now)


def _set_status(copy: Copy, *, may_be_lent: bool) -> None:
    wanted = Status.LENDABLE if may_be_lent else Status.BLOCKED
    if copy.status in ON_THE_SHELF and copy.status != wanted:
        check_status(copy.status, wanted, copy.condition)
        copy.status = wanted.value
        copy.version += 1


def _history(session: Session, copy_id: int) -> ContentsHistory:
    copy = catalog.copy(session, copy_id)
    checks, loans = queries.checks_of(session, copy_id), queries.loans_of(session, copy_id)
    counts = queries.counts_of(session, copy_id)
    looks = [Look(one.id, one.checked_at, counts[one.id]) for one in checks]
    found = turns(looks, [had for had, _ in loans.values()])
    names = queries.line_names(session, {one.line_id for one in found})
    by_id, people = {one.id: one for one in checks}, {id_: who for id_, (_, who) in loans.items()}
    return ContentsHistory(
        copy=copy,
        sections=catalog.checklist(session, copy.title_id).sections,
        inside=inside(session, copy_id),
        checks=checks[::-1],
        turns=[_turn(one, names[one.line_id], by_id, people) for one in reversed(found)],
    )


def _turn(turn: Turn, name: str, checks: dict[int, CheckView], people: dict[int, HadBy]) -> PieceTurn:
    return PieceTurn(
        line_id=turn.line_id,
        line_name=name,
        change="missing" if turn.count > 0 else "back",
        count=abs(turn.count),
        before=checks[turn.before.id] if turn.before else None,
        after=checks[turn.after.id],
        had_by=[people[one.id] for one in turn.had_by],
    )
