"""Use cases of own words: what an association says instead of us, looked at before anybody gets it."""

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound, PreconditionFailed
from lending.core.i18n import LANGUAGES, speaking
from lending.network import queries as network
from lending.network.schemas import AssociationView
from lending.notices import samples
from lending.notices.letters import letter_about
from lending.notices.rendering import html_of, text_of
from lending.notices.schemas import Letter
from lending.notices.specs import ALL, SPECS, Spec
from lending.notices.tables import NoticeWording
from lending.notices.wording import Wording, names_of, shown, written

READERS = (Role.STAFF, Role.COORDINATOR)


class WordingView(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says in one language, as people read and write it. Version 0: our own words."""

    name: str
    language: str
    wording: Wording
    variables: list[str]
    version: int


class SpecView(msgspec.Struct, frozen=True, kw_only=True):
    """A message in the list, and in which languages the association says it in its own words."""

    spec: Spec
    own_in: list[str]


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A message as its reader gets it, with made-up facts."""

    subject: str
    text: str
    html: str


class Wordings:
    """Looks at messages, and changes what they say."""

    def __init__(self, db: Database, clock: Clock, base_url: str) -> None:
        """Links of a preview begin with `base_url`."""
        self._db = db
        self._clock = clock
        self._base_url = base_url.rstrip("/")

    def all(self, actor: Actor, association_id: int) -> list[SpecView]:
        """Every message, in the order of a loan. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), *READERS)
            query = select(NoticeWording.name, NoticeWording.language)
            rows = session.execute(query.where(NoticeWording.association_id == association_id)).all()
        own = {(name, language) for name, language in rows}
        return [SpecView(spec=one, own_in=[code for code in LANGUAGES if (one.name, code) in own]) for one in ALL]

    def one(self, actor: Actor, association_id: int, name: str, language: str) -> WordingView:
        """What a message says now. Raises NotFound, Forbidden."""
        spec = _spec(name, language)
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), *READERS)
            row = session.get(NoticeWording, (association_id, name, language))
        with speaking(language):
            said = Wording(row.subject, row.body) if row else spec.default()
            return WordingView(
                name=name,
                language=language,
                wording=shown(said),
                variables=names_of(spec.variables),
                version=row.version if row else 0,
            )

    def preview(
        self, actor: Actor, association_id: int, name: str, language: str, draft: Wording | None = None
    ) -> Preview:
        """The message with made-up facts, as it is or as a draft would make it.

        Raises NotFound, Forbidden, BadWording, UnknownVariable.
        """
        spec = _spec(name, language)
        with self._db.read() as session:
            association = network.association(session, association_id)
            actor.require(association.path, *READERS)
            row = session.get(NoticeWording, (association_id, name, language))
        with speaking(language):
            own = Wording(row.subject, row.body) if row else None
            own = written(draft, spec.variables) if draft is not None else own
            letter = self._letter(spec, association, own)
            return Preview(subject=letter.subject, text=text_of(letter), html=html_of(letter))

    def save(
        self, actor: Actor, association_id: int, name: str, language: str, said: Wording, version: int
    ) -> WordingView:
        """Say it so from now on. Raises NotFound, Forbidden, BadWording, UnknownVariable, PreconditionFailed."""
        spec = _spec(name, language)
        with speaking(language):
            coded = written(said, spec.variables)
        with self._db.write() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            row = _locked(session, association_id, name, language, version)
            row.subject, row.body, row.changed_at = coded.subject, coded.body, self._clock.now()
            row.version = version + 1
            session.add(row)
        return self.one(actor, association_id, name, language)

    def reset(self, actor: Actor, association_id: int, name: str, language: str) -> None:
        """Say it in our words again. Raises NotFound, Forbidden."""
        _spec(name, language)
        with self._db.write() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            own = (NoticeWording.association_id == association_id, NoticeWording.name == name)
            session.execute(delete(NoticeWording).where(*own, NoticeWording.language == language))

    def _letter(self, spec: Spec, association: AssociationView, own: Wording | None) -> Letter:
        facts, reader = samples.sample(spec, self._base_url)
        known = msgspec.structs.replace(
            facts,
            association_name=association.name,
            association_email=association.email,
            association_phone=association.phone,
        )
        return letter_about(spec.kind, known, reader, own)


def _spec(name: str, language: str) -> Spec:
    if name not in SPECS or language not in LANGUAGES:
        raise NotFound
    return SPECS[name]


def _locked(session: Session, association_id: int, name: str, language: str, version: int) -> NoticeWording:
    row = session.get(NoticeWording, (association_id, name, language), with_for_update=True)
    if (row.version if row else 0) != version:
        raise PreconditionFailed
    return row or NoticeWording(association_id=association_id, name=name, language=language)
