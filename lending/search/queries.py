"""Titles as the index should hold them: always their present state, never a change."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator

from msgspec import structs
from sqlalchemy import ColumnElement, Select, String, and_, cast, func, select
from sqlalchemy.orm import Session, aliased

from lending.catalog.rules import Status, Visibility
from lending.catalog.sheets.texts import open_texts
from lending.catalog.tables import (
    ContentLine,
    ContentSection,
    Copy,
    CopyAlias,
    Document,
    Term,
    Title,
    TitleLevel,
    TitleTheme,
)
from lending.loans.queries.pools import Pool, pools
from lending.loans.rules.periods import DAY, Period
from lending.loans.tables import Booking
from lending.network.tables import Association, Depot, Organisation
from lending.search import synonyms
from lending.search.schemas import IndexDocument, Place
from lending.search.synonyms import expand

HORIZON_DAYS = 400
BATCH = 200
GONE = (Status.LOST.value, Status.WITHDRAWN.value)
Kinds = dict[int, str]
Texts = dict[int, list[str]]
Labels = dict[str, dict[str, str]]
# What people type for a kind of thing, in both languages.
KIND_WORDS = {
    "trunk": "malle mallette valise trunk",
    "game": "jeu game",
    "book": "livre book",
    "sheet": "fiche action sheet",
}


def published_ids(session: Session) -> list[int]:
    """Every title that the index must hold."""
    return list(session.scalars(select(Title.id).where(_is_published()).order_by(Title.id)))


def published_count(session: Session) -> int:
    """How many titles the index must hold."""
    return session.scalar(select(func.count()).select_from(Title).where(_is_published())) or 0


def batches(title_ids: list[int]) -> Iterator[list[int]]:
    """Title ids in pieces that one query takes."""
    for start in range(0, len(title_ids), BATCH):
        yield title_ids[start : start + BATCH]


def documents(session: Session, title_ids: Collection[int], now: dt.datetime) -> list[IndexDocument]:
    """The published ones among these titles, one query per table."""
    rows = session.scalars(select(Title).where(Title.id.in_(title_ids), _is_published())).all()
    kinds = {row.id: row.kind for row in rows}
    labels, themes = _labels(session), _themes(session, kinds)
    levels, contents = _levels(session, kinds), _contents(session, kinds)
    lenders, codes = _lenders(session, kinds), _copy_codes(session, kinds)
    regions, places, files = _regions(session, kinds), _places(session, kinds), _files(session, kinds)
    busy, loans, groups = _busy_days(session, kinds, now), _loan_counts(session, kinds), synonyms.groups(session)
    found = [
        IndexDocument(
            id=row.id,
            kind=row.kind,
            name=f"{row.name} {row.subtitle}".strip(),
            summary=row.summary,
            authors=f"{row.authors} {row.publisher}".strip(),
            contents=" \n ".join(contents[row.id]),
            themes=" \n ".join(_said(row.kind, themes[row.id], levels[row.id], labels)),
            codes=tuple(codes[row.id] + ([row.isbn] if row.isbn else [])),
            level=tuple(sorted(levels[row.id])),
            theme=tuple(sorted(themes[row.id])),
            association=tuple(sorted(lenders[row.id])),
            busy_days=busy[row.id],
            added_at=int(row.created_at.timestamp()),
            file_text=" \n ".join(files[row.id]),
            region=tuple(sorted(regions[row.id])),
            language=(row.language,),
            owner=(str(row.owner_id),),
            min_age=row.min_age,
            max_age=row.max_age,
            min_players=row.min_players,
            max_players=row.max_players,
            minutes=row.duration_minutes,
            loans=loans.get(row.id, 0),
            places=places[row.id],
        )
        for row in rows
    ]
    return [structs.replace(one, synonyms=expand(one, groups)) for one in found]


def _is_published() -> ColumnElement[bool]:
    return Title.visibility == Visibility.PUBLISHED.value


def _said(kind: str, themes: Collection[str], levels: Collection[str], labels: Labels) -> list[str]:
    """What people say of a title beside its name: themes, levels with their cycles, the kind of thing it is."""
    return [
        *(labels["theme"].get(code, code) for code in themes),
        *dict.fromkeys(labels["level"].get(code, code) for code in levels),
        KIND_WORDS[kind],
    ]


def _labels(session: Session) -> Labels:
    """Per vocabulary what codes are called in both languages, the levels with what they belong to."""
    found: Labels = {"theme": {}, "level": {}}
    parents = aliased(Term)
    query = (
        select(Term.vocabulary, Term.code, Term.label_fr, Term.label_en, parents.label_fr, parents.label_en)
        .outerjoin(parents, and_(parents.vocabulary == Term.vocabulary, parents.code == Term.parent))
        .where(Term.vocabulary.in_(found))
    )
    for vocabulary, code, *names in session.execute(query):
        found[vocabulary][code] = " \n ".join(name for name in names if name)
    return found


def _gather(session: Session, query: Select[int, str]) -> Texts:
    found: Texts = defaultdict(list)
    for title_id, value in session.execute(query):
        found[title_id].append(value)
    return found


def _themes(session: Session, kinds: Kinds) -> Texts:
    return _gather(session, select(TitleTheme.title_id, TitleTheme.theme).where(TitleTheme.title_id.in_(kinds)))


def _levels(session: Session, kinds: Kinds) -> Texts:
    return _gather(session, select(TitleLevel.title_id, TitleLevel.level).where(TitleLevel.title_id.in_(kinds)))


def _contents(session: Session, kinds: Kinds) -> Texts:
    query = (
        select(ContentSection.title_id, ContentLine.name)
        .join(ContentLine, ContentLine.section_id == ContentSection.id)
        .where(ContentSection.title_id.in_(kinds))
        .order_by(ContentSection.rank, ContentLine.rank)
    )
    return _gather(session, query)


def _lenders(session: Session, kinds: Kinds) -> Texts:
    query = (
        select(Copy.title_id, Association.code)
        .join(Association, Association.organisation_id == Copy.owner_id)
        .where(Copy.title_id.in_(kinds), Copy.status.not_in(GONE))
        .distinct()
    )
    return _gather(session, query)


def _regions(session: Session, kinds: Kinds) -> Texts:
    query = (
        select(Copy.title_id, cast(Organisation.parent_id, String))
        .join(Organisation, Organisation.id == Copy.owner_id)
        .where(Copy.title_id.in_(kinds), Copy.status.not_in(GONE))
        .distinct()
    )
    return _gather(session, query)


def _places(session: Session, kinds: Kinds) -> dict[int, tuple[Place, ...]]:
    query = (
        select(Copy.title_id, Depot.latitude, Depot.longitude)
        .join(Depot, Depot.id == Copy.depot_id)
        .where(Copy.title_id.in_(kinds), Copy.status.not_in(GONE))
        .distinct()
    )
    found: dict[int, tuple[Place, ...]] = defaultdict(tuple)
    for title_id, latitude, longitude in session.execute(query):
        if latitude is not None and longitude is not None:
            found[title_id] += (Place(latitude, longitude),)
    return found


def _files(session: Session, kinds: Kinds) -> Texts:
    """Names of documents, and the beginning of the text of those that everybody may read."""
    names = select(Document.title_id, Document.name).where(Document.title_id.in_(kinds)).order_by(Document.id)
    found = _gather(session, names)
    for one in open_texts(session, kinds):
        found[one.title_id].append(one.text)
    return found


def _loan_counts(session: Session, kinds: Kinds) -> dict[int, int]:
    """How often each title left a depot so far."""
    query = (
        select(Booking.title_id, func.count())
        .where(Booking.title_id.in_(kinds), Booking.cause == "loan", Booking.checked_out_at.is_not(None))
        .group_by(Booking.title_id)
    )
    return {title_id: count for title_id, count in session.execute(query)}  # noqa: C416 - rows are no pairs


def _copy_codes(session: Session, kinds: Kinds) -> Texts:
    found = _gather(session, select(Copy.title_id, Copy.code).where(Copy.title_id.in_(kinds)))
    aliases = select(Copy.title_id, CopyAlias.code).join(Copy, Copy.id == CopyAlias.copy_id)
    for title_id, codes in _gather(session, aliases.where(Copy.title_id.in_(kinds))).items():
        found[title_id] += codes
    return found


def _busy_days(session: Session, kinds: Kinds, now: dt.datetime) -> dict[int, tuple[int, ...]]:
    """Per title the days (ordinals) on which no depot has a copy. What can be downloaded is never busy."""
    by_title: dict[int, list[set[int]]] = {title_id: [] for title_id in kinds}
    for (title_id, _), pool in pools(session, kinds, now).items():
        by_title[title_id].append(busy_days(pool, pool.today(now)))
    files = set(session.scalars(select(Document.title_id).where(Document.title_id.in_(kinds))))
    first = now.date().toordinal()
    always = set(range(first, first + HORIZON_DAYS))
    return {
        title_id: ()
        if title_id in files and not found
        else tuple(sorted(set.intersection(*found) if found else always))
        for title_id, found in by_title.items()
    }


def busy_days(pool: Pool, today: dt.date) -> set[int]:
    """The days (ordinals) on which a depot could not lend the title, buffers of the new loan included."""
    busy: set[int] = set()
    if len(pool.served) < len(pool.copies):
        return busy
    for day in Period(today, today + HORIZON_DAYS * DAY).days():
        blocked = pool.terms.buffers.around(Period(day, day + DAY))
        taken = {job.copy for job in pool.served if job.period.overlaps(blocked)}
        if taken.issuperset(pool.copies):
            busy.add(day.toordinal())
    return busy
