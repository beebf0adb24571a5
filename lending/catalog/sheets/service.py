"""Documents of titles, and the sheets that go with them.

A document is read before its transaction begins: nobody waits for a parser while holding a lock.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath

from msgspec import UNSET
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog import rules
from lending.catalog.media import MEDIA_TYPES, MediaStore
from lending.catalog.photos.drawing import draw_anew
from lending.catalog.photos.service import require_seen, require_staff, title_to_change
from lending.catalog.schemas import TitleSummary
from lending.catalog.service.titles import tell_search
from lending.catalog.sheets import queries
from lending.catalog.sheets.errors import MOST_DOCUMENTS, MembersOnly, NotASheet, TooManyDocuments
from lending.catalog.sheets.names import FOLDER
from lending.catalog.sheets.reading import ReadDocument, read_document
from lending.catalog.sheets.schemas import Audience, DocumentEdit, DocumentView, Download
from lending.catalog.sheets.tables import Companion, DocumentDetail
from lending.catalog.states import Kind
from lending.catalog.tables import Document, Title
from lending.core.actor import Actor, Role
from lending.core.clock import Clock, today_in
from lending.core.database import Database
from lending.core.errors import LendingError, NotFound, Unauthenticated
from lending.network.queries import affiliated_years
from lending.network.rules import is_affiliated

PARIS = "Europe/Paris"
LONGEST_NAME = 200
SUFFIXES = {media_type: suffix for suffix, media_type in MEDIA_TYPES.items()}


class Sheets:
    """Documents of titles, and what accompanies what."""

    def __init__(self, db: Database, clock: Clock, media: MediaStore) -> None:
        """Takes the database, the source of now and the store of documents."""
        self._db = db
        self._clock = clock
        self._media = media

    def documents(self, actor: Actor, title_id: int) -> list[DocumentView]:
        """The documents of a title. Raises NotFound."""
        with self._db.read() as session:
            require_seen(session, actor, title_id)
            return queries.documents_of(session, title_id)

    def is_member(self, actor: Actor) -> bool:
        """Whether the person may read what is for members."""
        with self._db.read() as session:
            return self._is_member(session, actor)

    def add(
        self, actor: Actor, title_id: int, content: bytes, name: str, audience: Audience = Audience.ALL
    ) -> DocumentView:
        """Add a document; the same one again is the one that is there.

        Raises NotFound, Forbidden, BlankName, TooManyDocuments and what `read_document` raises.
        """
        name = rules.clean_name(name)[:LONGEST_NAME]
        with self._db.read() as session:
            require_staff(session, actor, title_id)
        read = read_document(content)
        key = self._media.save(content, read.media_type, FOLDER)
        preview = self._kept_preview(read)
        with self._db.write() as session:
            title = title_to_change(session, actor, title_id)
            row = _same(session, title_id, key) or _added(session, title_id, key)
            row.name, row.media_type = name, read.media_type
            row.page_count, row.byte_size = read.page_count, len(content)
            session.flush()
            detail = self._detail(session, actor, row.id)
            detail.audience, detail.text, detail.preview_key = audience.value, read.text, preview
            self._changed(session, title)
            return queries.document(session, row.id)

    def edit(self, actor: Actor, document_id: int, edit: DocumentEdit) -> DocumentView:
        """Change the name or the audience of a document. Raises NotFound, Forbidden, BlankName."""
        with self._db.write() as session:
            row, title = _document_to_change(session, actor, document_id)
            if edit.name is not UNSET:
                row.name = rules.clean_name(edit.name)[:LONGEST_NAME]
            if edit.audience is not UNSET:
                self._detail(session, actor, row.id).audience = edit.audience.value
            self._changed(session, title)
            return queries.document(session, document_id)

    def remove(self, actor: Actor, document_id: int) -> int:
        """Take a document away; gives the id of its title. The file goes in the night. Raises NotFound, Forbidden."""
        with self._db.write() as session:
            row, title = _document_to_change(session, actor, document_id)
            session.delete(row)
            self._changed(session, title)
            return title.id

    def download(self, actor: Actor, document_id: int) -> Download:
        """The file, counted. Raises NotFound, Unauthenticated, MembersOnly, UnknownMedia."""
        with self._db.write() as session:
            row = session.get(Document, document_id)
            if row is None:
                raise NotFound
            require_seen(session, actor, row.title_id)
            detail = self._detail(session, None, row.id)
            if detail.audience == Audience.MEMBERS.value:
                self._require_member(session, actor)
            detail.downloads += 1
            name, key, media_type = row.name, row.media_key, row.media_type
        # The store may be far away: nobody waits for it while holding a lock.
        return Download(name + SUFFIXES.get(media_type, ""), media_type, self._media.open(key).content)

    def companions(self, actor: Actor, title_id: int) -> list[TitleSummary]:
        """The sheets that go with a title, or the titles that a sheet goes with. Raises NotFound."""
        with self._db.read() as session:
            require_seen(session, actor, title_id)
            return _companions(session, actor, title_id)

    def accompany(self, actor: Actor, title_id: int, other_id: int) -> list[TitleSummary]:
        """Let a sheet go with a title, whichever of the two is given first. Done twice, nothing changes.

        The owner's staff of the first decides. Raises NotFound, Forbidden, NotASheet.
        """
        with self._db.write() as session:
            pair = _pair(session, actor, title_id, other_id)
            if session.get(Companion, pair) is None:
                session.add(Companion(sheet_id=pair[0], title_id=pair[1]))
                session.flush()
            return _companions(session, actor, title_id)

    def part(self, actor: Actor, title_id: int, other_id: int) -> list[TitleSummary]:
        """Let a sheet no longer go with a title. Raises NotFound, Forbidden, NotASheet."""
        with self._db.write() as session:
            row = session.get(Companion, _pair(session, actor, title_id, other_id))
            if row is not None:
                session.delete(row)
                session.flush()
            return _companions(session, actor, title_id)

    def _kept_preview(self, read: ReadDocument) -> str | None:
        if not read.preview:
            return None
        try:
            drawn = draw_anew(read.preview)
        except LendingError:
            return None
        for name, version in drawn.versions.items():
            self._media.save_as(name, version)
        return drawn.name

    def _detail(self, session: Session, actor: Actor | None, document_id: int) -> DocumentDetail:
        """What is known beside the file; a document that came without gets it."""
        row = session.get(DocumentDetail, document_id, with_for_update=True)
        if row is None:
            now = self._clock.now()
            row = DocumentDetail(
                document_id=document_id, audience=Audience.ALL.value, text="", downloads=0, added_at=now
            )
            row.added_by = actor.person_id if actor else None
            session.add(row)
            session.flush()
        return row

    def _changed(self, session: Session, title: Title) -> None:
        title.updated_at = self._clock.now()
        session.flush()
        tell_search(session, title.id, title.updated_at)

    def _require_member(self, session: Session, actor: Actor) -> None:
        if not actor.is_signed_in:
            raise Unauthenticated
        if not self._is_member(session, actor):
            raise MembersOnly

    def _is_member(self, session: Session, actor: Actor) -> bool:
        if actor.is_system or actor.grants_of(Role.STAFF, Role.COORDINATOR, Role.ADMIN):
            return True
        today = today_in(self._clock, PARIS)
        schools = [grant.organisation_id for grant in actor.grants_of(Role.TEACHER)]
        return any(is_affiliated(today, affiliated_years(session, school_id)) for school_id in schools)


def name_from(file_name: str) -> str:
    """What a document may be called after its file, if nobody says better."""
    return rules.clean_line(PurePosixPath(file_name.replace("\\", "/")).stem.replace("_", " "))[:LONGEST_NAME]


def _companions(session: Session, actor: Actor, title_id: int) -> list[TitleSummary]:
    ids: Sequence[int] = queries.companion_ids(session, title_id)
    access = catalog.access(session, ids)
    seen = [id_ for id_, one in access.items() if rules.can_see(actor, one.visibility, one.owner_path)]
    return catalog.title_summaries(session, [id_ for id_ in ids if id_ in seen])


def _pair(session: Session, actor: Actor, title_id: int, other_id: int) -> tuple[int, int]:
    """The ids as the table has them: the sheet first."""
    title = title_to_change(session, actor, title_id)
    require_seen(session, actor, other_id)
    other = session.get_one(Title, other_id)
    match title.kind == Kind.SHEET, other.kind == Kind.SHEET:
        case True, False:
            return title.id, other.id
        case False, True:
            return other.id, title.id
    raise NotASheet


def _document_to_change(session: Session, actor: Actor, document_id: int) -> tuple[Document, Title]:
    row = session.get(Document, document_id)
    if row is None:
        raise NotFound
    return row, title_to_change(session, actor, row.title_id)


def _same(session: Session, title_id: int, key: str) -> Document | None:
    return session.scalars(select(Document).where(Document.title_id == title_id, Document.media_key == key)).first()


def _added(session: Session, title_id: int, key: str) -> Document:
    if (session.scalar(select(func.count()).where(Document.title_id == title_id)) or 0) >= MOST_DOCUMENTS:
        raise TooManyDocuments
    row = Document(title_id=title_id, media_key=key)
    session.add(row)
    return row
