"""The way of a letter: claimed, written, carried, marked.

The claim is held for longer than any time-out of the transport. A sender that is killed loses nothing and can
double at most the one letter in its hand. Nothing is sent inside a transaction.
"""

import datetime as dt
import logging
from dataclasses import dataclass
from email.message import EmailMessage

from lending.core import outbox
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.outbox import OutboxItem
from lending.notices import queries
from lending.notices.announce import TOPIC
from lending.notices.ports import (
    Carrier,
    DeliveryError,
    PermanentFailureError,
    PostOffice,
    PostOfficeClosedError,
)
from lending.notices.writing import LetterWriter

PAUSE_WHEN_CLOSED = dt.timedelta(seconds=30)
log = logging.getLogger(__name__)


class AnnouncementLostError(PermanentFailureError):
    """The outbox names a message that nobody announced."""


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Takes one letter after the other; several senders may work at once, in any number of processes."""

    db: Database
    clock: Clock
    post: PostOffice
    writer: LetterWriter
    lease: dt.timedelta

    def send_waiting(self, limit: int) -> int:
        """Send what is due; returns how many letters went out."""
        if not self._is_something_waiting():
            return 0
        sent = 0
        with self.post.open() as carrier:
            for _ in range(limit):
                item = self._take_one()
                if item is None:
                    break
                try:
                    sent += self._deliver(carrier, item)
                except PostOfficeClosedError as error:
                    self._put_back(item, error)
                    break
        return sent

    def _is_something_waiting(self) -> bool:
        """Asked without the writers' lock, which an idle sender leaves to others."""
        with self.db.read() as session:
            return outbox.state_of(session, TOPIC).waiting > 0

    def _take_one(self) -> OutboxItem | None:
        now = self.clock.now()
        with self.db.write() as session:
            return next(iter(outbox.claim(session, TOPIC, now, self.lease, limit=1)), None)

    def _deliver(self, carrier: Carrier, item: OutboxItem) -> bool:
        """Whether a letter went out. Raises PostOfficeClosedError; any other failure is this letter's own."""
        try:
            message = self._write(item)
            if message is not None:
                carrier.carry(_key(item), message)
        except PostOfficeClosedError:
            raise
        except DeliveryError as error:
            self._give_up(item, error)
            return False
        except Exception as error:
            # One broken letter must not stop the others.
            log.exception("letter %s could not be written", item.key)
            self._give_up(item, error)
            return False
        self._mark(item, message)
        return message is not None

    def _write(self, item: OutboxItem) -> EmailMessage | None:
        with self.db.read() as session:
            draft = queries.draft(session, _key(item))
            facts = self.writer.facts_of(session, draft) if draft else None
        if draft is None:
            text = f"no announcement has the key {item.key}"
            raise AnnouncementLostError(text)
        return self.writer.write(draft, facts, self.clock.now())

    def _mark(self, item: OutboxItem, message: EmailMessage | None) -> None:
        now = self.clock.now()
        with self.db.write() as session:
            notice = queries.notice_by_key(session, _key(item))
            if message is None:
                notice.cancelled_at = now
            else:
                notice.sent_at, notice.message_id = now, str(message["Message-ID"])
            outbox.finish(session, [item.id], now)

    def _give_up(self, item: OutboxItem, error: Exception) -> None:
        now, is_permanent = self.clock.now(), isinstance(error, PermanentFailureError)
        log.warning("letter %s was not taken (%s): %s", item.key, type(error).__name__, error)
        with self.db.write() as session:
            outbox.fail(session, item.id, str(error) or type(error).__name__, now, permanent=is_permanent)

    def _put_back(self, item: OutboxItem, error: PostOfficeClosedError) -> None:
        """Nothing can be handed in: the letter waits without an attempt being counted against it."""
        log.warning("no letter can be sent: %s", error)
        retry_at = self.clock.now() + PAUSE_WHEN_CLOSED
        with self.db.write() as session:
            outbox.release(session, item.id, retry_at)


def _key(item: OutboxItem) -> str:
    return item.key or ""
