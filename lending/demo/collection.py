"""The titles of the demonstration: what the shelves of a network of associations might hold.

A line of contents in the data files is a sentence: `6 robots Blue-Bot @95` is six pieces at 95 euros each, and ` *`
marks what is used up.
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec

from lending.demo.rows import BookRow, GameRow, More, SheetRow, TrunkRow, read_rows

Kind = Literal["trunk", "game", "book", "sheet"]

LEVEL_AGES: Mapping[str, int] = {
    "tps": 2,
    "ps": 3,
    "ms": 4,
    "gs": 5,
    "cp": 6,
    "ce1": 7,
    "ce2": 8,
    "cm1": 9,
    "cm2": 10,
    "6e": 11,
    "5e": 12,
    "4e": 13,
    "3e": 14,
    "2de": 15,
    "1re": 16,
    "term": 17,
}
CYCLES: Mapping[str, str] = {
    "c1": "tps ps ms gs",
    "c2": "cp ce1 ce2",
    "c3": "cm1 cm2 6e",
    "c4": "5e 4e 3e",
    "lycee": "2de 1re term",
}
THEMES = frozenset(
    [
        "cooperation",
        "jeux-cooperatifs",
        "emotions",
        "climat-scolaire",
        "harcelement",
        "citoyennete",
        "emc",
        "droits-enfant",
        "egalite",
        "inclusion",
        "solidarite",
        "ess",
        "philosophie",
        "litterature",
        "contes",
        "poesie",
        "albums",
        "lecture",
        "ecriture",
        "kamishibai",
        "langues",
        "theatre",
        "musique",
        "arts-visuels",
        "danse",
        "sport",
        "mathematiques",
        "geometrie",
        "logique",
        "programmation",
        "medias",
        "vivant",
        "animaux",
        "ferme",
        "loup",
        "jardin",
        "environnement",
        "eau",
        "energie",
        "climat",
        "sante",
        "alimentation",
        "cinq-sens",
        "astronomie",
        "histoire",
        "patrimoine",
        "geographie",
        "securite-routiere",
        "technologie",
    ]
)
# How many copies a network has of a title, when the row does not say: from, to.
COPIES: Mapping[Kind, tuple[int, int]] = {"trunk": (2, 8), "game": (2, 10), "book": (1, 12), "sheet": (0, 0)}
CLASS_SET_COPIES = (20, 30)
LINE = re.compile(r"(?:(?P<quantity>\d+) )?(?P<name>.+?)(?P<consumable> \*)?(?: @(?P<euros>\d+(?:\.\d\d?)?))?")


@dataclass(frozen=True)
class DemoLine:
    """One counted line; the value is that of one piece."""

    name: str
    quantity: int
    is_consumable: bool = False
    value_cents: int | None = None


@dataclass(frozen=True)
class DemoSection:
    """A part of the contents, such as the books of a trunk."""

    name: str
    lines: tuple[DemoLine, ...]


@dataclass(frozen=True)
class DemoTitle:
    """A title as the loader wants it; `owner_code` is a department's, and None when any association may own it."""

    kind: Kind
    owner_code: str | None
    name: str
    subtitle: str
    summary: str
    authors: str
    publisher: str
    isbn: str | None
    published_year: int | None
    min_age: int | None
    max_age: int | None
    min_players: int | None
    max_players: int | None
    duration_minutes: int | None
    levels: tuple[str, ...]
    themes: tuple[str, ...]
    sections: tuple[DemoSection, ...]
    copies_hint: int


@cache
def titles() -> list[DemoTitle]:
    """Every title of the demonstration, in the same order each time."""
    books = read_rows("books", BookRow)
    # A class set is lent with a trunk of its own: the book once per pupil, and what the lessons need.
    reading_trunks = [_reading_trunk(row) for row in books if row.more.class_set and not row.more.owner]
    return [
        *(_trunk(row) for row in [*read_rows("trunks", TrunkRow), *reading_trunks]),
        *(_game(row) for row in read_rows("games", GameRow)),
        *(_book(row) for row in books),
        *(_sheet(row) for row in read_rows("sheets", SheetRow)),
    ]


def _trunk(row: TrunkRow) -> DemoTitle:
    levels = _levels(row.levels)
    min_age, max_age = _ages_of(levels)
    sections = tuple(DemoSection(name, tuple(map(_line, lines))) for name, lines in row.sections.items())
    return _title(
        "trunk", row.name, row.summary, levels, row.themes, row.more, ages=(min_age, max_age), sections=sections
    )


def _game(row: GameRow) -> DemoTitle:
    sections = (DemoSection("Pièces du jeu", tuple(map(_line, row.parts))),) if row.parts else ()
    more = msgspec.structs.replace(row.more, publisher=row.publisher)
    return _title(
        "game",
        row.name,
        row.summary,
        _levels(row.levels),
        row.themes,
        more,
        ages=_range(row.ages),
        players=_range(row.players),
        minutes=row.minutes,
        year=row.year,
        sections=sections,
    )


def _book(row: BookRow) -> DemoTitle:
    levels = _levels(row.levels)
    more = msgspec.structs.replace(row.more, authors=row.authors, publisher=row.publisher)
    return _title("book", row.name, row.summary, levels, row.themes, more, ages=_ages_of(levels), year=row.year)


def _sheet(row: SheetRow) -> DemoTitle:
    levels = _levels(row.levels)
    more = More(subtitle="Fiche action")
    return _title("sheet", row.name, row.summary, levels, row.themes, more, ages=_ages_of(levels), minutes=row.minutes)


def _reading_trunk(row: BookRow) -> TrunkRow:
    copies = _spread(row.name, CLASS_SET_COPIES)
    sections = {
        "Livres": [f"{copies} exemplaires de « {row.name} » @7", "1 exemplaire annoté pour l’enseignant @9"],
        "Pour la classe": [
            "1 dossier de lecture suivie @12",
            f"{copies} carnets de lecteur * @1",
            "6 jeux de cartes « personnages et lieux » @6",
            "1 affiche de la couverture @4",
            "4 dés à questions @3",
        ],
    }
    summary = (
        f"Une série de classe et son carnet de lecteur pour lire ensemble le livre de {row.authors}. {row.summary}"
    )
    more = More(copies=2 + copies % 2, subtitle="Lecture suivie et débats coopératifs")
    return TrunkRow(f"Lire ensemble : {row.name}", row.levels, f"{row.themes} lecture", summary, sections, more)


def _title(
    kind: Kind,
    name: str,
    summary: str,
    levels: tuple[str, ...],
    themes: str,
    more: More,
    *,
    ages: tuple[int | None, int | None],
    players: tuple[int | None, int | None] = (None, None),
    minutes: int | None = None,
    year: int | None = None,
    sections: Sequence[DemoSection] = (),
) -> DemoTitle:
    spread = CLASS_SET_COPIES if more.class_set else COPIES[kind]
    return DemoTitle(
        kind=kind,
        owner_code=more.owner,
        name=name,
        subtitle=more.subtitle or ("Série de classe" if more.class_set else ""),
        summary=summary,
        authors=more.authors,
        publisher=more.publisher,
        isbn=more.isbn,
        published_year=year,
        min_age=ages[0],
        max_age=ages[1],
        min_players=players[0],
        max_players=players[1],
        duration_minutes=minutes,
        levels=levels,
        themes=tuple(dict.fromkeys(themes.split())),
        sections=tuple(sections),
        copies_hint=_spread(name, spread) if more.copies is None else more.copies,
    )


def _line(text: str) -> DemoLine:
    match = LINE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    name, euros = match["name"], match["euros"]
    return DemoLine(
        name=name[:1].upper() + name[1:],
        quantity=int(match["quantity"] or 1),
        is_consumable=match["consumable"] is not None,
        value_cents=round(float(euros) * 100) if euros else None,
    )


def _levels(text: str) -> tuple[str, ...]:
    """Levels in school order, cycles spelt out. Raises ValueError for a word that is neither."""
    wanted = {level for word in text.split() for level in CYCLES.get(word, word).split()}
    if wanted - LEVEL_AGES.keys():
        raise ValueError(text)
    return tuple(level for level in LEVEL_AGES if level in wanted)


def _ages_of(levels: Sequence[str]) -> tuple[int | None, int | None]:
    if not levels:
        return None, None
    return LEVEL_AGES[levels[0]], LEVEL_AGES[levels[-1]] + 1


def _range(text: str) -> tuple[int | None, int | None]:
    """`2-4` is from two to four, `2` two and more, nothing unknown."""
    first, _, last = text.partition("-")
    return (int(first) if first else None), (int(last) if last else None)


def _spread(name: str, bounds: tuple[int, int]) -> int:
    """A number between the bounds that looks random and is the same each time."""
    low, high = bounds
    return low + zlib.crc32(name.encode()) % (high - low + 1)
