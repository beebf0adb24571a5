"""Reads of letters on paper."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.loans.letters.schemas import LetterBatchView, WaitingLetter
from lending.loans.tables import Booking
from lending.network import queries as network
from lending.notices import queries as notices
from lending.notices.schemas import Draft
from lending.notices.tables import LetterBatch, Notice, PaperLetter

MOST_SHOWN = 20
IS_TO_PRINT = PaperLetter.batch_id.is_(None)


def count_waiting(session: Session, association_id: int) -> int:
    """How many letters an association has to print."""
    query = select(func.count()).select_from(PaperLetter).join(Notice, Notice.id == PaperLetter.notice_id)
    return session.scalar(query.where(Notice.association_id == association_id, IS_TO_PRINT)) or 0


def waiting(session: Session, association_id: int) -> list[WaitingLetter]:
    """The first letters to print, oldest first."""
    query = (
        select(Notice, Person, PaperLetter.waits_since_at)
        .join(PaperLetter, PaperLetter.notice_id == Notice.id)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.association_id == association_id, IS_TO_PRINT)
        .order_by(Notice.id)
    )
    return [
        WaitingLetter(
            notice_id=notice.id,
            kind=notice.kind,
            person_name=person.name,
            email=person.email,
            waits_since_at=since_at,
        )
        for notice, person, since_at in session.execute(query.limit(MOST_SHOWN))
    ]


def batches(session: Session, association_id: int) -> list[LetterBatchView]:
    """An association's last batches, newest first."""
    letters = select(func.count()).where(PaperLetter.batch_id == LetterBatch.id).scalar_subquery()
    query = (
        select(LetterBatch, Person.name, letters)
        .outerjoin(Person, Person.id == LetterBatch.printed_by)
        .where(LetterBatch.association_id == association_id)
        .order_by(LetterBatch.id.desc())
    )
    return [
        LetterBatchView(
            id=batch.id,
            association_id=batch.association_id,
            letters=count,
            printed_at=batch.printed_at,
            printed_by=name or "",
        )
        for batch, name, count in session.execute(query.limit(MOST_SHOWN))
    ]


def drafts_of(session: Session, batch_id: int) -> list[Draft]:
    """The messages of a batch, oldest first."""
    mine = select(PaperLetter.notice_id).where(PaperLetter.batch_id == batch_id)
    return notices.drafts(session, Notice.id.in_(mine))


def address_of(session: Session, draft: Draft) -> list[str]:
    """The lines of an envelope: the person, the school and its town, where the message is about a school."""
    what, _, number = draft.subject.partition(":")
    school_id = int(number) if what == "school" else None
    if what == "booking":
        school_id = session.scalar(select(Booking.school_id).where(Booking.id == int(number)))
    school = network.school(session, school_id) if school_id is not None else None
    town = f"{school.postcode or ''} {school.commune}".strip() if school else ""
    return [line for line in (draft.name, school.name if school else "", town) if line.strip()]
