"""Use cases of the papers: printing them, and what an association writes on them."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lending.catalog.media import MediaStore, media_url
from lending.catalog.photos.drawing import draw_anew
from lending.catalog.printing.typesetting import typeset
from lending.catalog.rules import clean_line, clean_text
from lending.core.actor import Actor, Role
from lending.core.clock import Clock, local_day
from lending.core.database import Database
from lending.core.i18n import format_day, speaking
from lending.core.i18n import gettext as _
from lending.loans.papers import queries, sample
from lending.loans.papers.queries import DepotFacts, LoanFacts
from lending.loans.papers.sheets import document, sheet
from lending.loans.papers.tables import PaperText
from lending.loans.queries import reservations
from lending.loans.rules.papers import (
    MOST_PAPERS,
    NoPapers,
    PaperKind,
    PaperTextsChanged,
    TooManyPapers,
    check_texts,
    papers_of,
)
from lending.loans.schemas.papers import PaperTexts, PaperTextsView
from lending.loans.service.desk_access import require_desk
from lending.loans.service.parties import require_party
from lending.network import queries as network

TEMPLATES = Path(__file__).parent / "typst"
LOGOS = "logos"
ONE_LINE = ("signatory", "footer")


class Papers:
    """Makes the papers of loans as PDF."""

    def __init__(self, db: Database, clock: Clock, media: MediaStore, host: str) -> None:
        """`host` is where `/L/<code>` is served, such as `malles.example.org`."""
        self._db = db
        self._clock = clock
        self._media = media
        self._host = host

    def of_loan(self, actor: Actor, booking_id: int, wanted: PaperKind | None = None) -> bytes:
        """The papers of a loan: for the lender's staff and for the school.

        Raises NotFound, Forbidden, NoPapers, CannotTypeset.
        """
        now = self._clock.now()
        with self._db.read() as session:
            require_party(session, actor, booking_id, Role.STAFF)
            booking = reservations.one(session, booking_id, now)
            lender = queries.depot_facts(session, booking.depot_id)
            found = queries.loan_facts(session, [booking] if booking.school_id else [])
        return self._made(booking.title_name, found, lender, wanted, now)

    def of_day(self, actor: Actor, depot_id: int, day: dt.date | None = None, wanted: PaperKind | None = None) -> bytes:
        """The papers of all that a depot hands over on a day, one file; without a day, of the present one.

        Raises NotFound, Forbidden, NoPapers, TooManyPapers, CannotTypeset.
        """
        now = self._clock.now()
        with self._db.read() as session:
            today = local_day(now, require_desk(session, actor, depot_id).time_zone)
            leaving = queries.leaving(session, depot_id, day or today, today, now)
            if len(leaving) > MOST_PAPERS:
                raise TooManyPapers(count=len(leaving), most=MOST_PAPERS)
            lender = queries.depot_facts(session, depot_id)
            found = queries.loan_facts(session, leaving)
        said = _("Papiers du {day}, {depot}").format(day=format_day(day or today), depot=lender.depot.name)
        return self._made(said, found, lender, wanted, now)

    def texts(self, actor: Actor, association_id: int) -> PaperTextsView:
        """What an association writes on its papers: for its staff. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            return _view(association_id, session.get(PaperText, association_id))

    def write_texts(self, actor: Actor, association_id: int, texts: PaperTexts, version: int) -> PaperTextsView:
        """Replace the texts. Raises PaperTextTooLong, TooManyClauses, PaperTextsChanged, NotFound, Forbidden."""
        tidy = tidied(texts)
        with self._db.write() as session:
            row = self._to_change(session, actor, association_id)
            if row.version != version:
                raise PaperTextsChanged(version=row.version)
            for name, text in msgspec.structs.asdict(tidy).items():
                setattr(row, name, text)
            return self._changed(session, actor, row)

    def show_logo(self, actor: Actor, association_id: int, content: bytes) -> PaperTextsView:
        """Put a picture on the papers, drawn anew. Raises NotFound, Forbidden and what a photo raises."""
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
        drawn = draw_anew(content)
        key = self._media.save(drawn.versions[drawn.name], "image/jpeg", LOGOS)
        with self._db.write() as session:
            row = self._to_change(session, actor, association_id)
            row.logo_key = key
            return self._changed(session, actor, row)

    def hide_logo(self, actor: Actor, association_id: int) -> PaperTextsView:
        """Take the picture off the papers; its file goes in the night. Raises NotFound, Forbidden."""
        with self._db.write() as session:
            row = self._to_change(session, actor, association_id)
            row.logo_key = None
            return self._changed(session, actor, row)

    def preview(self, actor: Actor, association_id: int, texts: PaperTexts) -> bytes:
        """The papers of a made-up loan with these texts, which need not be kept.

        Raises PaperTextTooLong, TooManyClauses, NotFound, Forbidden, CannotTypeset.
        """
        tidy, now = tidied(texts), self._clock.now()
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            association = network.association(session, association_id)
            depots = network.depots(session, association_id)
            kept = session.get(PaperText, association_id)
        words = PaperText(**msgspec.structs.asdict(tidy), logo_key=kept.logo_key if kept else None)
        today = local_day(now, association.time_zone)
        lender = DepotFacts(association, depots[0] if depots else sample.depot(association), words)
        facts = sample.loan(association, lender.depot, today, now)
        return self._made(_("Aperçu"), [facts], lender, None, now, is_complete=True)

    def _made(
        self,
        title: str,
        found: Sequence[LoanFacts],
        lender: DepotFacts,
        wanted: PaperKind | None,
        now: dt.datetime,
        *,
        is_complete: bool = False,
    ) -> bytes:
        if not found:
            raise NoPapers
        sheets = [
            sheet(kind, facts, lender, self._host)
            for facts in found
            for kind in papers_of(wanted, awaits_agreement=facts.booking.awaits_agreement or is_complete)
        ]
        with speaking(found[0].language if len(found) == 1 else "fr"):
            alt = _("Logo de {association}").format(association=lender.association.name)
            data = document(title, sheets, self._logo(lender), alt)
        return typeset("papers.typ", data, now, TEMPLATES)

    def _logo(self, lender: DepotFacts) -> bytes | None:
        key = lender.texts.logo_key if lender.texts else None
        return self._media.open(key).content if key else None

    def _to_change(self, session: Session, actor: Actor, association_id: int) -> PaperText:
        actor.require(network.path_of(session, association_id), Role.STAFF)
        row = session.get(PaperText, association_id, with_for_update=True)
        if row is None:
            row = PaperText(association_id=association_id, version=0, updated_at=self._clock.now())
            session.add(row)
        return row

    def _changed(self, session: Session, actor: Actor, row: PaperText) -> PaperTextsView:
        row.version += 1
        row.updated_by, row.updated_at = actor.person_id, self._clock.now()
        try:
            session.flush()
        except IntegrityError as error:
            # Somebody else wrote the first texts at the same moment.
            raise PaperTextsChanged(version=1) from error
        return _view(row.association_id, row)


def used_logos(session: Session) -> set[str]:
    """The pictures that papers show: the others may go."""
    return {key for key in session.scalars(select(PaperText.logo_key)) if key}


def tidied(texts: PaperTexts) -> PaperTexts:
    """Without what no eye sees. Raises PaperTextTooLong, TooManyClauses."""
    found = msgspec.structs.asdict(texts)
    tidy = {
        name: clean_line(found[name]) if name in ONE_LINE else clean_text(found[name])
        for name in PaperTexts.__struct_fields__
    }
    check_texts(tidy)
    return PaperTexts(**tidy)


def _view(association_id: int, row: PaperText | None) -> PaperTextsView:
    if row is None:
        return PaperTextsView(
            association_id=association_id, texts=PaperTexts(), logo_url=None, updated_at=None, version=0
        )
    return PaperTextsView(
        association_id=association_id,
        texts=PaperTexts(**{name: getattr(row, name) for name in PaperTexts.__struct_fields__}),
        logo_url=media_url(row.logo_key) if row.logo_key else None,
        updated_at=row.updated_at,
        version=row.version,
    )
