"""A dry run: what would be sent on a day, to whom and why, if nothing else happened until then. Nothing is written."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.core.actor import Actor, Role
from lending.core.clock import Clock, StandingClock, local_day
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.core.i18n import language
from lending.loans.digest_notices import USUAL_ZONE
from lending.loans.rules.nights import check_night
from lending.loans.schemas.nights import Night, NightMessage
from lending.loans.service.foreseeing import Coming, Foreseer, coming, digests, waiting
from lending.network import queries as network
from lending.network.schemas import AssociationView
from lending.network.tables import Organisation
from lending.notices.ports import NoticeFacts
from lending.notices.reading import quiet_until_for, situation_of
from lending.notices.routing import Way, way_of
from lending.notices.rules import PATIENT, NoticeKind, later_reminder_keys
from lending.notices.schemas import Draft
from lending.notices.writing import LetterWriter

MOST_LOOKED_AT = 500
ROOMS = ("federation", "union", "association")
NOON = dt.time(12)
# What has its turn on one day only: on the days after, it is done.
AT_ONCE = (Way.SHOW, Way.GATHER, Way.PRINT)


@dataclass(frozen=True)
class _Turn:
    """A message that may have its turn on the day, and the instant at which it is looked at."""

    coming: Coming
    at: dt.datetime
    goes_on: dt.date
    speaker: str


class Nights:
    """Looks ahead."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        writer: LetterWriter,
        facts_at: Callable[[Clock], NoticeFacts],
        more: Sequence[Foreseer] = (),
    ) -> None:
        """`facts_at` knows what messages are about, by another clock than today's; `more` foresee others than ours."""
        self._db = db
        self._clock = clock
        self._writer = writer
        self._facts_at = facts_at
        self._more = more

    def preview(self, actor: Actor, organisation_id: int | None = None, on: dt.date | None = None) -> Night:
        """What an association or those of a union, or without an id all, would send on a local day, or today.

        For those who work or coordinate there. Raises NotFound, Forbidden, BadNight.
        """
        now = self._clock.now()
        with self._db.read() as session:
            place = _place(session, organisation_id)
            actor.require(place.path, Role.STAFF, Role.COORDINATOR)
            inside = [one for one in network.associations(session) if one.path.startswith(place.path)]
            today = min((local_day(now, one.time_zone) for one in inside), default=local_day(now, USUAL_ZONE))
            check_night(on or today, today)
            turns = _turns(session, place, inside, now, on or today, self._more)
            messages = [self._looked_at(session, one, on or today) for one in turns[:MOST_LOOKED_AT]]
        return Night(
            organisation_id=place.id,
            organisation_name=place.name,
            organisation_kind=place.kind,
            on=on or today,
            first_on=today,
            messages=sorted((one for one in messages if one), key=lambda one: (one.association_name, one.person_name)),
            left_out=max(0, len(turns) - MOST_LOOKED_AT),
        )

    def _looked_at(self, session: Session, turn: _Turn, on: dt.date) -> NightMessage | None:
        """The message as it would be on that day; None for one that would be called off."""
        draft = _draft(session, turn)
        writer = replace(self._writer, facts=self._facts_at(StandingClock(turn.at)))
        facts = writer.facts_of(session, draft)
        way = way_of(situation_of(session, draft, facts, turn.at))
        if facts is None or way == Way.DROP or (way in AT_ONCE and turn.coming.turn_on != on):
            return None
        letter = writer.letter(draft, facts, writer.own_words(session, draft, facts, language.get()))
        return NightMessage(
            key=draft.key,
            kind=draft.kind,
            heading=letter.subject,
            reason=letter.reason,
            path=facts.path,
            person_name=draft.name,
            email=draft.email,
            association_name=turn.speaker,
            way=way.value,
            held_until_on=turn.goes_on if way == Way.HOLD else None,
            is_written=turn.coming.is_written,
        )


def _place(session: Session, organisation_id: int | None) -> Organisation:
    wanted = Organisation.id == organisation_id if organisation_id is not None else Organisation.parent_id.is_(None)
    place = session.scalar(select(Organisation).where(wanted, Organisation.kind.in_(ROOMS)))
    if place is None:
        raise NotFound
    return place


def _turns(
    session: Session,
    place: Organisation,
    inside: Sequence[AssociationView],
    now: dt.datetime,
    on: dt.date,
    more: Sequence[Foreseer],
) -> list[_Turn]:
    found = []
    for one in inside:
        today = local_day(now, one.time_zone)
        if on >= today:
            others = [each for foresee in more for each in foresee(session, one.id, today, on)]
            found += _turns_of(session, [*coming(session, one, today, on), *others], one.name, one.time_zone, now, on)
    ids = {one.id for one in inside}
    rest = [one for one in digests(session, on) if _is_inside(session, one, place, ids)]
    if place.kind == "federation":
        rest += waiting(session, None, USUAL_ZONE, local_day(now, USUAL_ZONE), on)
    return found + _turns_of(session, rest, place.name, USUAL_ZONE, now, on)


def _is_inside(session: Session, digest: Coming, place: Organisation, ids: set[int]) -> bool:
    """Whether a digest is about this place or an organisation inside it."""
    about = int(digest.message.subject.partition(":")[2])
    return about in ids or session.get_one(Organisation, about).path.startswith(place.path)


def _turns_of(
    session: Session, found: Iterable[Coming], speaker: str, time_zone: str, now: dt.datetime, on: dt.date
) -> list[_Turn]:
    """Those that go out on the day, or are held on it."""
    every = list(found)
    keys = {one.message.key for one in every}
    turns = []
    for one in every:
        goes_on = _goes_on(session, one, time_zone, now)
        if one.turn_on <= on <= goes_on and not keys & set(later_reminder_keys(one.message.key)):
            turns.append(_Turn(one, _moment(on, time_zone, now), goes_on, speaker))
    return turns


def _goes_on(session: Session, one: Coming, time_zone: str, now: dt.datetime) -> dt.date:
    """The day on which a message leaves: later than its turn when it can wait and that is a quiet day."""
    if one.message.kind not in PATIENT:
        return one.turn_on
    until = quiet_until_for(session, one.message.person_id, _moment(one.turn_on, time_zone, now))
    return local_day(until, time_zone) if until else one.turn_on


def _moment(day: dt.date, time_zone: str, now: dt.datetime) -> dt.datetime:
    """Now, if it is today; else noon there."""
    if day == local_day(now, time_zone):
        return now
    return dt.datetime.combine(day, NOON, ZoneInfo(time_zone)).astimezone(dt.UTC)


def _draft(session: Session, turn: _Turn) -> Draft:
    message = turn.coming.message
    person = session.get_one(Person, message.person_id)
    return Draft(
        notice_id=turn.coming.notice_id,
        key=message.key,
        kind=NoticeKind(message.kind),
        subject=message.subject,
        created_at=turn.at,
        sent_at=None,
        person_id=person.id,
        association_id=message.association_id,
        read_at=None,
        name=person.name,
        email=person.email,
        language=person.language,
    )
