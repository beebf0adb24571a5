"""What an association has, read once and looked up for every row of a file."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.imports.columns import plain
from lending.catalog.imports.known_contents import contents_texts
from lending.catalog.imports.values import Words
from lending.catalog.tables import Copy, CopyAlias, Term, Title, TitleLevel, TitleTheme
from lending.network.tables import Association, Depot

CHUNK = 500
Item = TypeVar("Item", int, str)
# The title's own columns that a file can tell.
TITLE_COLUMNS = (
    "kind",
    "name",
    "subtitle",
    "summary",
    "authors",
    "publisher",
    "isbn",
    "ean",
    "reference",
    "is_local",
    "game_kind",
    "language",
    "published_year",
    "min_age",
    "max_age",
    "min_players",
    "max_players",
    "duration_minutes",
    "visibility",
)


@dataclass
class KnownTitle:
    """A title as it stands. Of one that others own, only the copies are ours to change."""

    id: int
    is_own: bool
    version: int
    facts: dict[str, Any]


@dataclass
class KnownCopy:
    """A copy as it stands; `is_own` = this association's."""

    id: int
    title_id: int
    title_name: str
    is_own: bool
    version: int
    depot_id: int
    shelf: str
    condition: str


@dataclass
class Known:
    """Everything that rows are compared with."""

    number: int
    depots: Mapping[str, int]
    depot_names: Mapping[int, str]
    words: Mapping[str, Words]
    titles: dict[int, KnownTitle] = field(default_factory=dict)
    by_reference: dict[str, int] = field(default_factory=dict)
    by_isbn: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_name: defaultdict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    copies: dict[str, KnownCopy] = field(default_factory=dict)
    copies_in: defaultdict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, title: KnownTitle) -> None:
        """Let rows find a title."""
        self.titles[title.id] = title
        if title.facts["isbn"]:
            self.by_isbn[title.facts["isbn"]].append(title.id)
        if title.is_own:
            if title.facts["reference"]:
                self.by_reference[title.facts["reference"]] = title.id
            self.by_name[title.facts["kind"], plain(title.facts["name"])].append(title.id)


def words_of(session: Session, vocabulary: str) -> Words:
    """A vocabulary with its labels in both languages."""
    rows = session.scalars(select(Term).where(Term.vocabulary == vocabulary).order_by(Term.rank, Term.code)).all()
    codes: dict[str, str] = {}
    for name in ("code", "label_fr", "label_en"):
        for row in rows:
            codes.setdefault(plain(getattr(row, name)), row.code)
    ordered = {text: code for row in rows for text, code in codes.items() if code == row.code}
    labels = {row.code: row.label_fr for row in rows}
    return Words(ordered, labels, frozenset(row.parent for row in rows if row.parent))


def read_words(session: Session, association_id: int) -> Known:
    """The vocabularies and the depots: what is needed to read cells."""
    association = session.get_one(Association, association_id)
    depots = session.execute(select(Depot.id, Depot.name).where(Depot.association_id == association_id)).all()
    return Known(
        number=association.number,
        depots={plain(name): id_ for id_, name in depots},
        depot_names={id_: name for id_, name in depots},  # noqa: C416 - dict() does not take a Row for mypy
        words={name: words_of(session, name) for name in ("level", "theme", "game_kind")},
    )


def read_stock(
    session: Session,
    known: Known,
    association_id: int,
    isbns: Collection[str],
    codes: Collection[str],
    *,
    with_contents: bool,
) -> None:
    """What the association has, what the network shows of these ISBNs, and who carries these codes."""
    rows = [*_own_titles(session, association_id), *_shared_titles(session, association_id, isbns)]
    _read_titles(session, known, association_id, rows, with_contents=with_contents)
    _read_copies(session, known, association_id, codes)


def _own_titles(session: Session, association_id: int) -> Sequence[Title]:
    lent = select(Copy.title_id).where(Copy.owner_id == association_id)
    query = select(Title).where((Title.owner_id == association_id) | Title.id.in_(lent))
    return session.scalars(query.order_by(Title.id)).all()


def _shared_titles(session: Session, association_id: int, isbns: Collection[str]) -> Iterator[Title]:
    for part in _chunks(isbns):
        yield from session.scalars(
            select(Title).where(
                Title.isbn.in_(part),
                Title.owner_id != association_id,
                Title.visibility == "published",
                Title.is_local.is_(False),
            )
        )


def _read_titles(
    session: Session, known: Known, association_id: int, rows: Sequence[Title], *, with_contents: bool
) -> None:
    ids = [row.id for row in rows]
    contents = contents_texts(session, ids) if with_contents else {}
    levels, themes = _terms(session, TitleLevel, ids), _terms(session, TitleTheme, ids)
    for row in rows:
        if row.id in known.titles:
            continue
        facts: dict[str, Any] = {name: getattr(row, name) for name in TITLE_COLUMNS}
        facts |= {"levels": levels[row.id], "themes": themes[row.id]}
        is_own = row.owner_id == association_id
        if row.id in contents:
            facts["contents"] = contents[row.id]
        known.add(KnownTitle(row.id, is_own, row.version, facts))


def _terms(
    session: Session, table: type[TitleLevel] | type[TitleTheme], ids: Sequence[int]
) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    code = TitleLevel.level if table is TitleLevel else TitleTheme.theme
    for part in _chunks(ids):
        for title_id, term in session.execute(select(table.title_id, code).where(table.title_id.in_(part))):
            found[title_id].add(term)
    return found


def _read_copies(session: Session, known: Known, association_id: int, codes: Collection[str]) -> None:
    query = select(Copy, Title.name).join(Title, Title.id == Copy.title_id)
    by_id = {}
    for part in _chunks(codes):
        aliased = select(CopyAlias.copy_id).where(CopyAlias.code.in_(part))
        for row, name in session.execute(query.where(Copy.code.in_(part) | Copy.id.in_(aliased))):
            by_id[row.id] = copy = _known_copy(row, name, association_id)
            known.copies[row.code] = copy
        for code, copy_id in session.execute(select(CopyAlias.code, CopyAlias.copy_id).where(CopyAlias.code.in_(part))):
            known.copies[code] = by_id[copy_id]
    places = select(Copy.title_id, Copy.depot_id).where(Copy.owner_id == association_id)
    for title_id, depot_id in session.execute(places):
        known.copies_in[title_id, depot_id] += 1


def _known_copy(row: Copy, title_name: str, association_id: int) -> KnownCopy:
    is_own = row.owner_id == association_id
    return KnownCopy(row.id, row.title_id, title_name, is_own, row.version, row.depot_id, row.shelf, row.condition)


def _chunks(items: Collection[Item]) -> Iterator[list[Item]]:
    ordered = list(items)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
