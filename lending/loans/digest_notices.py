"""Digests: once a day or a week, what waits for those who work in an association, a union or the federation."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.accounts.tables import RoleGrant
from lending.core.clock import Clock, local_day
from lending.loans.queries.counts import counts
from lending.loans.schemas import LoanCounts
from lending.network import queries as network
from lending.network.tables import Organisation
from lending.notices.announce import Message, announce_many
from lending.notices.rules import DIGEST_ROLES, NoticeKind, Rhythm, digest_subject, organisation_of
from lending.notices.schemas import DigestFacts, DigestLine
from lending.notices.tables import NoticePreference

USUAL_ZONE = "Europe/Paris"
WORKING_DAYS = (0, 1, 2, 3, 4)
LOANS = "/loans?state="


class DigestNoticeFacts:
    """Answers for subjects such as `digest:12`: an association, or all associations of a union or the federation."""

    def __init__(self, clock: Clock) -> None:
        """The clock tells what is late today."""
        self._clock = clock

    def facts(self, session: Session, kind: str, subject: str) -> DigestFacts | None:  # noqa: ARG002 - one kind only
        """How things stand now; None for an organisation that is gone."""
        organisation = session.get(Organisation, organisation_of(subject))
        if organisation is None:
            return None
        inside = [one for one in network.associations(session) if one.path.startswith(organisation.path)]
        now = self._clock.now()
        found = [counts(session, one.id, local_day(now, one.time_zone)) for one in inside]
        return DigestFacts(
            association_id=organisation.id if organisation.kind == "association" else None,
            association_name=organisation.name,
            path="/today" if organisation.kind == "association" else "/loans",
            is_relevant=True,
            organisation_name=organisation.name,
            lines=_lines(found),
        )


def announce_digests(session: Session, now: dt.datetime) -> int:
    """Announce today's digests to all who asked for one, each once; returns how many."""
    return announce_many(session, digests_of(session, local_day(now, USUAL_ZONE)), now)


def digests_of(session: Session, day: dt.date) -> list[Message]:
    """The digests of a day, for all who asked for one."""
    query = (
        select(RoleGrant.person_id, RoleGrant.organisation_id, Organisation.kind)
        .join(Organisation, Organisation.id == RoleGrant.organisation_id)
        .join(NoticePreference, NoticePreference.person_id == RoleGrant.person_id)
        .where(RoleGrant.role.in_(DIGEST_ROLES), NoticePreference.kind == NoticeKind.DIGEST.value)
        .where(NoticePreference.delivery.in_(_rhythms_of(day)))
        .distinct()
        .order_by(RoleGrant.person_id, RoleGrant.organisation_id)
    )
    return [_digest(*row, day) for row in session.execute(query)]


def _digest(person_id: int, organisation_id: int, organisation_kind: str, day: dt.date) -> Message:
    return Message(
        kind=NoticeKind.DIGEST,
        person_id=person_id,
        subject=digest_subject(organisation_id),
        key=f"{NoticeKind.DIGEST}:{person_id}:{organisation_id}:{day.isoformat()}",
        association_id=organisation_id if organisation_kind == "association" else None,
    )


def _rhythms_of(day: dt.date) -> list[str]:
    """Who gets a digest on this day: on Mondays both rhythms, never at the weekend."""
    if day.weekday() not in WORKING_DAYS:
        return []
    return [Rhythm.DAILY.value, *([Rhythm.WEEKLY.value] if day.weekday() == 0 else [])]


def _lines(found: Iterable[LoanCounts]) -> tuple[DigestLine, ...]:
    every = list(found)
    lines = (
        ("late", sum(one.late for one in every), LOANS + "late"),
        ("at-risk", sum(one.at_risk for one in every), LOANS + "at_risk"),
        ("starting-today", sum(one.starting_today for one in every), LOANS + "planned"),
        ("due-today", sum(one.due_today for one in every), LOANS + "due_today"),
        ("held-back", sum(one.held_back for one in every), "/today"),
    )
    return tuple(DigestLine(what=what, count=count, path=path) for what, count, path in lines if count)
