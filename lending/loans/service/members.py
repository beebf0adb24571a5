"""Who borrows for a school: seen, invited, gone. Each public method is one transaction, an invitation two.

The count of invitations is committed by itself, so that a refusal does not undo it.
"""

import datetime as dt

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from lending.accounts import queries as accounts
from lending.accounts.rate_limit import count_try
from lending.accounts.rules import hash_secret, new_secret, parse_email
from lending.accounts.tables import Person, RoleGrant
from lending.catalog.rules import clean_line
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound, TooMany, Unauthenticated
from lending.loans.queries import members
from lending.loans.rules.members import (
    DAY,
    INVITATIONS_A_DAY,
    LIFETIME,
    AlreadyMember,
    InvitationOver,
    check_leaves,
    check_name,
)
from lending.loans.schemas.members import Departure, InvitationView, Joined, Member, NewInvitation
from lending.loans.service.locking import lock_school
from lending.loans.service.recording import Act, record
from lending.loans.tables import Booking, SchoolInvitation, Wish
from lending.network import queries as network
from lending.network.schemas import SchoolView
from lending.notices.announce import announce
from lending.notices.rules import NoticeKind

LOOKERS = (Role.TEACHER, Role.STAFF, Role.COORDINATOR)


class Members:
    """The people of a school: teachers look after themselves, the association's staff may help."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def of_school(self, actor: Actor, school_id: int) -> list[Member]:
        """Who borrows for a school. Raises Unauthenticated, Forbidden, NotFound."""
        with self._db.read() as session:
            _known(session, actor, school_id)
            return members.members(session, school_id)

    def invitations(self, actor: Actor, school_id: int) -> list[InvitationView]:
        """What nobody has answered yet. Raises Unauthenticated, Forbidden, NotFound."""
        with self._db.read() as session:
            _known(session, actor, school_id)
            return members.invitations(session, self._clock.now(), SchoolInvitation.school_id == school_id)

    def invite(self, actor: Actor, school_id: int, new: NewInvitation) -> InvitationView:
        """Ask a colleague to borrow for the school too; asked again, the earlier link stops working.

        Raises BadEmail, InvitedNameTooLong, AlreadyMember, TooMany, Unauthenticated, Forbidden, NotFound.
        """
        email, name, now = parse_email(new.email), clean_line(new.name), self._clock.now()
        check_name(name)
        inviter_id = self._count(actor, school_id, now)
        with self._db.write() as session:
            school = _known(session, actor, school_id)
            lock_school(session, school_id)
            person = accounts.person_by_email(session, email) or _stranger(session, email, name, now)
            if person.id in members.member_ids(session, school_id):
                raise AlreadyMember(email=email, school_name=school.name)
            _withdraw(session, now, SchoolInvitation.school_id == school_id, SchoolInvitation.person_id == person.id)
            invitation = _added(session, school, person.id, inviter_id, now)
            return members.invitations(session, now, SchoolInvitation.id == invitation.id)[0]

    def withdraw(self, actor: Actor, invitation_id: int) -> int:
        """Make a link worthless; returns the school. Raises InvitationOver, Unauthenticated, Forbidden, NotFound."""
        now = self._clock.now()
        with self._db.write() as session:
            invitation = session.get(SchoolInvitation, invitation_id)
            if invitation is None:
                raise NotFound
            _known(session, actor, invitation.school_id)
            if not _withdraw(session, now, SchoolInvitation.id == invitation_id):
                raise InvitationOver
            return invitation.school_id

    def issue_path(self, invitation_id: int) -> str:
        """The link of an invitation, made as its mail is written, so that no secret waits; an earlier one is over."""
        secret = new_secret()
        with self._db.write() as session:
            session.get_one(SchoolInvitation, invitation_id).token_hash = hash_secret(secret)
        return f"/invitations/{secret}"

    def invitation(self, secret: str) -> InvitationView:
        """What a link invites to. Raises InvitationOver."""
        with self._db.read() as session:
            found = members.invitations(session, self._clock.now(), SchoolInvitation.token_hash == hash_secret(secret))
        if not found:
            raise InvitationOver
        return found[0]

    def accept(self, secret: str) -> Joined:
        """Borrow for the school from now on: of many simultaneous clicks one wins. Raises InvitationOver."""
        now = self._clock.now()
        with self._db.write() as session:
            row = session.execute(
                update(SchoolInvitation)
                .where(SchoolInvitation.token_hash == hash_secret(secret), members.IS_UNANSWERED)
                .where(SchoolInvitation.expires_at > now)
                .values(accepted_at=now)
                .returning(SchoolInvitation.person_id, SchoolInvitation.school_id)
            ).first()
            if row is None:
                raise InvitationOver
            is_new = _is_new(session, row.person_id)
            grant = (row.person_id, Role.TEACHER.value, row.school_id)
            if session.get(RoleGrant, grant) is None:
                session.add(RoleGrant(person_id=grant[0], role=grant[1], organisation_id=grant[2]))
            return Joined(person_id=row.person_id, school_id=row.school_id, is_new=is_new)

    def leave(self, actor: Actor, school_id: int, departure: Departure) -> int:
        """Borrow for the school no longer; what runs goes on in the successor's name. Returns how much was passed on.

        Raises SuccessorMissing, NotAMember, Unauthenticated, NotFound.
        """
        if actor.person_id is None:
            raise Unauthenticated
        now = self._clock.now()
        with self._db.write() as session:
            school = network.school(session, school_id)
            lock_school(session, school_id)
            running = members.running(session, school_id)[actor.person_id]
            ids = members.member_ids(session, school_id)
            check_leaves(actor.person_id, ids, departure.successor_id, running, school.name)
            if departure.successor_id is not None:
                _pass_on(session, actor, school_id, departure.successor_id, now)
            _revoke(session, actor.person_id, school_id)
            return running

    def _count(self, actor: Actor, school_id: int, now: dt.datetime) -> int:
        """Who invites, after counting it. Raises Unauthenticated, Forbidden, NotFound, TooMany."""
        with self._db.write() as session:
            _known(session, actor, school_id)
            if actor.person_id is None:
                raise Unauthenticated
            wait = count_try(session, f"invite:{actor.person_id}", now, INVITATIONS_A_DAY, DAY)
        if wait:
            raise TooMany(resets_in_seconds=wait)
        return actor.person_id


def _known(session: Session, actor: Actor, school_id: int) -> SchoolView:
    school = network.school(session, school_id)
    actor.require(school.path, *LOOKERS)
    return school


def _stranger(session: Session, email: str, name: str, now: dt.datetime) -> Person:
    """Somebody without an account yet: it opens with the link, and can do nothing before."""
    person = Person(email=email, name=name or email, language="fr", created_at=now)
    session.add(person)
    session.flush()
    return person


def _is_new(session: Session, person_id: int) -> bool:
    """Whether nobody could have used the account for anything yet."""
    held = session.scalar(select(RoleGrant.role).where(RoleGrant.person_id == person_id).limit(1))
    return held is None and session.get_one(Person, person_id).password_hash is None


def _added(session: Session, school: SchoolView, person_id: int, inviter_id: int, now: dt.datetime) -> SchoolInvitation:
    facts = {"school_id": school.id, "person_id": person_id, "invited_by_id": inviter_id}
    invitation = SchoolInvitation(**facts, created_at=now, expires_at=now + LIFETIME)
    session.add(invitation)
    session.flush()
    subject, kind = f"invitation:{invitation.id}", NoticeKind.SCHOOL_INVITATION
    announce(session, kind=kind, person_id=person_id, subject=subject, key=f"{kind}:{invitation.id}", now=now)
    return invitation


def _withdraw(session: Session, now: dt.datetime, *where: ColumnElement[bool]) -> bool:
    withdrawn = update(SchoolInvitation).where(members.IS_UNANSWERED, *where).values(withdrawn_at=now)
    return bool(session.execute(withdrawn.returning(SchoolInvitation.id)).all())


def _pass_on(session: Session, actor: Actor, school_id: int, successor_id: int, now: dt.datetime) -> None:
    mine = Booking.person_id == actor.person_id
    for booking in session.scalars(select(Booking).where(*members.open_bookings(school_id), mine)).all():
        booking.person_id = successor_id
        record(session, booking, Act.PASSED_ON, actor, now)
    waits = update(Wish).where(*members.open_wishes(school_id), Wish.person_id == actor.person_id)
    session.execute(waits.values(person_id=successor_id))


def _revoke(session: Session, person_id: int, school_id: int) -> None:
    key = (RoleGrant.person_id == person_id, RoleGrant.organisation_id == school_id)
    session.execute(delete(RoleGrant).where(*key, RoleGrant.role == Role.TEACHER.value))
