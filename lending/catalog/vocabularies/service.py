"""Use cases of the vocabularies, for the federation's administrators.

Terms are added and renamed, never removed: titles carry their codes.
"""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lending.catalog.errors import UnknownVocabulary
from lending.catalog.rules import check_version, clean_line
from lending.catalog.service.titles import tell_search
from lending.catalog.tables import Term
from lending.catalog.vocabularies.errors import EmptyLabel, LabelTaken, UnknownParent
from lending.catalog.vocabularies.queries import CARRIED, term_details, titles_with
from lending.catalog.vocabularies.rules import code_for
from lending.catalog.vocabularies.schemas import EditTerm, NewTerm, TermDetail
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.network import queries as network


class Vocabularies:
    """Levels, themes and kinds of game."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def terms(self, actor: Actor, vocabulary: str) -> list[TermDetail]:
        """All terms of `level`, `theme` or `game_kind`. Raises UnknownVocabulary, Forbidden."""
        with self._db.read() as session:
            _check(session, actor, vocabulary)
            return term_details(session, vocabulary)

    def add_term(self, actor: Actor, vocabulary: str, new: NewTerm) -> TermDetail:
        """Add a word at the end. Raises UnknownVocabulary, Forbidden, EmptyLabel, LabelTaken, UnknownParent."""
        with self._db.write() as session:
            _check(session, actor, vocabulary)
            rows = _rows(session, vocabulary)
            parent = _parent(rows, new.parent)
            code = code_for(new.label_fr, rows)
            rank = 1 + max((row.rank for row in rows.values()), default=0)
            row = Term(vocabulary=vocabulary, code=code, rank=rank, parent=parent, is_edited=True)
            _name(row, new.label_fr, new.label_en)
            session.add(row)
            _keep(session, row)
            return _detail(session, vocabulary, code)

    def edit_term(self, actor: Actor, vocabulary: str, code: str, edit: EditTerm) -> TermDetail:
        """Call a term otherwise; titles follow on pages at once, in search a moment later.

        Raises UnknownVocabulary, Forbidden, NotFound, VersionChanged, EmptyLabel, LabelTaken.
        """
        with self._db.write() as session:
            _check(session, actor, vocabulary)
            row = _rows(session, vocabulary).get(code)
            if row is None:
                raise NotFound
            check_version(row.version, edit.version)
            _name(row, edit.label_fr, edit.label_en)
            row.is_edited, row.version = True, row.version + 1
            _keep(session, row)
            _tell_search(session, vocabulary, code, self._clock.now())
            return _detail(session, vocabulary, code)


def _check(session: Session, actor: Actor, vocabulary: str) -> None:
    if vocabulary not in CARRIED:
        raise UnknownVocabulary(name=vocabulary)
    actor.require(network.root_path(session), Role.ADMIN)


def _rows(session: Session, vocabulary: str) -> dict[str, Term]:
    """The terms by code, locked: two people who add the same word at once take turns."""
    query = select(Term).where(Term.vocabulary == vocabulary).order_by(Term.code).with_for_update()
    return {row.code: row for row in session.scalars(query)}


def _parent(rows: dict[str, Term], code: str | None) -> str | None:
    if code and (code not in rows or rows[code].parent is not None):
        raise UnknownParent(code=code)
    return code or None


def _name(row: Term, label_fr: str, label_en: str) -> None:
    row.label_fr, row.label_en = clean_line(label_fr), clean_line(label_en)
    if not any(one.isalnum() for one in row.label_fr):
        raise EmptyLabel


def _keep(session: Session, row: Term) -> None:
    label = row.label_fr
    other = select(func.count()).where(Term.vocabulary == row.vocabulary, Term.label_fr == label, Term.code != row.code)
    with session.no_autoflush:
        if session.scalar(other):
            raise LabelTaken(label=label)
    try:
        session.flush()
    except IntegrityError as error:
        raise LabelTaken(label=label) from error


def _tell_search(session: Session, vocabulary: str, code: str, now: dt.datetime) -> None:
    for title_id in session.scalars(titles_with(vocabulary, code)).all():
        tell_search(session, title_id, now)


def _detail(session: Session, vocabulary: str, code: str) -> TermDetail:
    return next(one for one in term_details(session, vocabulary) if one.code == code)
