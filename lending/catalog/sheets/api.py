"""Documents and companions over HTTP. A document is only ever a download: no browser opens it as a page of ours."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import JSONBody, MultipartBody, PathParameter

from lending.catalog.photos.api import content_of
from lending.catalog.schemas import TitleSummary
from lending.catalog.sheets.errors import MOST_DOCUMENT_BYTES
from lending.catalog.sheets.schemas import Audience, DocumentEdit, DocumentView, Download
from lending.catalog.sheets.service import Sheets, name_from
from lending.core.actor import Actor

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
# Somewhat more than a document may have, so that one that is a little too large is told as such.
MOST_BODY_BYTES = MOST_DOCUMENT_BYTES + 5_000_000


@dataclass
class DocumentForm:
    """A document as `multipart/form-data`; without a name it is called as its file."""

    file: UploadFile | None = None
    name: str = ""
    audience: Audience = Audience.ALL


def name_of(file: UploadFile | None, name: str) -> str:
    """The name that was given, else the file's."""
    return name.strip() or (name_from(file.filename) if file is not None else "")


def as_download(file: Download) -> Response[bytes]:
    """An answer that browsers keep as a file and nobody else keeps at all."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file.file_name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


class SheetsController(Controller):
    """Documents of titles, and what accompanies what."""

    path = "/"
    tags = ("catalog",)

    @get("/titles/{title_id:int}/documents", sync_to_thread=True, operation_id="listDocuments")
    def documents(
        self, sheets: NamedDependency[Sheets], actor: NamedDependency[Actor], title_id: RowId
    ) -> list[DocumentView]:
        """The documents of a title."""
        return sheets.documents(actor, title_id)

    @post(
        "/titles/{title_id:int}/documents",
        sync_to_thread=True,
        operation_id="addDocument",
        request_max_body_size=MOST_BODY_BYTES,
    )
    def add_document(
        self,
        sheets: NamedDependency[Sheets],
        actor: NamedDependency[Actor],
        title_id: RowId,
        data: MultipartBody[DocumentForm],
    ) -> DocumentView:
        """Add a PDF, ODT or DOCX (at most 25 MB). The text of a PDF can be searched when it is for everybody."""
        content = content_of(data.file, MOST_DOCUMENT_BYTES)
        return sheets.add(actor, title_id, content, name_of(data.file, data.name), data.audience)

    @patch("/documents/{document_id:int}", sync_to_thread=True, operation_id="editDocument")
    def edit_document(
        self,
        sheets: NamedDependency[Sheets],
        actor: NamedDependency[Actor],
        document_id: RowId,
        data: JSONBody[DocumentEdit],
    ) -> DocumentView:
        """Change the name or the audience (`all` or `members`) of a document."""
        return sheets.edit(actor, document_id, data)

    @delete("/documents/{document_id:int}", sync_to_thread=True, operation_id="removeDocument")
    def remove_document(
        self, sheets: NamedDependency[Sheets], actor: NamedDependency[Actor], document_id: RowId
    ) -> None:
        """Take a document away."""
        sheets.remove(actor, document_id)

    @get("/documents/{document_id:int}/file", sync_to_thread=True, operation_id="downloadDocument")
    def file(
        self, sheets: NamedDependency[Sheets], actor: NamedDependency[Actor], document_id: RowId
    ) -> Response[bytes]:
        """The file itself; each download is counted."""
        return as_download(sheets.download(actor, document_id))

    @get("/titles/{title_id:int}/companions", sync_to_thread=True, operation_id="listCompanions")
    def companions(
        self, sheets: NamedDependency[Sheets], actor: NamedDependency[Actor], title_id: RowId
    ) -> list[TitleSummary]:
        """The sheets that go with a title; of a sheet, the titles that it goes with."""
        return sheets.companions(actor, title_id)

    @put("/titles/{title_id:int}/companions/{other_id:int}", sync_to_thread=True, operation_id="addCompanion")
    def add_companion(
        self, sheets: NamedDependency[Sheets], actor: NamedDependency[Actor], title_id: RowId, other_id: RowId
    ) -> list[TitleSummary]:
        """Let an action sheet go with a title; one of the two is the sheet."""
        return sheets.accompany(actor, title_id, other_id)

    @delete("/titles/{title_id:int}/companions/{other_id:int}", sync_to_thread=True, operation_id="removeCompanion")
    def remove_companion(
        self, sheets: NamedDependency[Sheets], actor: NamedDependency[Actor], title_id: RowId, other_id: RowId
    ) -> None:
        """Let an action sheet no longer go with a title."""
        sheets.part(actor, title_id, other_id)


ROUTES = [SheetsController]
