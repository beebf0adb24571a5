"""Reads of photos. They know no person: the service asks who may see."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lending.catalog.photos.naming import shown_photo
from lending.catalog.photos.schemas import PhotoView
from lending.catalog.photos.tables import Photo
from lending.catalog.tables import ContentLine, ContentSection


def photos_of(session: Session, title_id: int) -> list[PhotoView]:
    """The photos of a title, the first one first."""
    return [_view(row) for row in rows_of(session, title_id)]


def rows_of(session: Session, title_id: int) -> list[Photo]:
    """The rows of a title's photos, in order."""
    return list(session.scalars(select(Photo).where(Photo.title_id == title_id).order_by(Photo.rank, Photo.id)))


def line_photos(session: Session, title_id: int) -> list[PhotoView]:
    """The photos of what is in a title."""
    lines = select(ContentLine.id).join(ContentSection).where(ContentSection.title_id == title_id)
    return [_view(row) for row in session.scalars(select(Photo).where(Photo.line_id.in_(lines)))]


def keys_of_lines(session: Session, title_id: int) -> dict[int, str]:
    """The name of the photo of each line of a title that has one."""
    lines = select(ContentLine.id).join(ContentSection).where(ContentSection.title_id == title_id)
    rows = session.execute(select(Photo.line_id, Photo.media_key).where(Photo.line_id.in_(lines)))
    return {line_id: key for line_id, key in rows if line_id is not None}


def photos_of_lines(session: Session, line_ids: Collection[int]) -> dict[int, PhotoView]:
    """The photo of each of these lines that has one, by line."""
    rows = session.scalars(select(Photo).where(Photo.line_id.in_(line_ids)))
    return {row.line_id: _view(row) for row in rows if row.line_id is not None}


def photo(session: Session, photo_id: int) -> PhotoView:
    """One photo, which is there."""
    return _view(session.get_one(Photo, photo_id))


def title_of_line(session: Session, line_id: int) -> int | None:
    """The title that a line of contents belongs to."""
    query: Select[int] = (
        select(ContentSection.title_id)
        .join(ContentLine, ContentLine.section_id == ContentSection.id)
        .where(ContentLine.id == line_id)
    )
    return session.scalar(query)


def _view(row: Photo) -> PhotoView:
    shown = shown_photo(row.media_key)
    if shown is None:
        raise ValueError(row.media_key)
    return PhotoView(
        id=row.id,
        title_id=row.title_id,
        line_id=row.line_id,
        caption=row.caption,
        url=shown.url,
        width=shown.width,
        height=shown.height,
        srcset_webp=shown.srcset_webp,
        srcset_jpeg=shown.srcset_jpeg,
        placeholder=shown.placeholder,
    )
