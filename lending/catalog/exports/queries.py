"""Everything that an association owns, in a few queries."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lending.catalog.exports.schemas import ExportedCopy, ExportedTitle
from lending.catalog.imports.known import words_of
from lending.catalog.imports.known_contents import contents_texts
from lending.catalog.tables import Copy, CopyAlias, Title, TitleLevel, TitleTheme
from lending.network.tables import Depot


def stock_of(session: Session, association_id: int) -> list[ExportedTitle]:
    """Titles owned, and titles of others of which there are copies, by kind and name."""
    lent = select(Copy.title_id).where(Copy.owner_id == association_id)
    query = select(Title).where((Title.owner_id == association_id) | Title.id.in_(lent))
    titles = session.scalars(query.order_by(Title.kind, Title.name, Title.id)).all()
    copies = _copies(session, association_id)
    levels, themes = _terms(session, association_id)
    contents = contents_texts(session, [one.id for one in titles])
    return [
        _exported(one, association_id, copies[one.id], levels[one.id], themes[one.id], contents.get(one.id, ""))
        for one in titles
    ]


def _exported(
    row: Title,
    association_id: int,
    copies: list[ExportedCopy],
    levels: list[str],
    themes: list[str],
    contents: str,
) -> ExportedTitle:
    given = ("is_own", "levels", "themes", "contents", "copies")
    facts = {name: getattr(row, name) for name in ExportedTitle.__struct_fields__ if name not in given}
    is_own = row.owner_id == association_id
    return ExportedTitle(**facts, is_own=is_own, levels=levels, themes=themes, contents=contents, copies=copies)


def _copies(session: Session, association_id: int) -> defaultdict[int, list[ExportedCopy]]:
    own = Copy.owner_id == association_id
    codes: defaultdict[int, list[str]] = defaultdict(list)
    query = select(CopyAlias.copy_id, CopyAlias.code).join(Copy, Copy.id == CopyAlias.copy_id).where(own)
    for copy_id, code in session.execute(query.order_by(CopyAlias.code)):
        codes[copy_id].append(code)
    found: defaultdict[int, list[ExportedCopy]] = defaultdict(list)
    rows = select(Copy, Depot.name).join(Depot, Depot.id == Copy.depot_id).where(own).order_by(Copy.code)
    for row, depot in session.execute(rows):
        found[row.title_id].append(
            ExportedCopy(
                code=row.code,
                other_codes=codes[row.id],
                depot=depot,
                shelf=row.shelf,
                condition=row.condition,
                status=row.status,
            )
        )
    return found


def _terms(session: Session, association_id: int) -> tuple[defaultdict[int, list[str]], defaultdict[int, list[str]]]:
    lent = select(Copy.title_id).where(Copy.owner_id == association_id)
    ids = select(Title.id).where((Title.owner_id == association_id) | Title.id.in_(lent))
    levels = select(TitleLevel.title_id, TitleLevel.level).where(TitleLevel.title_id.in_(ids))
    themes = select(TitleTheme.title_id, TitleTheme.theme).where(TitleTheme.title_id.in_(ids))
    return (
        _by_title(session.execute(levels.order_by(TitleLevel.level)).all()),
        _by_title(session.execute(themes.order_by(TitleTheme.theme)).all()),
    )


def _by_title(rows: Iterable[Row[int, str]]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for title_id, code in rows:
        found[title_id].append(code)
    return found


def labels_of(session: Session) -> dict[str, dict[str, str]]:
    """The French label of each code by column, where the import understands the label as this very code."""
    columns = {"levels": "level", "themes": "theme", "game_kind": "game_kind"}
    words = {column: words_of(session, vocabulary) for column, vocabulary in columns.items()}
    return {
        column: {code: label for code, label in known.labels.items() if known.code(label) == code and "|" not in label}
        for column, known in words.items()
    }
