"""Every look into a copy, and who had it."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.catalog.queries.contents import missing_lines
from lending.catalog.rules import CheckReason, Outcome
from lending.catalog.states import Leaves
from lending.catalog.tables import ContentLine, ContentsCheck, ContentsCheckLine
from lending.loans.rules.contents_history import Count, Had
from lending.loans.rules.states import Cause
from lending.loans.schemas.contents import CheckView, HadBy
from lending.loans.tables import Booking
from lending.network.tables import Organisation


def checks_of(session: Session, copy_id: int) -> list[CheckView]:
    """The looks into a copy, the first first."""
    query = (
        select(ContentsCheck, Person.name)
        .outerjoin(Person, Person.id == ContentsCheck.person_id)
        .where(ContentsCheck.copy_id == copy_id)
        .order_by(ContentsCheck.checked_at, ContentsCheck.id)
    )
    rows = session.execute(query).all()
    missing = missing_lines(session, [check.id for check, _ in rows])
    return [
        CheckView(
            id=check.id,
            reason=CheckReason(check.reason),
            outcome=Outcome(check.outcome),
            leaves=_leaves(check),
            checked_at=check.checked_at,
            checked_by=name or "",
            note=check.note,
            missing=missing[check.id],
        )
        for check, name in rows
    ]


def _leaves(check: ContentsCheck) -> Leaves:
    if check.outcome == Outcome.COMPLETE:
        return Leaves.COMPLETE
    return Leaves.LENDABLE if check.lendable_though_incomplete else Leaves.BLOCKED


def counts_of(session: Session, copy_id: int) -> defaultdict[int, dict[int, Count]]:
    """What each look into a copy counted, by look and line."""
    query = (
        select(ContentsCheckLine)
        .join(ContentsCheck, ContentsCheck.id == ContentsCheckLine.check_id)
        .where(ContentsCheck.copy_id == copy_id)
    )
    found: defaultdict[int, dict[int, Count]] = defaultdict(dict)
    for row in session.scalars(query):
        found[row.check_id][row.line_id] = Count(row.expected, row.found)
    return found


def loans_of(session: Session, copy_id: int) -> dict[int, tuple[Had, HadBy]]:
    """The loans on which the copy left, by their number: for the rule, and for people."""
    query = (
        select(
            *(Booking.id, Booking.reference, Booking.checked_out_at, Booking.returned_at, Booking.return_check_id),
            *(Organisation.name.label("school_name"), Person.name.label("person_name")),
        )
        .outerjoin(Organisation, Organisation.id == Booking.school_id)
        .outerjoin(Person, Person.id == Booking.person_id)
        .where(Booking.copy_id == copy_id, Booking.cause == Cause.LOAN.value, Booking.checked_out_at.is_not(None))
    )
    return {
        row.id: (
            Had(row.id, row.checked_out_at, row.returned_at, row.return_check_id),
            HadBy(
                booking_id=row.id,
                reference=row.reference,
                school_name=row.school_name or "",
                person_name=row.person_name or "",
                handed_over_at=row.checked_out_at,
                returned_at=row.returned_at,
            ),
        )
        for row in session.execute(query)
    }


def line_names(session: Session, line_ids: Collection[int]) -> defaultdict[int, str]:
    """What lines are called today."""
    query = select(ContentLine.id, ContentLine.name).where(ContentLine.id.in_(line_ids))
    return defaultdict(str, iter(session.execute(query)))
