"""Messages to people: written down in a transaction, made and sent after it, shown where people look."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import update
from sqlalchemy.orm import Session

from lending.core import outbox
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound, Unauthenticated
from lending.core.i18n import N_, language
from lending.network import queries as network
from lending.notices import queries, records
from lending.notices.announce import announce
from lending.notices.bounce_records import clear_bounces, record_bounce
from lending.notices.bounces import read_report
from lending.notices.mailbox import MailFolder, MailNotFound
from lending.notices.ports import InvitationLinks, NoticeFacts, PostOffice, SignInLinks
from lending.notices.rules import NoticeKind
from lending.notices.schemas import Draft, Facts, Mail, MailSummary, MyNotice, Overview
from lending.notices.sending import Sender
from lending.notices.stop_links import StopLinks
from lending.notices.tables import Notice
from lending.notices.transport import FolderPost
from lending.notices.wording import Wording
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
        invitations: InvitationLinks,
        *,
        base_url: str,
        sender: str,
        link_lifetime: dt.timedelta = dt.timedelta(minutes=15),
        lease: dt.timedelta = LEASE,
        per_minute: int | None = None,
    ) -> None:
        """`base_url` begins every address in a letter; `sender` stands in From; at most `per_minute` letters go out.

        The lease must exceed the transport's time-out: it ends a killed sender's claim.
        """
        self._db = db
        self._clock = clock
        self.stop_links = StopLinks(db, base_url.rstrip("/"))
        self.writer = LetterWriter(
            facts=facts,
            links=links,
            invitations=invitations,
            stop_links=self.stop_links,
            base_url=base_url.rstrip("/"),
            sender=sender,
            link_lifetime=link_lifetime,
        )
        self._sender = Sender(
            db=db, clock=clock, post=post, writer=self.writer, lease=lease, per_minute=per_minute or None
        )
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

    def unread(self, actor: Actor) -> int:
        """How many messages the person has not seen yet; 0 for visitors."""
        if actor.person_id is None:
            return 0
        with self._db.read() as session:
            return queries.unread(session, actor.person_id)

    def mine(self, actor: Actor, limit: int = 20, before_id: int | None = None) -> list[MyNotice]:
        """The newest messages to the person, in the language in force. Raises Unauthenticated."""
        if actor.person_id is None:
            raise Unauthenticated
        with self._db.read() as session:
            drafts = queries.drafts_for(session, actor.person_id, limit, before_id)
            facts = [self.writer.facts_of(session, draft) for draft in drafts]
            own = [self.writer.own_words(session, *pair, language.get()) for pair in zip(drafts, facts, strict=True)]
        return [self._as_shown(d, f, w) for d, f, w in zip(drafts, facts, own, strict=True) if f is not None]

    def open_mine(self, actor: Actor, notice_id: int) -> str:
        """Note that the person saw a message; the path of what it is about. Raises Unauthenticated, NoticeNotFound."""
        shown = next((one for one in self.mine(actor, 1, notice_id + 1) if one.id == notice_id), None)
        if shown is None:
            raise NoticeNotFound
        self.mark_read(actor, notice_id)
        return shown.path or "/"

    def mark_read(self, actor: Actor, notice_id: int | None = None) -> int:
        """Note that the person saw a message, or all of them; returns how many were new. Raises Unauthenticated."""
        if actor.person_id is None:
            raise Unauthenticated
        now = self._clock.now()
        new = [Notice.person_id == actor.person_id, Notice.read_at.is_(None)]
        with self._db.write() as session:
            seen = update(Notice).where(*new, *([Notice.id == notice_id] if notice_id is not None else []))
            return len(session.execute(seen.values(read_at=now).returning(Notice.id)).all())

    def overview(
        self,
        actor: Actor,
        state: str | None = None,
        limit: int = 100,
        *,
        association_id: int | None = None,
        kind: str | None = None,
        before_id: int | None = None,
    ) -> Overview:
        """What went out, what waits, what was set aside and why.

        `state` is one of `records.STATES`, or None for all. All mail is for the federation's administrators; an
        association's own for its staff too. Raises Forbidden, NotFound.
        """
        with self._db.read() as session:
            _require(session, actor, association_id)
            return records.overview(session, association_id, state, kind, before_id, limit)

    def resend(self, actor: Actor, notice_id: int) -> None:
        """Send a message (again); it is still called off if it became pointless. The address is trusted anew.

        For administrators, and for the staff of the association that it speaks for. Raises NoticeNotFound, Forbidden.
        """
        now = self._clock.now()
        with self._db.write() as session:
            row = queries.outbox_row_of(session, notice_id)
            notice = session.get(Notice, notice_id)
            _require(session, actor, notice.association_id if notice else None)
            if row is None or notice is None or notice.kind == NoticeKind.SIGN_IN_LINK:
                raise NoticeNotFound
            notice.cancelled_at = notice.gathered_at = notice.held_until_at = None
            clear_bounces(session, notice.person_id, now)
            outbox.release(session, row.id, now)

    def read_bounces(self, reports: Iterable[bytes]) -> int:
        """Write down which of our messages came back, from reports of mail servers; returns how many were news."""
        now = self._clock.now()
        found = [one for report in reports for one in read_report(report)]
        with self._db.write() as session:
            return sum(record_bounce(session, one, now) for one in found)

    def inbox(self, limit: int = 100) -> list[MailSummary]:
        """The local mail folder, newest first; empty where mail goes to a server. Only for demonstrations."""
        return self._folder.newest(limit) if self._folder else []

    def read_mail(self, name: str) -> Mail:
        """One message of the local folder. Raises MailNotFound."""
        if self._folder is None:
            raise MailNotFound
        return self._folder.read(name)

    def _as_shown(self, draft: Draft, facts: Facts, own: Wording | None) -> MyNotice:
        return MyNotice(
            id=draft.notice_id,
            kind=draft.kind,
            heading=self.writer.heading(draft, facts, own),
            path=facts.path,
            created_at=draft.created_at,
            sent_at=draft.sent_at,
            read_at=draft.read_at,
        )


def _require(session: Session, actor: Actor, association_id: int | None) -> None:
    if association_id is None:
        actor.require(queries.root_path(session), Role.ADMIN)
    else:
        actor.require(network.path_of(session, association_id), Role.STAFF)
