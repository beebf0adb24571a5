"""Use cases of preferences: who wants which messages by mail, and how often a digest comes."""

from dataclasses import dataclass
from typing import ClassVar

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person
from lending.core.actor import Actor
from lending.core.database import Database
from lending.core.errors import Conflict, Unauthenticated
from lending.core.i18n import N_
from lending.notices.reading import rhythm_of
from lending.notices.rules import DIGEST_ROLES, FIXED, Delivery, NoticeKind, Rhythm
from lending.notices.stop_links import BadStopLink, StopLinks
from lending.notices.tables import NoticePreference


@dataclass(eq=False)
class KindIsNecessary(Conflict):
    """This kind of message cannot be ended."""

    slug: ClassVar[str] = "notice-necessary"
    title: ClassVar[str] = N_("Message nécessaire")
    detail: ClassVar[str] = N_("Ce genre de message accompagne un prêt en cours et ne peut pas être arrêté.")


@dataclass(eq=False)
class DigestNotForYou(Conflict):
    """Digests are for those who work in an association or a union."""

    slug: ClassVar[str] = "digest-not-offered"
    title: ClassVar[str] = N_("Résumé non proposé")
    detail: ClassVar[str] = N_("Le résumé est fait pour les équipes des associations et des unions.")


class Choice(msgspec.Struct, frozen=True):
    """How a person gets a kind of message by mail; what is necessary is not theirs to choose."""

    kind: NoticeKind
    delivery: Delivery
    is_necessary: bool


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """All that a person chose. Digests are offered to those who work here."""

    choices: list[Choice]
    rhythm: Rhythm
    offers_digest: bool


class Stopped(msgspec.Struct, frozen=True):
    """Which messages ended, and in which language to say so."""

    kind: NoticeKind
    language: str


class Preferences:
    """Asks and notes what people want."""

    def __init__(self, db: Database, stop_links: StopLinks) -> None:
        """Reads the links that the letters carry."""
        self._db = db
        self._stop_links = stop_links

    def mine(self, actor: Actor) -> Choices:
        """What the person chose so far. Raises Unauthenticated."""
        person_id = _person(actor)
        with self._db.read() as session:
            query = select(NoticePreference.kind, NoticePreference.delivery)
            said = dict(iter(session.execute(query.where(NoticePreference.person_id == person_id))))
            rhythm = rhythm_of(session, person_id)
        choices = [_choice(kind, said.get(kind.value)) for kind in NoticeKind if kind != NoticeKind.DIGEST]
        return Choices(
            choices=choices,
            rhythm=rhythm,
            offers_digest=actor.has_role(*DIGEST_ROLES),
        )

    def choose(self, actor: Actor, deliveries: dict[NoticeKind, Delivery], rhythm: Rhythm | None = None) -> None:
        """Note it all, or nothing. Raises Unauthenticated, KindIsNecessary, DigestNotForYou."""
        person_id, offers_digest = _person(actor), actor.has_role(*DIGEST_ROLES)
        wants_digest = Delivery.DIGEST in deliveries.values() or rhythm not in (None, Rhythm.NEVER)
        if wants_digest and not offers_digest:
            raise DigestNotForYou
        if any(kind in FIXED and delivery != Delivery.NOW for kind, delivery in deliveries.items()):
            raise KindIsNecessary
        with self._db.write() as session:
            for kind, delivery in deliveries.items():
                _put(session, person_id, kind, None if delivery == Delivery.NOW else delivery.value)
            if rhythm is not None:
                _put(session, person_id, NoticeKind.DIGEST, None if rhythm == Rhythm.NEVER else rhythm.value)

    def stop(self, token: str) -> Stopped:
        """End one kind of message for whom the link was made; again it changes nothing. Raises BadStopLink."""
        person_id, kind = self._stop_links.read(token)
        with self._db.write() as session:
            person = session.get(Person, person_id)
            if person is None:
                raise BadStopLink
            _put(session, person_id, kind, Delivery.NEVER.value)
            return Stopped(kind, person.language)

    def about(self, token: str) -> NoticeKind:
        """Which messages a link would end; nothing changes. Raises BadStopLink."""
        return self._stop_links.read(token)[1]


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise Unauthenticated
    return actor.person_id


def _choice(kind: NoticeKind, said: str | None) -> Choice:
    delivery = Delivery(said) if said in set(Delivery) and kind not in FIXED else Delivery.NOW
    return Choice(kind, delivery, kind in FIXED)


def _put(session: Session, person_id: int, kind: NoticeKind, delivery: str | None) -> None:
    if delivery is None:
        own = (NoticePreference.person_id == person_id, NoticePreference.kind == kind.value)
        session.execute(delete(NoticePreference).where(*own))
        return
    session.merge(NoticePreference(person_id=person_id, kind=kind.value, delivery=delivery))
