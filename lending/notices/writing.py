"""Writes one letter from what is true now."""

import datetime as dt
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr

import msgspec
from sqlalchemy.orm import Session

from lending.core.calendar_file import invitation
from lending.core.i18n import speaking
from lending.notices import queries, rules
from lending.notices.letters import letter_about, said_of, sign_in_letter, spec_of, subject_of
from lending.notices.messages import Reader
from lending.notices.ports import InvitationLinks, NoticeFacts, SignInLinks
from lending.notices.reading import is_worth_saying, own_wording
from lending.notices.rendering import Attachment, Envelope, compose
from lending.notices.rules import NoticeKind
from lending.notices.schemas import DigestFacts, Draft, Facts, InvitationFacts, Letter
from lending.notices.stop_links import StopLinks
from lending.notices.wording import Wording


@dataclass(frozen=True, kw_only=True)
class LetterWriter:
    """Knows where facts and links come from, and what stands on every envelope."""

    facts: NoticeFacts
    links: SignInLinks
    invitations: InvitationLinks
    stop_links: StopLinks
    base_url: str
    sender: str
    link_lifetime: dt.timedelta

    def facts_of(self, session: Session, draft: Draft) -> Facts | None:
        """What the message is about, in its reader's language; None for a link to sign in, and for what is gone."""
        if draft.kind == NoticeKind.SIGN_IN_LINK:
            return None
        with speaking(draft.language):
            facts = self.facts.facts(session, draft.kind, draft.subject)
            return self._with_gathered(session, draft, facts) if isinstance(facts, DigestFacts) else facts

    def own_words(self, session: Session, draft: Draft, facts: Facts | None, language: str) -> Wording | None:
        """How the association says it, where it has words of its own."""
        if facts is None:
            return None
        name = spec_of(draft.kind, facts, self._reader(draft)).name
        return own_wording(session, facts.association_id, name, language)

    def write(self, draft: Draft, facts: Facts | None, own: Wording | None, now: dt.datetime) -> EmailMessage:
        """The message ready to be carried. Raises BadAddressError."""
        stop_url = self.stop_links.address(draft.person_id, NoticeKind(draft.kind))
        if isinstance(facts, InvitationFacts):
            facts = msgspec.structs.replace(facts, path=self.invitations.issue_path(facts.invitation_id))
        with speaking(draft.language):
            letter = self.letter(draft, facts, own, stop_url)
            return compose(letter, self._envelope(draft, stop_url, now), self._calendar(facts))

    def letter(self, draft: Draft, facts: Facts | None, own: Wording | None, stop_url: str = "") -> Letter:
        """The words, in the language in force. Without facts it is a link to sign in, made now."""
        reader = self._reader(draft, stop_url)
        if facts is None:
            return sign_in_letter(reader, self.links.issue_link(draft.person_id), self.link_lifetime)
        return letter_about(draft.kind, facts, reader, own)

    def heading(self, draft: Draft, facts: Facts, own: Wording | None) -> str:
        """The message's subject line in the language in force."""
        reader = self._reader(draft)
        return subject_of(said_of(spec_of(draft.kind, facts, reader), facts, own), facts, reader)

    def _with_gathered(self, session: Session, draft: Draft, facts: DigestFacts) -> DigestFacts:
        """The messages that wait for this digest, each in a line, without those that became pointless."""
        headings, gathered = [], queries.gathered(session, draft.person_id)
        for one in gathered:
            told = self.facts.facts(session, one.kind, one.subject)
            if told is not None and is_worth_saying(session, one, told):
                headings.append(self.heading(one, told, self.own_words(session, one, told, draft.language)))
        is_relevant = bool(facts.lines or headings)
        ids = tuple(one.notice_id for one in gathered)
        return msgspec.structs.replace(facts, messages=tuple(headings), gathered_ids=ids, is_relevant=is_relevant)

    def _reader(self, draft: Draft, stop_url: str = "") -> Reader:
        return Reader(
            person_id=draft.person_id,
            name=draft.name,
            base_url=self.base_url,
            reminder_number=rules.reminder_number(draft.key),
            stop_url=stop_url,
        )

    def _envelope(self, draft: Draft, stop_url: str, now: dt.datetime) -> Envelope:
        return Envelope(
            key=draft.key,
            sender=self.sender,
            name=draft.name,
            email=draft.email,
            sent_at=now,
            stop_url=stop_url,
        )

    def _calendar(self, facts: Facts | None) -> Attachment | None:
        if facts is None or not facts.entries:
            return None
        content, method = invitation(facts.entries, parseaddr(self.sender)[1])
        return Attachment(content=content, method=method)
