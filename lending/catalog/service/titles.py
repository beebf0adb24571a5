"""Add and change titles, inside the caller's transaction."""

import datetime as dt
from collections.abc import Iterable

import msgspec
from msgspec import UNSET
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lending.catalog import queries, rules
from lending.catalog.errors import UnknownLevel, UnknownOwner, UnknownTheme
from lending.catalog.history.recording import ADDED, record_changes, title_facts
from lending.catalog.number_errors import ReferenceTaken, UnknownGameKind
from lending.catalog.requests import EditTitle, NewTitle
from lending.catalog.service.contents import replace_contents
from lending.catalog.tables import Title, TitleLevel, TitleTheme
from lending.core import outbox
from lending.core.actor import Actor, Role
from lending.core.errors import NotFound
from lending.network.tables import Organisation

# What is kept beside the title's own row, or checked on its way into it.
APART = ("levels", "themes", "contents")


def add_title(session: Session, actor: Actor, new: NewTitle, now: dt.datetime) -> int:
    """Add a draft and give its id. Raises UnknownOwner, Forbidden and what `_checked` raises."""
    owner = session.get(Organisation, new.owner_id)
    if owner is None or owner.kind == "school":
        raise UnknownOwner(owner_id=new.owner_id)
    actor.require(owner.path, Role.STAFF)
    facts = {name: fact for name, fact in msgspec.structs.asdict(new).items() if name not in APART}
    row = Title(**_checked(facts), created_at=now, updated_at=now)
    rules.check_ages(row.min_age, row.max_age)
    rules.check_players(row.min_players, row.max_players)
    _check_against_others(session, row, None)
    session.add(row)
    session.flush()
    # A new title has no parts yet: empty ones need no question.
    parts = {name: getattr(new, name) for name in APART if getattr(new, name)}
    _replace_parts(session, row.id, EditTitle(**parts))
    record_changes(session, actor, now, {}, {ADDED: row.name}, title_id=row.id)
    tell_search(session, row.id, now)
    return row.id


def edit_title(
    session: Session, actor: Actor, title_id: int, edit: EditTitle, version: int | None, now: dt.datetime
) -> None:
    """Change what was sent. Raises NotFound, Forbidden, VersionChanged and what the checks raise."""
    row = locked_title(session, actor, title_id)
    actor.require(_owner_path(session, row), Role.STAFF)
    rules.check_version(row.version, version)
    sent = {name: fact for name, fact in msgspec.structs.asdict(edit).items() if fact is not UNSET}
    before = title_facts(session, row, sent)
    for name, fact in _checked({name: fact for name, fact in sent.items() if name not in APART}).items():
        setattr(row, name, fact)
    with session.no_autoflush:
        _check_against_others(session, row, title_id)
    rules.check_ages(row.min_age, row.max_age)
    rules.check_players(row.min_players, row.max_players)
    row.version += 1
    row.updated_at = now
    session.flush()
    _replace_parts(session, title_id, edit)
    record_changes(session, actor, now, before, title_facts(session, row, sent), title_id=title_id)
    tell_search(session, title_id, now)


def _check_against_others(session: Session, row: Title, title_id: int | None) -> None:
    """Raise ReferenceTaken or UnknownGameKind."""
    others = select(Title.id).where(Title.owner_id == row.owner_id, Title.reference == row.reference)
    if row.reference and session.scalar(others.where(Title.id != (title_id or 0))) is not None:
        raise ReferenceTaken(reference=row.reference)
    if row.game_kind and row.game_kind not in queries.term_codes(session, "game_kind"):
        raise UnknownGameKind(code=row.game_kind)


def locked_title(session: Session, actor: Actor, title_id: int) -> Title:
    """The title's row, locked as bookings lock it. Raises NotFound, for one that may not be seen too."""
    row = session.get(Title, title_id, with_for_update=True)
    if row is None or not rules.can_see(actor, row.visibility, _owner_path(session, row)):
        raise NotFound
    return row


def tell_search(session: Session, title_id: int, now: dt.datetime) -> None:
    """Have the search index follow after the commit."""
    outbox.enqueue(session, "search", f"title:{title_id}", now)


def _owner_path(session: Session, row: Title) -> str:
    return session.scalars(select(Organisation.path).where(Organisation.id == row.owner_id)).one()


def _checked(facts: dict[str, object]) -> dict[str, object]:
    """The facts as the database keeps them. Raises BlankName, BadIsbn, BadEan."""
    kept = dict(facts)
    for name, fact in facts.items():
        match name, fact:
            case "name", str():
                kept[name] = rules.clean_name(fact)
            case "summary", str():
                kept[name] = rules.clean_text(fact)
            case "isbn", str():
                kept[name] = rules.parse_isbn(fact)
            case "ean", str():
                kept[name] = rules.parse_ean(fact)
            case "reference" | "game_kind", str():
                kept[name] = rules.clean_line(fact) or None
            case "kind" | "visibility", str():
                kept[name] = str(fact)
            case _, str():
                kept[name] = rules.clean_line(fact)
    return kept


def _replace_parts(session: Session, title_id: int, edit: EditTitle) -> None:
    if edit.levels is not UNSET:
        _replace_levels(session, title_id, set(edit.levels))
    if edit.themes is not UNSET:
        _replace_themes(session, title_id, set(edit.themes))
    if edit.contents is not UNSET:
        replace_contents(session, title_id, edit.contents)


def _replace_levels(session: Session, title_id: int, codes: set[str]) -> None:
    for code in _unknown(codes, queries.term_codes(session, "level")):
        raise UnknownLevel(code=code)
    session.execute(delete(TitleLevel).where(TitleLevel.title_id == title_id))
    session.add_all(TitleLevel(title_id=title_id, level=code) for code in sorted(codes))
    session.flush()


def _replace_themes(session: Session, title_id: int, codes: set[str]) -> None:
    for code in _unknown(codes, queries.term_codes(session, "theme")):
        raise UnknownTheme(code=code)
    session.execute(delete(TitleTheme).where(TitleTheme.title_id == title_id))
    session.add_all(TitleTheme(title_id=title_id, theme=code) for code in sorted(codes))
    session.flush()


def _unknown(codes: Iterable[str], known: set[str]) -> list[str]:
    return sorted(set(codes) - known)
