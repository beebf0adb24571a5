"""Affiliations that end: who borrows for a school is told before its loans come to an end with them."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.accounts.tables import RoleGrant
from lending.core.actor import Role
from lending.core.clock import Clock, local_day
from lending.network import queries as network
from lending.network.rules import LAST_YEARS_AFFILIATION_ENDS, school_year_of
from lending.network.tables import Affiliation, Association, Organisation
from lending.notices.announce import Message, announce_many
from lending.notices.rules import NoticeKind
from lending.notices.schemas import AffiliationFacts

WARNING_DAYS = 21


class AffiliationNoticeFacts:
    """Answers for subjects such as `school:12`."""

    def __init__(self, clock: Clock) -> None:
        """The clock tells which school year it is."""
        self._clock = clock

    def facts(self, session: Session, kind: str, subject: str) -> AffiliationFacts:  # noqa: ARG002 - one kind speaks of schools
        """What is true now. Raises NotFound for a school that does not exist."""
        school = network.school(session, int(subject.removeprefix("school:")))
        association = network.association(session, school.association_id)
        today = local_day(self._clock.now(), association.time_zone)
        year = school_year_of(today)
        ends_on = last_day(year)
        return AffiliationFacts(
            association_id=association.id,
            association_name=association.name,
            association_email=association.email,
            association_phone=association.phone,
            path="/account",
            is_relevant=year not in school.affiliated_years and today <= ends_on,
            school_name=school.name,
            ends_on=ends_on,
            school_year=f"{year}-{year + 1}",
        )


def last_day(school_year: int) -> dt.date:
    """The last day on which the year before still counts."""
    return dt.date(school_year, *LAST_YEARS_AFFILIATION_ENDS)


def announce_ending(session: Session, association_id: int, now: dt.datetime) -> int:
    """Tell those who borrow for schools that were affiliated last year and are not yet; returns how many were told."""
    today = local_day(now, session.get_one(Association, association_id).time_zone)
    return announce_many(session, ending_on(session, association_id, today), now)


def ending_on(session: Session, association_id: int, day: dt.date) -> list[Message]:
    """What those are told on a day; nothing on most days of the year."""
    year = school_year_of(day)
    if not 0 <= (last_day(year) - day).days <= WARNING_DAYS:
        return []
    return [
        Message(
            kind=NoticeKind.AFFILIATION_ENDING,
            person_id=person_id,
            subject=f"school:{school_id}",
            key=f"{NoticeKind.AFFILIATION_ENDING}:{school_id}:{year}:{person_id}",
            association_id=association_id,
        )
        for school_id, person_id in _borrowers_of_ending(session, association_id, year)
    ]


def _borrowers_of_ending(session: Session, association_id: int, year: int) -> list[tuple[int, int]]:
    this_year = select(Affiliation.school_id).where(Affiliation.school_year == year)
    query = (
        select(Organisation.id, RoleGrant.person_id)
        .join(Affiliation, Affiliation.school_id == Organisation.id)
        .join(RoleGrant, RoleGrant.organisation_id == Organisation.id)
        .where(Organisation.parent_id == association_id, Affiliation.school_year == year - 1)
        .where(Organisation.id.not_in(this_year), RoleGrant.role == Role.TEACHER.value)
        .order_by(Organisation.id, RoleGrant.person_id)
    )
    return [(school_id, person_id) for school_id, person_id in session.execute(query)]
