"""Write down what was found in a copy.

It stands inside the caller's transaction and sets no status: what an incomplete copy means is for the desk.
"""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from lending.catalog import queries, rules
from lending.catalog.schemas import Checklist, CheckRecorded, MissingLine
from lending.catalog.tables import ContentsCheck, ContentsCheckLine, Copy
from lending.core.errors import NotFound


def record_check(
    session: Session,
    copy_id: int,
    reason: str,
    found_by_line: Mapping[int, int],
    person_id: int | None,
    now: dt.datetime,
    note: str = "",
    *,
    lendable_though_incomplete: bool = False,
) -> CheckRecorded:
    """Record a check. A line that is not in `found_by_line` was all there.

    Raises NotFound, UnknownContentLine, BadFoundCount.
    """
    copy = session.get(Copy, copy_id)
    if copy is None:
        raise NotFound
    lines = expected_lines(queries.checklist(session, copy.title_id))
    rules.check_found(lines, found_by_line)
    missing = rules.shortfalls(lines, found_by_line)
    outcome = rules.outcome_of(missing)
    check = ContentsCheck(
        copy_id=copy_id,
        reason=rules.CheckReason(reason),
        outcome=outcome,
        lendable_though_incomplete=lendable_though_incomplete and outcome == rules.Outcome.INCOMPLETE,
        person_id=person_id,
        note=note,
        checked_at=now,
    )
    session.add(check)
    session.flush()
    _keep_counts(session, check.id, lines, found_by_line)
    return CheckRecorded(check.id, rules.Outcome(check.outcome), [_missing_line(one) for one in missing])


def expected_lines(checklist: Checklist) -> list[rules.Expected]:
    """The checklist as the rules read it."""
    return [
        rules.Expected(line.id, line.name, line.quantity, line.is_consumable)
        for section in checklist.sections
        for line in section.lines
    ]


def _keep_counts(
    session: Session, check_id: int, lines: list[rules.Expected], found_by_line: Mapping[int, int]
) -> None:
    session.add_all(
        ContentsCheckLine(
            check_id=check_id,
            line_id=line.line_id,
            expected=line.quantity,
            found=found_by_line.get(line.line_id, line.quantity),
        )
        for line in lines
    )
    session.flush()


def _missing_line(one: rules.Shortfall) -> MissingLine:
    line = one.line
    return MissingLine(line.line_id, line.name, line.quantity, one.found, one.missing, line.is_consumable)
