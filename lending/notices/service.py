"""Messages to people: written down in a transaction, made and sent after it, shown where people look."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core import outbox
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound, Unauthenticated
from lending.core.i18n import N_
from lending.notices import queries
from lending.notices.announce import TOPIC, announce
from lending.notices.mailbox import MailFolder, MailNotFound
from lending.notices.ports import NoticeFacts, PostOffice, SignInLinks
from lending.notices.rules import NoticeKind
from lending.notices.schemas import BookingFacts, Draft, Mail, MailSummary, MyNotice, Overview
from lending.notices.sending import Sender
from lending.notices.transport import FolderPost
from lending.notices.writing import LetterWriter

__all__ = ["NoticeNotFound", "Notices", "announce"]

# Longer than the transport's time-out for a whole conversation about one letter.
LEASE = dt.timedelta(seconds=120)

# A worker takes its turn every few seconds; after this time there is none.
LONGEST_WAIT = dt.timedelta(minutes=15)


@dataclass(eq=False)
class NoticeNotFound(NotFound):
    """No message has this number."""

    slug: ClassVar[str] = "notice-not-found"
    title: ClassVar[str] = N_("Message introuvable")
    detail: ClassVar[str] = N_("Aucun message n’a ce numéro.")


class Notices:
    """Announces, sends and shows messages."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        post: PostOffice,
        facts: NoticeFacts,
        links: SignInLinks,
        *,
        base_url: str,
        sender: str,
        link_lifetime: dt.timedelta = dt.timedelta(minutes=15),
        lease: dt.timedelta = LEASE,
    ) -> None:
        """`base_url` begins every address in a letter; `sender` stands in From.

        The lease must exceed the transport's time-out: it ends a killed sender's claim.
        """
        self._db = db
        self._clock = clock
        self._writer = LetterWriter(
            facts=facts,
            links=links,
            base_url=base_url.rstrip("/"),
            sender=sender,
            link_lifetime=link_lifetime,
        )
        self._sender = Sender(db=db, clock=clock, post=post, writer=self._writer, lease=lease)
        self._folder = MailFolder(post.folder) if isinstance(post, FolderPost) else None

    def send_link(self, person_id: int) -> bool:
        """Have a link to sign in sent; a second click within the minute sends none."""
        now, kind = self._clock.now(), NoticeKind.SIGN_IN_LINK
        key, subject = f"{kind}:{person_id}:{now:%Y%m%dT%H%M}", f"person:{person_id}"
        with self._db.write() as session:
            return announce(session, kind=kind, person_id=person_id, subject=subject, key=key, now=now)

    def send_waiting(self, limit: int = 100) -> int:
        """Send what is due; returns how many letters went out. One bad letter never stops the others."""
        return self._sender.send_waiting(limit)

    def trouble(self) -> str | None:
        """Whether letters lie about that should have gone long ago: then no worker sends them."""
        now = self._clock.now()
        with self._db.read() as session:
            since = queries.overdue_since(session)
        if since is None or now - since <= LONGEST_WAIT:
            return None
        return f"mail has been due for {int((now - since).total_seconds() // 60)} minutes: does a worker run?"

    def mine(self, actor: Actor, limit: int = 20) -> list[MyNotice]:
        """The newest messages to the person, in the language in force. Raises Unauthenticated."""
        if actor.person_id is None:
            raise Unauthenticated
        with self._db.read() as session:
            drafts = queries.drafts_for(session, actor.person_id, limit)
            facts = [self._writer.facts_of(session, draft) for draft in drafts]
        return [self._as_shown(d, f) for d, f in zip(drafts, facts, strict=True) if f is not None]

    def overview(self, actor: Actor, state: str | None = None, limit: int = 100) -> Overview:
        """What went out, what waits, what was set aside and why: for the federation's administrators.

        `state` is waiting, parked, sent, cancelled, or None for all.
        """
        with self._db.read() as session:
            actor.require(queries.root_path(session), Role.ADMIN)
            standing = outbox.state_of(session, TOPIC)
            return Overview(
                waiting=standing.waiting,
                parked=standing.parked,
                oldest_at=standing.oldest_at,
                records=queries.records(session, state, limit),
            )

    def resend(self, actor: Actor, notice_id: int) -> None:
        """Send a message (again); it is still called off if it became pointless. Raises NoticeNotFound."""
        now = self._clock.now()
        with self._db.write() as session:
            actor.require(queries.root_path(session), Role.ADMIN)
            row = queries.outbox_row_of(session, notice_id)
            if row is None:
                raise NoticeNotFound
            queries.notice_by_key(session, row.key or "").cancelled_at = None
            outbox.release(session, row.id, now)

    def inbox(self, limit: int = 100) -> list[MailSummary]:
        """The local mail folder, newest first; empty where mail goes to a server. Only for demonstrations."""
        return self._folder.newest(limit) if self._folder else []

    def read_mail(self, name: str) -> Mail:
        """One message of the local folder. Raises MailNotFound."""
        if self._folder is None:
            raise MailNotFound
        return self._folder.read(name)

    def _as_shown(self, draft: Draft, facts: BookingFacts) -> MyNotice:
        return MyNotice(
            id=draft.notice_id,
            kind=draft.kind,
            heading=self._writer.heading(draft, facts),
            path=facts.path,
            created_at=draft.created_at,
            sent_at=draft.sent_at,
        )
