"""The demonstration's titles and copies, spread over the associations that lend."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lending.catalog.sheets.tables import Companion
from lending.catalog.tables import (
    ContentLine,
    ContentSection,
    Copy,
    Document,
    Title,
    TitleLevel,
    TitleTheme,
)
from lending.core.barcodes import make_code
from lending.demo.collection import DemoTitle, titles
from lending.demo.documents import make_document
from lending.demo.network import DemoNetwork
from lending.demo.pictures import make_pictures, picture_for
from lending.demo.towns import HOME, LENDING_DEPARTMENTS

# The home of the demonstration has most, so that every list there has life.
HOME_SHARE = 0.45
CONDITIONS = ("new", "good", "good", "good", "worn")
SHELVES = "ABCDEFGH"


@dataclass(frozen=True)
class DemoPool:
    """Copies of a title in a depot."""

    title_id: int
    kind: str
    association_id: int
    depot_id: int
    copy_ids: tuple[int, ...]


def load_stock(
    session: Session, chance: random.Random, network: DemoNetwork, media: Path, now: dt.datetime
) -> list[DemoPool]:
    """Write titles with contents, pictures, documents and copies."""
    pictures = make_pictures(media)
    serials: defaultdict[int, int] = defaultdict(int)
    pools: list[DemoPool] = []
    written: dict[int, DemoTitle] = {}
    for place, title in enumerate(titles()):
        lenders = lenders_of(chance, network, title)
        added_at = now - dt.timedelta(days=chance.randint(5, 700), minutes=place)
        row = _title(session, title, lenders[0], picture_for(title, pictures), added_at)
        _contents(session, row.id, title)
        written[row.id] = title
        if title.kind == "sheet":
            _document(session, row.id, title, media)
        for association_id, count in shares(chance, lenders, title.copies_hint):
            pools.append(_copies(session, chance, network, serials, row, association_id, count))
    session.add_all(Companion(sheet_id=sheet, title_id=trunk) for sheet, trunk in companions_of(written))
    return pools


def companions_of(written: Mapping[int, DemoTitle]) -> Iterator[tuple[int, int]]:
    """Each sheet with the trunk that has most themes and levels in common with it, if there is any."""
    trunks = {id_: title for id_, title in written.items() if title.kind == "trunk"}
    for sheet_id, sheet in written.items():
        if sheet.kind == "sheet" and trunks:
            nearest = max(trunks, key=lambda id_: _in_common(sheet, trunks[id_]))
            if set(sheet.themes) & set(trunks[nearest].themes):
                yield sheet_id, nearest


def _in_common(one: DemoTitle, other: DemoTitle) -> tuple[int, int]:
    return len(set(one.themes) & set(other.themes)), len(set(one.levels) & set(other.levels))


def lenders_of(chance: random.Random, network: DemoNetwork, title: DemoTitle) -> list[int]:
    """The owner first, then others that have copies too."""
    codes = list(LENDING_DEPARTMENTS)
    owner = title.owner_code if title.owner_code in codes else None
    if owner is None:
        owner = HOME if chance.random() < HOME_SHARE else chance.choice(codes)
    others = [code for code in chance.sample(codes, 2) if code != owner]
    if owner != HOME and HOME not in others and chance.random() < HOME_SHARE:
        others.append(HOME)
    return [network.associations[code] for code in (owner, *others)]


def shares(chance: random.Random, lenders: list[int], copies: int) -> list[tuple[int, int]]:
    """How many copies each lender has; what is rare stays with its owner."""
    if copies <= len(lenders):
        return [(lenders[0], copies)] if copies else []
    rest = [(one, chance.randint(1, max(1, copies // 4))) for one in lenders[1:]]
    return [(lenders[0], max(1, copies - sum(count for _, count in rest))), *rest]


def _title(session: Session, title: DemoTitle, owner_id: int, picture: str, added_at: dt.datetime) -> Title:
    same = (
        "kind", "name", "subtitle", "summary", "authors", "publisher", "isbn", "published_year", "min_age",
        "max_age", "min_players", "max_players", "duration_minutes",
    )  # fmt: skip
    facts = {name: getattr(title, name) for name in same}
    times = {"created_at": added_at, "updated_at": added_at}
    row = Title(**facts, **times, owner_id=owner_id, picture=picture, visibility="published")
    session.add(row)
    session.flush()
    session.add_all(TitleLevel(title_id=row.id, level=level) for level in title.levels)
    session.add_all(TitleTheme(title_id=row.id, theme=theme) for theme in title.themes)
    return row


def _contents(session: Session, title_id: int, title: DemoTitle) -> None:
    for rank, section in enumerate(title.sections, 1):
        row = ContentSection(title_id=title_id, rank=rank, name=section.name)
        session.add(row)
        session.flush()
        session.add_all(
            ContentLine(
                section_id=row.id,
                rank=number,
                name=line.name,
                quantity=line.quantity,
                is_consumable=line.is_consumable,
                value_cents=line.value_cents,
            )
            for number, line in enumerate(section.lines, 1)
        )


def _document(session: Session, title_id: int, title: DemoTitle, media: Path) -> None:
    key, byte_size = make_document(title, media)
    name = f"{title.name} (PDF)"[:200]
    file = {"media_type": "application/pdf", "media_key": key, "page_count": 1, "byte_size": byte_size}
    session.add(Document(title_id=title_id, name=name, **file))


def _copies(
    session: Session,
    chance: random.Random,
    network: DemoNetwork,
    serials: defaultdict[int, int],
    title: Title,
    association_id: int,
    count: int,
) -> DemoPool:
    # Interchangeable copies stand together: a pool is a title in one depot.
    depot_id = chance.choice(network.depots[association_id])
    shelf = f"{chance.choice(SHELVES)}{chance.randint(1, 12)}"
    copies = []
    for _ in range(count):
        serials[association_id] += 1
        code = make_code(network.numbers[association_id], serials[association_id])
        copies.append({"code": code, "condition": chance.choice(CONDITIONS)})
    same = {"title_id": title.id, "owner_id": association_id, "depot_id": depot_id, "shelf": shelf}
    statement = insert(Copy).returning(Copy.id, sort_by_parameter_order=True)
    ids = session.scalars(statement, [one | same for one in copies]).all()
    return DemoPool(title.id, title.kind, association_id, depot_id, tuple(ids))
