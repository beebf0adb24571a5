"""What is true of a message when its turn comes."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from lending.accounts.tables import RoleGrant
from lending.core.database import ask, table_of
from lending.network import calendar_queries
from lending.network.tables import Association, Organisation
from lending.notices import rules
from lending.notices.digests import gets_digest, still_gets
from lending.notices.quiet import quiet_until
from lending.notices.rendering import is_address
from lending.notices.routing import Situation
from lending.notices.rules import Delivery, NoticeKind, Rhythm
from lending.notices.schemas import AffiliationFacts, BookingFacts, Draft, Facts
from lending.notices.tables import Bounce, Notice, NoticePreference, NoticeWording
from lending.notices.wording import Wording

USUAL_ZONE = "Europe/Paris"

# Written once: they are asked for every letter.
_preference, _bounce, _wording = (table_of(one).c for one in (NoticePreference, Bounce, NoticeWording))
_grant, _organisation, _association = (table_of(one) for one in (RoleGrant, Organisation, Association))
PREFERENCE = select(_preference.delivery).where(
    _preference.person_id == bindparam("person_id"), _preference.kind == bindparam("kind")
)
FAILED = select(exists().where(_bounce.email == bindparam("email"), _bounce.is_permanent, _bounce.cleared_at.is_(None)))
OWN_WORDING = select(_wording.subject, _wording.body).where(
    _wording.association_id == bindparam("association_id"),
    _wording.name == bindparam("name"),
    _wording.language == bindparam("language"),
)
ANY_OF_KEYS = select(exists().where(table_of(Notice).c.key.in_(bindparam("keys", expanding=True))))
PATHS = (
    select(_organisation.c.path)
    .join_from(_organisation, _grant, _grant.c.organisation_id == _organisation.c.id)
    .where(_grant.c.person_id == bindparam("person_id"))
)
HOME = (
    select(_association.c.holiday_zone, _association.c.time_zone)
    .where(_association.c.organisation_id.in_(bindparam("ids", expanding=True)))
    .order_by(_association.c.organisation_id)
    .limit(1)
)


def situation_of(session: Session, draft: Draft, facts: Facts | None, now: dt.datetime) -> Situation:
    """What decides about the way of a message."""
    kind = NoticeKind(draft.kind)
    is_patient = kind in rules.PATIENT
    speaks_for = (facts.association_id if facts else None) or draft.association_id
    return Situation(
        kind=kind,
        has_point=_has_point(session, draft, facts, now),
        delivery=delivery_of(session, draft.person_id, kind),
        is_address_good=is_address(draft.email) and not is_failing(session, draft.email),
        suits_paper=speaks_for is not None and _suits_paper(kind, draft, facts),
        speaks_for=speaks_for,
        quiet_until_at=quiet_until_for(session, draft.person_id, now) if is_patient else None,
    )


def delivery_of(session: Session, person_id: int, kind: NoticeKind) -> Delivery:
    """How the person wants it. What would wait for a digest goes out at once when none comes to the person."""
    if kind in rules.FIXED:
        return Delivery.NOW
    said = ask(session, PREFERENCE, person_id=person_id, kind=kind.value).scalar()
    delivery = Delivery(said) if said in set(Delivery) else Delivery.NOW
    if delivery == Delivery.DIGEST and not gets_digest(session, person_id):
        return Delivery.NOW
    return delivery


def _suits_paper(kind: NoticeKind, draft: Draft, facts: Facts | None) -> bool:
    """Whether it is for who borrows, and can wait for the post: people at work find theirs in the product."""
    is_for_borrower = isinstance(facts, AffiliationFacts) or (
        isinstance(facts, BookingFacts) and facts.borrower_id == draft.person_id
    )
    return is_for_borrower and kind not in rules.TOO_LATE_ON_PAPER


def rhythm_of(session: Session, person_id: int) -> Rhythm:
    """How often the person gets a digest; nobody who did not ask for it."""
    said = ask(session, PREFERENCE, person_id=person_id, kind=NoticeKind.DIGEST.value).scalar()
    return Rhythm(said) if said in set(Rhythm) else Rhythm.NEVER


def is_failing(session: Session, email: str) -> bool:
    """Whether mail to this address comes back for good."""
    return bool(ask(session, FAILED, email=email).scalar())


def own_wording(session: Session, association_id: int | None, name: str, language: str) -> Wording | None:
    """What an association says instead of our own words."""
    if association_id is None:
        return None
    row = ask(session, OWN_WORDING, association_id=association_id, name=name, language=language).first()
    return Wording(row.subject, row.body) if row else None


def _has_point(session: Session, draft: Draft, facts: Facts | None, now: dt.datetime) -> bool:
    if draft.kind == NoticeKind.SIGN_IN_LINK:
        return now - draft.created_at <= rules.LONGEST_WAIT_FOR_A_LINK
    return facts is not None and is_worth_saying(session, draft, facts)


def is_worth_saying(session: Session, draft: Draft, facts: Facts) -> bool:
    """Whether a message tells something that is still true and that no later one tells better."""
    if not facts.is_relevant:
        return False
    if isinstance(facts, BookingFacts) and rules.speaks_of_another_due_date(draft.key, facts.due_on):
        return False
    if draft.kind == NoticeKind.DIGEST:
        return still_gets(session, draft) and not _has_newer_digest(session, draft)
    later = rules.later_reminder_keys(draft.key)
    return not (later and ask(session, ANY_OF_KEYS, keys=list(later)).scalar())


def _has_newer_digest(session: Session, draft: Draft) -> bool:
    """Digests that waited over holidays would all tell the same: the newest one is enough."""
    same = (Notice.person_id == draft.person_id, Notice.subject == draft.subject, Notice.kind == draft.kind)
    return bool(session.scalar(select(exists().where(*same, Notice.id > draft.notice_id))))


def quiet_until_for(session: Session, person_id: int, now: dt.datetime) -> dt.datetime | None:
    """Until when a person is left alone with what can wait; None when it is not a quiet day where they work."""
    zone, time_zone = _home_of(session, person_id)
    return quiet_until(now, time_zone, _holidays_in(session, zone, now.date()))


def _home_of(session: Session, person_id: int) -> tuple[str, str]:
    """The holiday zone ('' = none) and the time zone of where a person works."""
    paths = ask(session, PATHS, person_id=person_id).scalars()
    ids = sorted({int(part) for path in paths for part in path.split("/") if part})
    row = ask(session, HOME, ids=ids).first()
    return (row[0], row[1]) if row else ("", USUAL_ZONE)


def _holidays_in(session: Session, zone: str, since: dt.date) -> Callable[[dt.date], bool]:
    if not zone:
        return lambda _day: False
    return calendar_queries.holidays(session, zone, since)
