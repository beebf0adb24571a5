"""What may be searched of documents: never a word of what is for members only."""

from collections.abc import Collection

import msgspec
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lending.catalog.sheets.schemas import Audience
from lending.catalog.sheets.tables import DocumentDetail
from lending.catalog.tables import Document

# About ten pages: what a sheet is about stands in them.
SEARCHED_CHARACTERS = 20_000
OPEN_TEXTS = (
    select(Document.id, Document.title_id, Document.name, func.substr(DocumentDetail.text, 1, SEARCHED_CHARACTERS))
    .join(DocumentDetail, DocumentDetail.document_id == Document.id)
    .where(Document.title_id.in_(bindparam("title_ids", expanding=True)))
    .where(DocumentDetail.audience == Audience.ALL.value, DocumentDetail.text != "")
    .order_by(Document.id)
)


class OpenText(msgspec.Struct, frozen=True):
    """The beginning of the text of a document that everybody may read."""

    document_id: int
    title_id: int
    name: str
    text: str


def open_texts(session: Session, title_ids: Collection[int]) -> list[OpenText]:
    """The texts of these titles' documents, in order; documents without a text are left out."""
    return [OpenText(*row) for row in session.execute(OPEN_TEXTS, {"title_ids": list(title_ids)})]
