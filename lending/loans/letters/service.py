"""Use cases of letters on paper: a message that no mail can carry is printed once, in a batch."""

import datetime as dt
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lending.catalog.printing.typesetting import typeset
from lending.core import outbox
from lending.core.actor import Actor, Role
from lending.core.clock import Clock, local_day
from lending.core.database import Database
from lending.core.i18n import format_day, speaking
from lending.core.i18n import gettext as _
from lending.loans.letters import queries
from lending.loans.letters.errors import LetterBatchNotFound, NoLetters
from lending.loans.letters.schemas import AssociationLetters, LetterBatchView
from lending.loans.letters.sheets import document, sheet
from lending.network import queries as network
from lending.notices import queries as notices
from lending.notices.reading import situation_of
from lending.notices.schemas import Draft
from lending.notices.tables import LetterBatch, Notice, PaperLetter
from lending.notices.writing import LetterWriter

TEMPLATES = Path(__file__).parent / "typst"
# One file is printed at one go; what is beyond it waits for the next.
MOST_LETTERS = 200


class PaperLetters:
    """What is printed for people whom no mail reaches."""

    def __init__(self, db: Database, clock: Clock, writer: LetterWriter) -> None:
        """`writer` knows what each message says."""
        self._db = db
        self._clock = clock
        self._writer = writer

    def of_association(self, actor: Actor, association_id: int) -> AssociationLetters:
        """What is to print and what was printed: for the association's staff. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            return AssociationLetters(
                association_id=association_id,
                count=queries.count_waiting(session, association_id),
                waiting=queries.waiting(session, association_id),
                batches=queries.batches(session, association_id),
            )

    def count(self, actor: Actor, association_id: int) -> int:
        """How many letters are to print; none for those who do not work there. Raises NotFound."""
        with self._db.read() as session:
            if not actor.covers(network.path_of(session, association_id), Role.STAFF):
                return 0
            return queries.count_waiting(session, association_id)

    def print_batch(self, actor: Actor, association_id: int) -> LetterBatchView:
        """Make a batch of all that is to print; each letter is in one batch only, however many desks ask at once.

        What became untrue is called off, and what mail can carry again goes by mail. Raises NoLetters, NotFound,
        Forbidden.
        """
        with self._db.write() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            made = self._made(session, actor, association_id)
        if made is None:
            raise NoLetters
        return made

    def pdf(self, actor: Actor, batch_id: int) -> bytes:
        """A batch as PDF, as often as a printer needs it. Raises LetterBatchNotFound, Forbidden, CannotTypeset."""
        with self._db.read() as session:
            batch = session.get(LetterBatch, batch_id)
            if batch is None:
                raise LetterBatchNotFound
            actor.require(network.path_of(session, batch.association_id), Role.STAFF)
            day = local_day(batch.printed_at, network.time_zone_of(session, batch.association_id))
            sheets = [
                one for draft in queries.drafts_of(session, batch_id) if (one := self._sheet(session, draft, day))
            ]
        with speaking("fr"):
            data = document(_("Lettres du {day}").format(day=format_day(day)), sheets)
        return typeset("letters.typ", data, batch.printed_at, TEMPLATES)

    def _made(self, session: Session, actor: Actor, association_id: int) -> LetterBatchView | None:
        now = self._clock.now()
        batch = LetterBatch(association_id=association_id, printed_by=actor.person_id, printed_at=now)
        session.add(batch)
        session.flush()
        claimed = _claim(session, batch)
        drafts = notices.drafts(session, Notice.id.in_(claimed)) if claimed else []
        if not [draft for draft in drafts if self._goes_on_paper(session, draft, now)]:
            session.delete(batch)
            session.flush()
            return None
        session.flush()
        return next(one for one in queries.batches(session, association_id) if one.id == batch.id)

    def _goes_on_paper(self, session: Session, draft: Draft, now: dt.datetime) -> bool:
        """Whether the letter is printed; else it leaves the batch, called off or for the mail."""
        facts = self._writer.facts_of(session, draft)
        situation = situation_of(session, draft, facts, now)
        if situation.has_point and not situation.is_address_good:
            return True
        session.delete(session.get_one(PaperLetter, draft.notice_id))
        row = notices.outbox_row_of(session, draft.notice_id)
        if not situation.has_point:
            notices.notice_by_key(session, draft.key).cancelled_at = now
        elif row is not None:
            outbox.release(session, row.id, now)
        session.flush()
        return False

    def _sheet(self, session: Session, draft: Draft, day: dt.date) -> dict[str, object] | None:
        """The letter in its reader's language; None where what it was about is gone."""
        facts = self._writer.facts_of(session, draft)
        if facts is None:
            return None
        own = self._writer.own_words(session, draft, facts, draft.language)
        with speaking(draft.language):
            return sheet(self._writer.letter(draft, facts, own), queries.address_of(session, draft), day)


def _claim(session: Session, batch: LetterBatch) -> list[int]:
    """Take the letters that are in no batch; of two who take at once, each gets those that the other did not."""
    wanted = (
        select(PaperLetter.notice_id)
        .join(Notice, Notice.id == PaperLetter.notice_id)
        .where(Notice.association_id == batch.association_id, queries.IS_TO_PRINT)
        .order_by(PaperLetter.notice_id)
        .limit(MOST_LETTERS)
    )
    taken = update(PaperLetter).where(PaperLetter.notice_id.in_(wanted), queries.IS_TO_PRINT)
    return list(session.scalars(taken.values(batch_id=batch.id).returning(PaperLetter.notice_id)))
