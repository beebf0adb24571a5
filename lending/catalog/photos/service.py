"""Photos of titles and of what is in them: added, put in order, described and taken away by the owner's staff.

A photo is drawn anew before its transaction begins: nobody waits for a picture while holding a lock.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog import rules
from lending.catalog.media import MediaStore
from lending.catalog.photos import queries
from lending.catalog.photos.drawing import Drawn, draw_anew
from lending.catalog.photos.errors import (
    LONGEST_CAPTION,
    MOST_PHOTOS,
    CaptionTooLong,
    TooManyPhotos,
    UnknownPhotoOrder,
)
from lending.catalog.photos.naming import FOLDER
from lending.catalog.photos.schemas import PhotoView
from lending.catalog.photos.tables import Photo
from lending.catalog.service.titles import locked_title
from lending.catalog.tables import Title
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound


class Photos:
    """Photos of titles and of lines of contents."""

    def __init__(self, db: Database, clock: Clock, media: MediaStore) -> None:
        """Takes the database, the source of now and the store of pictures."""
        self._db = db
        self._clock = clock
        self._media = media

    def of_title(self, actor: Actor, title_id: int) -> list[PhotoView]:
        """The photos of a title, the first is its picture. Raises NotFound."""
        with self._db.read() as session:
            require_seen(session, actor, title_id)
            return queries.photos_of(session, title_id)

    def of_lines(self, actor: Actor, title_id: int) -> dict[int, PhotoView]:
        """The photos of what is in a title, by line. Raises NotFound."""
        with self._db.read() as session:
            require_seen(session, actor, title_id)
            found = queries.line_photos(session, title_id)
        return {one.line_id: one for one in found if one.line_id is not None}

    def add(self, actor: Actor, title_id: int, content: bytes, caption: str = "") -> PhotoView:
        """Add a photo behind the others; the same photo again is the one that is there.

        Raises NotFound, Forbidden, TooManyPhotos, CaptionTooLong and what `draw_anew` raises.
        """
        caption = clean_caption(caption)
        with self._db.read() as session:
            require_staff(session, actor, title_id)
        drawn = self._kept(content)
        with self._db.write() as session:
            title = title_to_change(session, actor, title_id)
            row = _same(session, title_id, drawn) or self._added(session, actor, title_id, drawn)
            row.caption = caption or row.caption
            session.flush()
            _refresh(session, title, row.added_at)
            return queries.photo(session, row.id)

    def put_on_line(self, actor: Actor, line_id: int, content: bytes, caption: str = "") -> PhotoView:
        """Give a line of contents its photo, instead of the one it had. Raises as `add`."""
        caption = clean_caption(caption)
        with self._db.read() as session:
            require_staff(session, actor, _title_of_line(session, line_id))
        drawn = self._kept(content)
        with self._db.write() as session:
            title = title_to_change(session, actor, _title_of_line(session, line_id))
            row = session.scalars(select(Photo).where(Photo.line_id == line_id)).first() or Photo(line_id=line_id)
            row.media_key, row.caption = drawn.name, caption
            row.added_by, row.added_at = actor.person_id, self._clock.now()
            session.add(row)
            session.flush()
            title.updated_at = row.added_at
            return queries.photo(session, row.id)

    def describe(self, actor: Actor, photo_id: int, caption: str) -> PhotoView:
        """Say what a photo shows. Raises NotFound, Forbidden, CaptionTooLong."""
        with self._db.write() as session:
            row, title = _photo_to_change(session, actor, photo_id)
            row.caption, title.updated_at = clean_caption(caption), self._clock.now()
            session.flush()
            return queries.photo(session, photo_id)

    def put_in_order(self, actor: Actor, title_id: int, photo_ids: Sequence[int]) -> list[PhotoView]:
        """Order the photos of a title; the first is its picture. Raises NotFound, Forbidden, UnknownPhotoOrder."""
        with self._db.write() as session:
            title = title_to_change(session, actor, title_id)
            rows = {row.id: row for row in queries.rows_of(session, title_id)}
            if sorted(photo_ids) != sorted(rows):
                raise UnknownPhotoOrder
            for rank, photo_id in enumerate(photo_ids):
                rows[photo_id].rank = rank
            session.flush()
            _refresh(session, title, self._clock.now())
            return queries.photos_of(session, title_id)

    def show_first(self, actor: Actor, photo_id: int) -> list[PhotoView]:
        """Make a photo its title's picture. Raises NotFound, Forbidden."""
        with self._db.write() as session:
            row, title = _photo_to_change(session, actor, photo_id)
            if row.title_id is None:
                raise NotFound
            others = [one for one in queries.rows_of(session, title.id) if one is not row]
            for rank, one in enumerate([row, *others]):
                one.rank = rank
            session.flush()
            _refresh(session, title, self._clock.now())
            return queries.photos_of(session, title.id)

    def remove(self, actor: Actor, photo_id: int) -> int:
        """Take a photo away; gives the id of its title. The files go in the night. Raises NotFound, Forbidden."""
        with self._db.write() as session:
            row, title = _photo_to_change(session, actor, photo_id)
            session.delete(row)
            session.flush()
            _refresh(session, title, self._clock.now())
            return title.id

    def _kept(self, content: bytes) -> Drawn:
        drawn = draw_anew(content)
        for name, version in drawn.versions.items():
            self._media.save_as(name, version)
        return drawn

    def _added(self, session: Session, actor: Actor, title_id: int, drawn: Drawn) -> Photo:
        count, last = session.execute(
            select(func.count(), func.max(Photo.rank)).where(Photo.title_id == title_id)
        ).one()
        if count >= MOST_PHOTOS:
            raise TooManyPhotos
        rank = 0 if last is None else last + 1
        place = {"title_id": title_id, "rank": rank, "media_key": drawn.name}
        row = Photo(**place, added_by=actor.person_id, added_at=self._clock.now())
        session.add(row)
        return row


def clean_caption(caption: str) -> str:
    """A caption in one line. Raises CaptionTooLong."""
    line = rules.clean_line(caption)
    if len(line) > LONGEST_CAPTION:
        raise CaptionTooLong
    return line


def require_seen(session: Session, actor: Actor, title_id: int) -> catalog.Access:
    """What decides who may see the title. Raises NotFound unless this person may."""
    access = catalog.access(session, [title_id]).get(title_id)
    if access is None or not rules.can_see(actor, access.visibility, access.owner_path):
        raise NotFound
    return access


def require_staff(session: Session, actor: Actor, title_id: int) -> None:
    """Raise NotFound, Unauthenticated or Forbidden unless the person is staff of the title's owner."""
    actor.require(require_seen(session, actor, title_id).owner_path, Role.STAFF)


def title_to_change(session: Session, actor: Actor, title_id: int) -> Title:
    """The title, locked. Raises NotFound, Unauthenticated, Forbidden."""
    title = locked_title(session, actor, title_id)
    require_staff(session, actor, title_id)
    return title


def _photo_to_change(session: Session, actor: Actor, photo_id: int) -> tuple[Photo, Title]:
    row = session.get(Photo, photo_id)
    if row is None:
        raise NotFound
    title_id = row.title_id if row.line_id is None else _title_of_line(session, row.line_id)
    return row, title_to_change(session, actor, title_id or 0)


def _title_of_line(session: Session, line_id: int) -> int:
    title_id = queries.title_of_line(session, line_id)
    if title_id is None:
        raise NotFound
    return title_id


def _same(session: Session, title_id: int, drawn: Drawn) -> Photo | None:
    return session.scalars(select(Photo).where(Photo.title_id == title_id, Photo.media_key == drawn.name)).first()


def _refresh(session: Session, title: Title, now: dt.datetime) -> None:
    """Let the first photo be the title's picture; a picture that is no photo stays while there is none.

    The version stays too: whoever is editing the record meanwhile changes something else.
    """
    first = next(iter(queries.rows_of(session, title.id)), None)
    if first is not None:
        title.picture = first.media_key
    elif title.picture is not None and title.picture.startswith(f"{FOLDER}/"):
        title.picture = None
    title.updated_at = now
    session.flush()
