"""What came back, written down inside a transaction."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.core import outbox
from lending.notices.bounces import Returned
from lending.notices.queries import outbox_row_of
from lending.notices.tables import Bounce, Notice
from lending.notices.words import one_line

MOST_DIAGNOSTIC_CHARACTERS = 300
REFUSED_AT_THE_DOOR = "5.1.1"


def record_bounce(session: Session, returned: Returned, now: dt.datetime) -> bool:
    """Write down a report about a message of ours; False for any other, and for one that was known."""
    notice, *told = _carried_by(session, returned.message_id) or (None,)
    person = session.get(Person, notice.person_id) if notice else None
    if notice is None or person is None or person.email != returned.email:
        return False
    is_news = _add(session, notice, returned, now)
    if is_news and returned.is_permanent:
        _look_again(session, notice, now)
        for one in told:
            # What a digest told waits for the next one, which only a better address lets out.
            one.sent_at = None
    return is_news


def _carried_by(session: Session, message_id: str) -> Sequence[Notice]:
    """The message that went out under an id, then, of a digest, all that it told."""
    if not message_id:
        return ()
    order = (Notice.gathered_at.is_not(None), Notice.id)
    return session.scalars(select(Notice).where(Notice.message_id == message_id).order_by(*order)).all()


def _look_again(session: Session, notice: Notice, now: dt.datetime) -> None:
    """What did not arrive was not sent: its next turn finds another way, or says that there is none."""
    row = outbox_row_of(session, notice.id)
    if row is not None:
        notice.sent_at = None
        outbox.release(session, row.id, now)


def record_refusal(session: Session, key: str, answer: str, now: dt.datetime) -> bool:
    """Write down that the mail server refused the address of a message for good; False when that was known."""
    notice = session.scalars(select(Notice).where(Notice.key == key)).one()
    email = session.get_one(Person, notice.person_id).email
    returned = Returned(
        message_id="", email=email, status=REFUSED_AT_THE_DOOR, is_permanent=True, diagnostic=one_line(answer)
    )
    return _add(session, notice, returned, now)


def clear_bounces(session: Session, person_id: int, now: dt.datetime) -> None:
    """Trust a person's address again."""
    failing = (Bounce.person_id == person_id, Bounce.cleared_at.is_(None))
    session.execute(update(Bounce).where(*failing).values(cleared_at=now))


def _add(session: Session, notice: Notice, returned: Returned, now: dt.datetime) -> bool:
    same = (Bounce.notice_id == notice.id, Bounce.email == returned.email, Bounce.status == returned.status)
    known = session.scalar(select(Bounce).where(*same))
    if known is not None:
        is_news, known.cleared_at = known.cleared_at is not None, None
        return is_news
    session.add(
        Bounce(
            notice_id=notice.id,
            person_id=notice.person_id,
            email=returned.email,
            status=returned.status,
            is_permanent=returned.is_permanent,
            diagnostic=returned.diagnostic[:MOST_DIAGNOSTIC_CHARACTERS],
            received_at=now,
        )
    )
    session.flush()
    return True
