"""The way of a letter: claimed, written, carried, marked.

The claim is held for longer than any time-out of the transport. One letter is claimed at a time, in the transaction
that marks the one before. A sender that is killed loses nothing and can double at most the one letter in its hand.
Nothing is sent inside a transaction.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial

from sqlalchemy.orm import Session

from lending.core import outbox
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.outbox import OutboxItem
from lending.notices import queries
from lending.notices.announce import TOPIC
from lending.notices.bounce_records import record_refusal
from lending.notices.ports import (
    AddressRefusedError,
    Carrier,
    DeliveryError,
    PermanentFailureError,
    PostOffice,
    PostOfficeClosedError,
)
from lending.notices.reading import situation_of
from lending.notices.routing import Situation, Way, way_of
from lending.notices.schemas import DigestFacts, Draft, Facts
from lending.notices.wording import Wording
from lending.notices.words import one_line
from lending.notices.writing import LetterWriter

MINUTE = dt.timedelta(minutes=1)
PAUSE_WHEN_CLOSED = dt.timedelta(seconds=30)
log = logging.getLogger(__name__)


class AnnouncementLostError(PermanentFailureError):
    """The outbox names a message that nobody announced."""


class NoGoodAddressError(PermanentFailureError):
    """The person has no address that takes mail: somebody must find another way."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """All that is known of a message as its turn comes."""

    draft: Draft
    facts: Facts | None
    own: Wording | None
    situation: Situation


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of a letter's turn: how it is written down. `is_closed`: no other can be sent now either."""

    note: Callable[[Session], None]
    is_sent: bool = False
    is_closed: bool = False


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Takes one letter after the other; several senders may work at once, in any number of processes.

    `per_minute` is how many letters all senders together hand in within a minute; None is as many as there are.
    """

    db: Database
    clock: Clock
    post: PostOffice
    writer: LetterWriter
    lease: dt.timedelta
    per_minute: int | None = None

    def send_waiting(self, limit: int) -> int:
        """Send what is due; returns how many letters went out."""
        if not self._may_send():
            return 0
        sent = 0
        with self.post.open() as carrier:
            item = self._take_first()
            while item is not None:
                done = self._deliver(carrier, item)
                limit -= 1
                sent += done.is_sent
                item = self._note_and_take_next(done, is_last=limit <= 0 or done.is_closed)
        return sent

    def _may_send(self) -> bool:
        """Whether something is due and the minute is not used up: asked without the writers' lock."""
        with self.db.read() as session:
            return outbox.has_due(session, TOPIC, self.clock.now()) and self._has_minute_room(session)

    def _has_minute_room(self, session: Session) -> bool:
        since = self.clock.now() - MINUTE
        return self.per_minute is None or queries.sent_since(session, since) < self.per_minute

    def _take_first(self) -> OutboxItem | None:
        with self.db.write() as session:
            return self._take_one(session)

    def _note_and_take_next(self, done: Done, *, is_last: bool) -> OutboxItem | None:
        """Both in one transaction: a sender holds no more than one letter, and the writers' lock once for each."""
        with self.db.write() as session:
            done.note(session)
            session.flush()
            return None if is_last else self._take_one(session)

    def _take_one(self, session: Session) -> OutboxItem | None:
        if not self._has_minute_room(session):
            return None
        return next(iter(outbox.claim(session, TOPIC, self.clock.now(), self.lease, limit=1)), None)

    def _deliver(self, carrier: Carrier, item: OutboxItem) -> Done:
        """Let a letter take its way; what fails is its own affair, unless nothing can be sent at all."""
        try:
            looked = self._look(item)
            way = way_of(looked.situation)
            message = self._write(looked) if way == Way.MAIL else None
            if message is not None:
                carrier.carry(_key(item), message)
        except PostOfficeClosedError as error:
            return self._put_back(item, error)
        except DeliveryError as error:
            return self._give_up(item, error)
        except Exception as error:
            # One broken letter must not stop the others.
            log.exception("letter %s could not be written", item.key)
            return self._give_up(item, error)
        return Done(note=partial(self._mark, item, way, looked, message), is_sent=message is not None)

    def _look(self, item: OutboxItem) -> Looked:
        now = self.clock.now()
        with self.db.read() as session:
            draft = queries.draft(session, _key(item))
            if draft is None:
                text = f"no announcement has the key {item.key}"
                raise AnnouncementLostError(text)
            facts = self.writer.facts_of(session, draft)
            own = self.writer.own_words(session, draft, facts, draft.language)
            looked = Looked(draft=draft, facts=facts, own=own, situation=situation_of(session, draft, facts, now))
        if way_of(looked.situation) == Way.PARK:
            text = f"no address that takes mail: {one_line(draft.email)!r}"
            raise NoGoodAddressError(text)
        return looked

    def _write(self, looked: Looked) -> EmailMessage:
        return self.writer.write(looked.draft, looked.facts, looked.own, self.clock.now())

    def _mark(self, item: OutboxItem, way: Way, looked: Looked, message: EmailMessage | None, session: Session) -> None:
        now, draft, facts = self.clock.now(), looked.draft, dict[str, object]()
        match way:
            case Way.HOLD:
                facts["held_until_at"] = looked.situation.quiet_until_at
            case Way.DROP:
                facts["cancelled_at"] = now
            case Way.PRINT:
                queries.leave_to_paper(session, draft.notice_id, now)
            case Way.GATHER:
                facts["gathered_at"] = now
            case Way.MAIL if message is not None:
                facts |= _note_sent(session, looked.facts, str(message["Message-ID"]), now)
        queries.mark(session, draft.notice_id, association_id=looked.situation.speaks_for, **facts)
        if way == Way.HOLD:
            outbox.put_back(session, [item.id], looked.situation.quiet_until_at or now)
        else:
            outbox.finish(session, [item.id], now)

    def _give_up(self, item: OutboxItem, error: Exception) -> Done:
        log.warning("letter %s was not taken (%s): %s", item.key, type(error).__name__, error)
        return Done(note=partial(self._note_failure, item, error))

    def _note_failure(self, item: OutboxItem, error: Exception, session: Session) -> None:
        now, is_permanent = self.clock.now(), isinstance(error, PermanentFailureError)
        if isinstance(error, AddressRefusedError) and record_refusal(session, _key(item), str(error), now):
            # Its next turn finds that no mail reaches the person, and says so.
            outbox.release(session, item.id, now)
        else:
            outbox.fail(session, item.id, str(error) or type(error).__name__, now, permanent=is_permanent)

    def _put_back(self, item: OutboxItem, error: PostOfficeClosedError) -> Done:
        """Nothing can be handed in: the letter waits without an attempt being counted against it."""
        log.warning("no letter can be sent: %s", error)
        retry_at = self.clock.now() + PAUSE_WHEN_CLOSED
        return Done(note=lambda session: outbox.release(session, item.id, retry_at), is_closed=True)


def _note_sent(session: Session, facts: Facts | None, message_id: str, now: dt.datetime) -> dict[str, object]:
    """What a letter that went out is marked with; so is what a digest was written from."""
    if isinstance(facts, DigestFacts) and facts.gathered_ids:
        queries.mark_gathered_as_sent(session, facts.gathered_ids, message_id, now)
    return {"sent_at": now, "message_id": message_id}


def _key(item: OutboxItem) -> str:
    return item.key or ""
