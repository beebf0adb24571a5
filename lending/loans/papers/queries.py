"""All that stands on the papers of some loans of a depot, in a handful of queries whatever their number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person
from lending.catalog import queries as catalog
from lending.catalog.schemas import ChecklistLine, ChecklistSection, MissingLine
from lending.catalog.tables import ContentLine, ContentSection
from lending.loans.papers.tables import PaperText
from lending.loans.queries import reservations
from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import Reservation
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.network.schemas import AssociationView, DepotView
from lending.network.tables import Organisation, School

Own = aliased(Organisation)
Above = aliased(Organisation)


@dataclass(frozen=True)
class BorrowerFacts:
    """A school's cooperative, and the association whose local section it is."""

    name: str
    commune: str
    uai: str
    association_id: int
    association_name: str


@dataclass(frozen=True)
class LoanFacts:
    """A loan as its papers show it: `known_missing` is from the last look, `missing` from the return."""

    booking: Reservation
    borrower: BorrowerFacts
    language: str
    sections: list[ChecklistSection]
    known_missing: list[MissingLine]
    missing: list[MissingLine]


@dataclass(frozen=True)
class DepotFacts:
    """Who lends, where, and in which words."""

    association: AssociationView
    depot: DepotView
    texts: PaperText | None


def depot_facts(session: Session, depot_id: int) -> DepotFacts:
    """What all papers of a depot share. Raises NotFound."""
    depot = network.depot(session, depot_id)
    association = network.association(session, depot.association_id)
    return DepotFacts(association, depot, session.get(PaperText, depot.association_id))


def leaving(session: Session, depot_id: int, day: dt.date, today: dt.date, now: dt.datetime) -> list[Reservation]:
    """What is handed over on a day: on the present one also what nobody fetched yet. Nothing that has no copy."""
    is_its_day = Booking.starts_on <= day if day == today else Booking.starts_on == day
    return reservations.of(
        session,
        now,
        Booking.depot_id == depot_id,
        Booking.cause == Cause.LOAN.value,
        Booking.state == State.PLANNED.value,
        IS_OPEN,
        Booking.copy_id.is_not(None),
        is_its_day,
        Booking.ends_on > day,
    )


def loan_facts(session: Session, found: Sequence[Reservation]) -> list[LoanFacts]:
    """What is particular to each of these loans, in the same order."""
    borrowers = _borrowers(session, {one.school_id for one in found if one.school_id is not None})
    languages = _languages(session, {one.person_id for one in found if one.person_id is not None})
    contents = _contents(session, {one.title_id for one in found})
    checks = catalog.last_checks(session, {one.copy_id for one in found if one.copy_id is not None})
    returns = _returns(session, [one.id for one in found])
    return [
        LoanFacts(
            booking=one,
            borrower=borrowers[one.school_id or 0],
            language=languages.get(one.person_id or 0, "fr"),
            sections=contents[one.title_id],
            known_missing=checks[one.copy_id].missing if one.copy_id in checks else [],
            missing=returns.get(one.id, []),
        )
        for one in found
    ]


def _borrowers(session: Session, school_ids: Collection[int]) -> dict[int, BorrowerFacts]:
    query = (
        select(School, Own.name, Above.id, Above.name)
        .join(Own, Own.id == School.organisation_id)
        .join(Above, Above.id == Own.parent_id)
        .where(School.organisation_id.in_(school_ids))
    )
    return {
        school.organisation_id: BorrowerFacts(name, school.commune, school.uai, above_id, above)
        for school, name, above_id, above in session.execute(query)
    }


def _languages(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    return dict(iter(session.execute(select(Person.id, Person.language).where(Person.id.in_(person_ids)))))


def _contents(session: Session, title_ids: Collection[int]) -> defaultdict[int, list[ChecklistSection]]:
    query = (
        select(ContentSection, ContentLine)
        .join(ContentLine, ContentLine.section_id == ContentSection.id)
        .where(ContentSection.title_id.in_(title_ids))
        .order_by(ContentSection.title_id, ContentSection.rank, ContentLine.rank)
    )
    found: defaultdict[int, list[ChecklistSection]] = defaultdict(list)
    for section, line in session.execute(query):
        sections = found[section.title_id]
        if not sections or sections[-1].id != section.id:
            sections.append(ChecklistSection(section.id, section.name, []))
        sections[-1].lines.append(_line(line))
    return found


def _line(row: ContentLine) -> ChecklistLine:
    return ChecklistLine(
        id=row.id,
        name=row.name,
        quantity=row.quantity,
        is_consumable=row.is_consumable,
        value_cents=row.value_cents,
    )


def _returns(session: Session, booking_ids: Collection[int]) -> dict[int, list[MissingLine]]:
    query = select(Booking.id, Booking.return_check_id).where(
        Booking.id.in_(booking_ids), Booking.return_check_id.is_not(None)
    )
    checks = dict(iter(session.execute(query)))
    missing = catalog.missing_lines(session, [check_id for check_id in checks.values() if check_id is not None])
    return {booking_id: missing[check_id] for booking_id, check_id in checks.items() if check_id is not None}
