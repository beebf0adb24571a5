"""Writes one letter from what is true now, or finds that it has become pointless."""

import datetime as dt
from dataclasses import dataclass
from email.message import EmailMessage

from sqlalchemy.orm import Session

from lending.core.i18n import speaking
from lending.notices import rules
from lending.notices.letters import booking_letter, sign_in_letter
from lending.notices.messages import Reader
from lending.notices.ports import NoticeFacts, SignInLinks
from lending.notices.rendering import Envelope, compose
from lending.notices.rules import NoticeKind
from lending.notices.schemas import BookingFacts, Draft, Letter


@dataclass(frozen=True, kw_only=True)
class LetterWriter:
    """Knows where facts and links come from, and what stands on every envelope."""

    facts: NoticeFacts
    links: SignInLinks
    base_url: str
    sender: str
    link_lifetime: dt.timedelta

    def facts_of(self, session: Session, draft: Draft) -> BookingFacts | None:
        """What the message is about; None for a link to sign in, and for what is gone."""
        if draft.kind == NoticeKind.SIGN_IN_LINK:
            return None
        return self.facts.facts(session, draft.kind, draft.subject)

    def write(self, draft: Draft, facts: BookingFacts | None, now: dt.datetime) -> EmailMessage | None:
        """The message ready to be carried; None when it became pointless. Raises BadAddressError."""
        with speaking(draft.language):
            letter = self._letter(draft, facts, now)
            return compose(letter, self._envelope(draft, now)) if letter else None

    def heading(self, draft: Draft, facts: BookingFacts) -> str:
        """The message's subject line in the language in force."""
        return booking_letter(draft.kind, facts, self._reader(draft)).subject

    def _letter(self, draft: Draft, facts: BookingFacts | None, now: dt.datetime) -> Letter | None:
        if draft.kind == NoticeKind.SIGN_IN_LINK:
            if now - draft.created_at > rules.LONGEST_WAIT_FOR_A_LINK:
                return None
            link = self.links.issue_link(draft.person_id)
            return sign_in_letter(self._reader(draft), link, self.link_lifetime)
        if facts is None or not facts.is_relevant:
            return None
        if rules.speaks_of_another_due_date(draft.key, facts.due_on):
            return None
        return booking_letter(draft.kind, facts, self._reader(draft))

    def _reader(self, draft: Draft) -> Reader:
        return Reader(
            person_id=draft.person_id,
            name=draft.name,
            base_url=self.base_url,
            reminder_number=rules.reminder_number(draft.key),
        )

    def _envelope(self, draft: Draft, now: dt.datetime) -> Envelope:
        return Envelope(key=draft.key, sender=self.sender, name=draft.name, email=draft.email, sent_at=now)
