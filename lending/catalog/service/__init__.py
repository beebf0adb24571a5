"""Use cases of the catalogue: each public method is one transaction.

What is not published does not exist for anybody but the owner's staff: they get NotFound, never Forbidden.
"""

import datetime as dt
from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy.orm import Session

from lending.catalog import queries, rules
from lending.catalog.errors import UnknownBarcode, UnknownMedia, UnknownVocabulary
from lending.catalog.labels import Label, LabelPage, label_pages
from lending.catalog.media import PRIVATE, MediaFile, MediaStore
from lending.catalog.requests import (
    EditCopy,
    EditTitle,
    NewCopies,
    NewTitle,
    TitleFilter,
)
from lending.catalog.schemas import (
    Checklist,
    CopyDetail,
    KindCount,
    LevelCount,
    StaffTitle,
    StockCount,
    TermCount,
    TermView,
    TitlePage,
    TitleSummary,
)
from lending.catalog.service import copies, titles
from lending.catalog.sheets.names import FOLDER as DOCUMENTS
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.core.idempotency import earlier_answer, remember_answer
from lending.core.paging import MAX_PAGE_SIZE, Page, decode_cursor
from lending.network import queries as network

VOCABULARY_NAMES = ("level", "theme", "game_kind")

# Called inside the transaction that added copies of a title or changed one: bookings are planned anew there.
CopiesWatcher = Callable[[Session, int, dt.datetime], None]


class CopiesAdded(msgspec.Struct, frozen=True):
    """New copies, in the order of their codes."""

    copies: list[CopyDetail]


class _CopiesRequest(msgspec.Struct, frozen=True):
    """What makes two requests for new copies the same."""

    title_id: int
    new: NewCopies


def _nobody_watches(_session: Session, _title_id: int, _now: dt.datetime) -> None:
    """Stands where no package asked to be told."""


class Catalog:
    """Titles, what is in them, and copies."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        media: MediaStore,
        on_copies_changed: CopiesWatcher = _nobody_watches,
    ) -> None:
        """Takes the database, the source of now and the store of pictures and documents."""
        self._db = db
        self._clock = clock
        self._media = media
        self._on_copies_changed = on_copies_changed

    def title_page(self, actor: Actor, title_id: int) -> TitlePage:
        """All facts about a title. Raises NotFound."""
        with self._db.read() as session:
            return _page(session, actor, title_id)

    def title_summaries(self, actor: Actor, title_ids: Sequence[int]) -> list[TitleSummary]:
        """Titles in few words, in the order asked for, without those that the person may not see."""
        with self._db.read() as session:
            return _summaries(session, actor, title_ids)

    def recently_added(self, actor: Actor, limit: int = 8, association_id: int | None = None) -> list[TitleSummary]:
        """The newest titles that somebody, or this association, lends."""
        with self._db.read() as session:
            return _summaries(session, actor, queries.recently_added(session, limit, association_id))

    def theme_counts(self, limit: int = 12) -> list[TermCount]:
        """The themes with most titles: public."""
        with self._db.read() as session:
            return queries.theme_counts(session, limit)

    def level_counts(self) -> list[LevelCount]:
        """How many titles there are for each level: public."""
        with self._db.read() as session:
            return queries.level_counts(session)

    def kind_counts(self) -> list[KindCount]:
        """How many titles there are of each kind: public."""
        with self._db.read() as session:
            return queries.kind_counts(session)

    def stock_counts(self, association_id: int) -> list[StockCount]:
        """What an association has, by kind: public."""
        with self._db.read() as session:
            return queries.stock_counts(session, [association_id])

    def terms(self, vocabulary: str) -> list[TermView]:
        """The terms of `level`, `theme` or `game_kind`, in order: public. Raises UnknownVocabulary."""
        if vocabulary not in VOCABULARY_NAMES:
            raise UnknownVocabulary(name=vocabulary)
        with self._db.read() as session:
            return queries.terms(session, vocabulary)

    def checklist(self, actor: Actor, title_id: int) -> Checklist:
        """All that should be in a copy. Raises NotFound."""
        with self._db.read() as session:
            _require_seen(session, actor, title_id)
            return queries.checklist(session, title_id)

    def media(self, name: str) -> MediaFile:
        """A picture: public, as its name cannot be guessed. `Sheets` hands documents out.

        What is private is handed out by who keeps it. Raises UnknownMedia.
        """
        if name.startswith((f"{DOCUMENTS}/", f"{PRIVATE}/")):
            raise UnknownMedia
        return self._media.open(name)

    def titles_of(
        self,
        actor: Actor,
        association_id: int,
        cursor: str | None = None,
        wanted: TitleFilter | None = None,
        limit: int = 50,
    ) -> Page[StaffTitle]:
        """What an association owns or has copies of, for its staff. Raises NotFound, Forbidden, BadCursor."""
        after = decode_cursor(cursor) if cursor else None
        size = max(1, min(limit, MAX_PAGE_SIZE))
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF, Role.COORDINATOR)
            return queries.titles_of(session, association_id, wanted or TitleFilter(), after, size)

    def add_title(self, actor: Actor, new: NewTitle, key: str | None = None) -> TitlePage:
        """Add a draft; a repeated `key` answers the same again. Raises UnknownOwner, Forbidden, Invalid."""
        now = self._clock.now()
        with self._db.write() as session:
            if done := earlier_answer(session, actor.person_id or 0, key, new, TitlePage):
                return done
            page = _page(session, actor, titles.add_title(session, actor, new, now))
            remember_answer(session, actor.person_id or 0, key, new, page, now)
            return page

    def edit_title(self, actor: Actor, title_id: int, edit: EditTitle, version: int | None) -> TitlePage:
        """Change a title; without a version nothing protects from undoing somebody else's change.

        Raises NotFound, Forbidden, VersionChanged, Invalid, LineHasHistory.
        """
        with self._db.write() as session:
            titles.edit_title(session, actor, title_id, edit, version, self._clock.now())
            return _page(session, actor, title_id)

    def publish(self, actor: Actor, title_id: int, version: int | None = None) -> TitlePage:
        """Show a title to everybody. Raises NotFound, Forbidden, VersionChanged."""
        return self.edit_title(actor, title_id, EditTitle(visibility=rules.Visibility.PUBLISHED), version)

    def archive(self, actor: Actor, title_id: int, version: int | None = None) -> TitlePage:
        """Take a title out of the public catalogue. Raises NotFound, Forbidden, VersionChanged."""
        return self.edit_title(actor, title_id, EditTitle(visibility=rules.Visibility.ARCHIVED), version)

    def add_copies(self, actor: Actor, title_id: int, new: NewCopies, key: str | None = None) -> CopiesAdded:
        """Add copies with the next codes of the depot's association; `key` as in `add_title`.

        Raises NotFound, UnknownDepot, Forbidden, CodesExhausted.
        """
        now, asked = self._clock.now(), _CopiesRequest(title_id, new)
        with self._db.write() as session:
            if done := earlier_answer(session, actor.person_id or 0, key, asked, CopiesAdded):
                return done
            added = CopiesAdded(copies.add_copies(session, actor, title_id, new, now))
            self._on_copies_changed(session, title_id, now)
            remember_answer(session, actor.person_id or 0, key, asked, added, now)
            return added

    def edit_copy(self, actor: Actor, copy_id: int, edit: EditCopy, version: int | None) -> CopyDetail:
        """Change a copy. Raises NotFound, Forbidden, VersionChanged, UnknownDepot, StatusNotReachable."""
        now = self._clock.now()
        with self._db.write() as session:
            copy = copies.edit_copy(session, actor, copy_id, edit, version, now)
            self._on_copies_changed(session, copy.title_id, now)
            return copy

    def add_alias(self, actor: Actor, copy_id: int, code: str) -> CopyDetail:
        """Let another code mean a copy. Raises NotFound, Forbidden, CodeTaken."""
        with self._db.write() as session:
            return copies.add_alias(session, actor, copy_id, code, self._clock.now())

    def copy_by_code(self, actor: Actor, raw: str) -> CopyDetail:
        """The copy behind a scanned code, for its staff. Raises UnknownBarcode, DamagedBarcode, Forbidden."""
        with self._db.read() as session:
            copy = _seen_copy(session, actor, raw)
            actor.require(copy.owner_path, Role.STAFF, Role.COORDINATOR)
            return copy

    def title_id_by_code(self, actor: Actor, raw: str) -> int:
        """The title of the copy behind a code: where a label's address leads. Raises UnknownBarcode."""
        with self._db.read() as session:
            return _seen_copy(session, actor, raw).title_id

    def copies_of(self, actor: Actor, title_id: int) -> list[CopyDetail]:
        """The copies of a title that the person looks after, the withdrawn ones too. Raises NotFound."""
        with self._db.read() as session:
            _require_seen(session, actor, title_id)
            found = queries.copies_of_title(session, title_id)
            return [copy for copy in found if actor.covers(copy.owner_path, Role.STAFF, Role.COORDINATOR)]

    def labels(self, actor: Actor, copy_ids: Sequence[int], host: str, skip: int = 0) -> list[LabelPage]:
        """Label sheets for copies, leaving the first `skip` places free. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            found = queries.copies(session, copy_ids)
            if len(found) != len(set(copy_ids)):
                raise NotFound
            for copy in found:
                actor.require(copy.owner_path, Role.STAFF)
            return label_pages([Label(copy.code, copy.title_name, copy.owner_name) for copy in found], host, skip)


def _page(session: Session, actor: Actor, title_id: int) -> TitlePage:
    access = _require_seen(session, actor, title_id)
    page = queries.title_page(session, title_id)
    return msgspec.structs.replace(page, can_edit=actor.covers(access.owner_path, Role.STAFF))


def _summaries(session: Session, actor: Actor, title_ids: Sequence[int]) -> list[TitleSummary]:
    access = queries.access(session, title_ids)
    seen = {id_ for id_, one in access.items() if rules.can_see(actor, one.visibility, one.owner_path)}
    return queries.title_summaries(session, [id_ for id_ in title_ids if id_ in seen])


def _require_seen(session: Session, actor: Actor, title_id: int) -> queries.Access:
    access = queries.access(session, [title_id]).get(title_id)
    if access is None or not rules.can_see(actor, access.visibility, access.owner_path):
        raise NotFound
    return access


def _seen_copy(session: Session, actor: Actor, raw: str) -> CopyDetail:
    copy = queries.copy_by_code(session, raw)
    access = queries.access(session, [copy.title_id])[copy.title_id]
    looks_after = actor.covers(copy.owner_path, Role.STAFF, Role.COORDINATOR)
    if not looks_after and not rules.can_see(actor, access.visibility, access.owner_path):
        raise UnknownBarcode(barcode=copy.code)
    return copy
