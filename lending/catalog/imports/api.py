"""Imports and exports over JSON."""

from typing import Annotated, Literal

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, JSONBody, MultipartBody, PathParameter, QueryParameter

from lending.catalog.exports.schemas import ExportFile, ExportFormat
from lending.catalog.exports.service import Exports
from lending.catalog.imports.errors import MOST_BYTES, FileTooLarge
from lending.catalog.imports.schemas import ApplyImport, Defaults, Format, NewImport, Remapping, RunSummary, RunView
from lending.catalog.imports.service import MOST_ROWS_SHOWN, Imports, RowsPage
from lending.core.actor import Actor

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
# The parts of a form around the file.
AROUND_BYTES = 100_000
MOST_BODY_BYTES = MOST_BYTES + AROUND_BYTES
RowsWanted = Literal["new", "changed", "same", "refused", "kept"]
FILE = {200: ResponseSpec(data_container=bytes, media_type="application/octet-stream", description="The file.")}


class Upload(msgspec.Struct, kw_only=True):
    """A file with, where its content does not tell, its format, and what counts where a row says nothing."""

    file: UploadFile
    format: Format | Literal[""] = ""
    kind: Literal["trunk", "game", "book", "sheet", ""] = ""
    depot_id: str = ""
    count: Literal["0", "1", ""] = ""


def new_import(upload: Upload) -> NewImport:
    """What was sent, read into memory. Raises FileTooLarge before reading more than an import takes."""
    content = upload.file.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileTooLarge
    told = upload.kind or upload.depot_id or upload.count
    depot = upload.depot_id
    defaults = Defaults(
        kind=upload.kind or None,
        depot_id=int(depot[:10]) if depot.isascii() and depot.isdecimal() else None,
        count=int(upload.count or 0),
    )
    return NewImport(
        name=upload.file.filename, content=content, format=upload.format or None, defaults=defaults if told else None
    )


def as_download(file: ExportFile) -> Response[bytes]:
    """A file that a browser saves."""
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


class ImportsController(Controller):
    """Files of titles and copies: checked first, then applied, then undone if need be."""

    path = "/associations/{association_id:int}/imports"
    tags = ("imports",)

    @post("/", sync_to_thread=True, operation_id="checkImport", request_max_body_size=MOST_BODY_BYTES)
    def check(
        self,
        imports: NamedDependency[Imports],
        actor: NamedDependency[Actor],
        association_id: RowId,
        data: MultipartBody[Upload],
    ) -> RunView:
        """Check a file of at most 20 MB: what would be new, changed, the same, refused. Nothing else is written."""
        return imports.check_file(actor, association_id, new_import(data))

    @get("/", sync_to_thread=True, operation_id="listImports")
    def runs(
        self, imports: NamedDependency[Imports], actor: NamedDependency[Actor], association_id: RowId
    ) -> list[RunSummary]:
        """The latest imports, the newest first."""
        return imports.runs(actor, association_id)

    @get("/{run_id:int}", sync_to_thread=True, operation_id="getImport")
    def run(
        self, imports: NamedDependency[Imports], actor: NamedDependency[Actor], association_id: RowId, run_id: RowId
    ) -> RunView:
        """Where an import stands: its counts are its progress."""
        return imports.run(actor, association_id, run_id)

    @get("/{run_id:int}/rows", sync_to_thread=True, operation_id="listImportRows")
    def rows(
        self,
        imports: NamedDependency[Imports],
        actor: NamedDependency[Actor],
        association_id: RowId,
        run_id: RowId,
        outcome: FromQuery[RowsWanted | None] = None,
        after_line: Annotated[int, QueryParameter(ge=0, le=2**31 - 1)] = 0,
        limit: Annotated[int, QueryParameter(ge=1, le=MOST_ROWS_SHOWN)] = 50,
    ) -> RowsPage:
        """The rows in the file's order, with what each changes or why it is refused."""
        return imports.rows(actor, association_id, run_id, outcome, after_line, limit)

    @put("/{run_id:int}/mapping", sync_to_thread=True, operation_id="mapImport")
    def remap(
        self,
        imports: NamedDependency[Imports],
        actor: NamedDependency[Actor],
        association_id: RowId,
        run_id: RowId,
        data: JSONBody[Remapping],
    ) -> RunView:
        """Say what each column holds, and check again. It is remembered for files with the same headings."""
        return imports.remap(actor, association_id, run_id, data)

    @post("/{run_id:int}/apply", sync_to_thread=True, status_code=200, operation_id="applyImport")
    def apply(
        self,
        imports: NamedDependency[Imports],
        actor: NamedDependency[Actor],
        association_id: RowId,
        run_id: RowId,
        data: JSONBody[ApplyImport],
    ) -> RunView:
        """Apply what the check found. A large file is still `applying` when this answers."""
        return imports.apply(actor, association_id, run_id, skip_refused=data.skip_refused)

    @post("/{run_id:int}/undo", sync_to_thread=True, status_code=200, operation_id="undoImport")
    def undo(
        self, imports: NamedDependency[Imports], actor: NamedDependency[Actor], association_id: RowId, run_id: RowId
    ) -> RunView:
        """Take back what was applied, but for what was changed or used since."""
        return imports.undo(actor, association_id, run_id)


class ExportController(Controller):
    """Everything that an association owns, as a file."""

    path = "/associations/{association_id:int}/export"
    tags = ("imports",)

    @get("/", sync_to_thread=True, operation_id="exportStock", responses=FILE)
    def export(
        self,
        exports: NamedDependency[Exports],
        actor: NamedDependency[Actor],
        association_id: RowId,
        format: FromQuery[ExportFormat] = "xlsx",  # noqa: A002 - the name of the query's member
    ) -> Response[bytes]:
        """Titles and copies as XLSX, CSV, JSON, UNIMARC or MARC 21."""
        return as_download(exports.export(actor, association_id, format))


ROUTES = [ImportsController, ExportController]
