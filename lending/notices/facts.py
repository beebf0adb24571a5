"""Who knows what a message is about: the part of the subject before the colon tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lending.notices.ports import NoticeFacts
from lending.notices.schemas import Facts


@dataclass(frozen=True)
class FactsBySubject:
    """Asks whom a subject belongs to: `booking:12` those who know bookings."""

    known: Mapping[str, NoticeFacts]

    def facts(self, session: Session, kind: str, subject: str) -> Facts | None:
        """What is true now; None for a subject that nobody knows, so that its message is called off."""
        knows = self.known.get(subject.partition(":")[0])
        return knows.facts(session, kind, subject) if knows else None
