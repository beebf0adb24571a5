"""Reads of documents and of the sheets that go with titles. They know no person: the service asks who may see."""

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from lending.catalog.media import media_url
from lending.catalog.sheets.schemas import Audience, DocumentView
from lending.catalog.sheets.tables import Companion, DocumentDetail
from lending.catalog.tables import Document


def documents_of(session: Session, title_id: int) -> list[DocumentView]:
    """The documents of a title, in the order in which they came."""
    query = (
        select(Document, DocumentDetail.audience, DocumentDetail.downloads, DocumentDetail.preview_key)
        .outerjoin(DocumentDetail, DocumentDetail.document_id == Document.id)
        .where(Document.title_id == title_id)
        .order_by(Document.id)
    )
    return [_view(*row) for row in session.execute(query)]


def _view(row: Document, audience: str | None, downloads: int | None, preview_key: str | None) -> DocumentView:
    for_whom = Audience(audience or Audience.ALL)
    # Pictures are for everybody who knows their address: that of a document for members is not told.
    is_shown = preview_key is not None and for_whom is Audience.ALL
    return DocumentView(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        url=f"/documents/{row.id}/file",
        page_count=row.page_count,
        byte_size=row.byte_size,
        audience=for_whom,
        downloads=downloads or 0,
        preview_url=media_url(preview_key) if preview_key and is_shown else None,
    )


def document(session: Session, document_id: int) -> DocumentView:
    """One document, which is there."""
    row = session.get_one(Document, document_id)
    return next(one for one in documents_of(session, row.title_id) if one.id == document_id)


def companion_ids(session: Session, title_id: int) -> list[int]:
    """The sheets that go with a title, or the titles that a sheet goes with, by id."""
    sheets = select(Companion.sheet_id).where(Companion.title_id == title_id)
    titles = select(Companion.title_id).where(Companion.sheet_id == title_id)
    return sorted(session.scalars(union(sheets, titles)))
