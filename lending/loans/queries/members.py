"""Reads of who borrows for a school."""

import datetime as dt
from collections import Counter

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person, RoleGrant
from lending.core.actor import Role
from lending.loans.queries.pools import IS_OPEN
from lending.loans.rules.states import Cause
from lending.loans.rules.waiting import OPEN
from lending.loans.schemas.members import InvitationView, Member
from lending.loans.tables import Booking, SchoolInvitation, Wish
from lending.network.tables import Organisation

Inviter = aliased(Person)
IS_WAITING = Wish.state.in_([state.value for state in OPEN])
IS_UNANSWERED = SchoolInvitation.accepted_at.is_(None) & SchoolInvitation.withdrawn_at.is_(None)


def open_bookings(school_id: int) -> tuple[ColumnElement[bool], ...]:
    """What is promised to, or out with, a school."""
    return (Booking.school_id == school_id, Booking.cause == Cause.LOAN.value, IS_OPEN)


def open_wishes(school_id: int) -> tuple[ColumnElement[bool], ...]:
    """What a school waits for."""
    return (Wish.school_id == school_id, IS_WAITING)


def running(session: Session, school_id: int) -> Counter[int]:
    """How much of a school's is open in whose name, by person."""
    bookings = select(Booking.person_id, func.count()).where(*open_bookings(school_id)).group_by(Booking.person_id)
    wishes = select(Wish.person_id, func.count()).where(*open_wishes(school_id)).group_by(Wish.person_id)
    found: Counter[int] = Counter()
    for person_id, count in (*session.execute(bookings), *session.execute(wishes)):
        found[person_id] += count
    return found


def member_ids(session: Session, school_id: int) -> frozenset[int]:
    """Who borrows for a school."""
    granted = (RoleGrant.organisation_id == school_id, RoleGrant.role == Role.TEACHER.value)
    return frozenset(session.scalars(select(RoleGrant.person_id).where(*granted)))


def members(session: Session, school_id: int) -> list[Member]:
    """Who borrows for a school, by name."""
    ids, open_by_person = member_ids(session, school_id), running(session, school_id)
    people = session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name, Person.id))
    return [Member(person_id=one.id, name=one.name, email=one.email, running=open_by_person[one.id]) for one in people]


def invitations(session: Session, now: dt.datetime, *where: ColumnElement[bool]) -> list[InvitationView]:
    """Invitations that can still be accepted, the latest first."""
    query = (
        select(SchoolInvitation, Organisation.name, Person.name, Person.email, Inviter.name)
        .join(Organisation, Organisation.id == SchoolInvitation.school_id)
        .join(Person, Person.id == SchoolInvitation.person_id)
        .join(Inviter, Inviter.id == SchoolInvitation.invited_by_id)
        .where(IS_UNANSWERED, SchoolInvitation.expires_at > now, *where)
        .order_by(SchoolInvitation.created_at.desc(), SchoolInvitation.id.desc())
    )
    return [
        InvitationView(
            id=one.id,
            school_id=one.school_id,
            school_name=school_name,
            name=name,
            email=email,
            invited_by=invited_by,
            created_at=one.created_at,
            expires_at=one.expires_at,
        )
        for one, school_name, name, email, invited_by in session.execute(query)
    ]
