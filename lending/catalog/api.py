"""The catalogue over JSON.

A title's ETag is its version and a digest of the answer: the version guards edits, the digest also changes
when copies do.
"""

import hashlib
import re
from typing import Annotated

import msgspec
from litestar import Controller, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import (
    FromPath,
    FromQuery,
    HeaderParameter,
    JSONBody,
    PathParameter,
    QueryParameter,
)
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from lending.catalog.requests import (
    EditCopy,
    EditTitle,
    NewAlias,
    NewCopies,
    NewTitle,
    TitleFilter,
)
from lending.catalog.rules import Kind, Visibility
from lending.catalog.schemas import (
    Checklist,
    CopyDetail,
    StaffTitle,
    StockCount,
    TermView,
    TitlePage,
)
from lending.catalog.service import Catalog, CopiesAdded
from lending.core.actor import Actor
from lending.core.errors import PreconditionFailed, PreconditionRequired
from lending.core.paging import MAX_PAGE_SIZE, Page

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", description="The ETag of what was read; `*` = whatever is there."),
]
IfNoneMatch = Annotated[
    str | None,
    HeaderParameter(name="If-None-Match", description="The ETag already held: unchanged answers 304."),
]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key", max_length=100, description="A repeated request with this key is done once."
    ),
]
NOT_MODIFIED = {304: ResponseSpec(data_container=None, description="The ETag still holds; no body.")}
ETAG_VERSION = re.compile(r'\s*(?:W/)?"(\d{1,9})(?:-[0-9a-f]*)?"\s*')


def etag_of(answer: msgspec.Struct, version: int) -> str:
    """The ETag of an answer, such as `"3-9f86d081884c"`."""
    return f'"{version}-{hashlib.sha256(msgspec.json.encode(answer)).hexdigest()[:12]}"'


def wanted_version(if_match: str | None) -> int | None:
    """The version to be changed; None = any. Raises PreconditionRequired, PreconditionFailed."""
    if if_match is None:
        raise PreconditionRequired
    if if_match.strip() == "*":
        return None
    found = ETAG_VERSION.fullmatch(if_match)
    if found is None:
        raise PreconditionFailed
    return int(found[1])


def holds(if_none_match: str | None, etag: str) -> bool:
    """Whether the client has this very answer. Comparison is weak, as for every GET."""
    given = [one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")]
    return etag in given or "*" in given


def _title_answer(page: TitlePage, status_code: int = 200) -> Response[TitlePage]:
    return Response(page, status_code=status_code, headers=_headers(etag_of(page, page.version)))


def _copy_answer(copy: CopyDetail, status_code: int = 200) -> Response[CopyDetail]:
    return Response(copy, status_code=status_code, headers=_headers(etag_of(copy, copy.version)))


def _headers(etag: str) -> dict[str, str]:
    # What is answered depends on who asks: nobody else may keep it, and its keeper asks whether it still holds.
    return {"ETag": etag, "Cache-Control": "private, no-cache"}


class TitlesController(Controller):
    """Titles and what is in them."""

    path = "/titles"
    tags = ("catalog",)

    @get("/{title_id:int}", sync_to_thread=True, operation_id="getTitle", responses=NOT_MODIFIED)
    def title(
        self,
        catalog: NamedDependency[Catalog],
        actor: NamedDependency[Actor],
        title_id: RowId,
        if_none_match: IfNoneMatch = None,
    ) -> Response[TitlePage]:
        """All facts about a title: contents, documents, who has copies, what is held back."""
        answer = _title_answer(catalog.title_page(actor, title_id))
        etag = answer.headers["ETag"]
        if holds(if_none_match, etag):
            return Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=_headers(etag))  # type: ignore[arg-type]  # a 304 has no body
        return answer

    @get("/{title_id:int}/checklist", sync_to_thread=True, operation_id="getChecklist")
    def checklist(self, catalog: NamedDependency[Catalog], actor: NamedDependency[Actor], title_id: RowId) -> Checklist:
        """All that should be in a copy of the title."""
        return catalog.checklist(actor, title_id)

    @get("/{title_id:int}/copies", sync_to_thread=True, operation_id="listCopies")
    def copies(
        self, catalog: NamedDependency[Catalog], actor: NamedDependency[Actor], title_id: RowId
    ) -> list[CopyDetail]:
        """The copies that the signed-in person looks after."""
        return catalog.copies_of(actor, title_id)

    @post("/", sync_to_thread=True, operation_id="addTitle")
    def add_title(
        self,
        catalog: NamedDependency[Catalog],
        actor: NamedDependency[Actor],
        data: JSONBody[NewTitle],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[TitlePage]:
        """Add a title as a draft."""
        return _title_answer(catalog.add_title(actor, data, idempotency_key), 201)

    @patch("/{title_id:int}", sync_to_thread=True, operation_id="editTitle")
    def edit_title(
        self,
        catalog: NamedDependency[Catalog],
        actor: NamedDependency[Actor],
        title_id: RowId,
        data: JSONBody[EditTitle],
        if_match: IfMatch = None,
    ) -> Response[TitlePage]:
        """Change the members that are sent; publish and archive by `visibility`. If-Match is required."""
        return _title_answer(catalog.edit_title(actor, title_id, data, wanted_version(if_match)))

    @post("/{title_id:int}/copies", sync_to_thread=True, operation_id="addCopies")
    def add_copies(
        self,
        catalog: NamedDependency[Catalog],
        actor: NamedDependency[Actor],
        title_id: RowId,
        data: JSONBody[NewCopies],
        idempotency_key: IdempotencyKey = None,
    ) -> CopiesAdded:
        """Add copies; they get the next codes of the depot's association."""
        return catalog.add_copies(actor, title_id, data, idempotency_key)


class CopiesController(Controller):
    """Copies, for the staff that looks after them."""

    path = "/copies"
    tags = ("catalog",)

    @get("/{code:str}", sync_to_thread=True, operation_id="getCopy")
    def copy(
        self, catalog: NamedDependency[Catalog], actor: NamedDependency[Actor], code: FromPath[str]
    ) -> Response[CopyDetail]:
        """The copy that carries a code, as scanned: its own or an alias."""
        return _copy_answer(catalog.copy_by_code(actor, code))

    @patch("/{code:str}", sync_to_thread=True, operation_id="editCopy")
    def edit_copy(
        self,
        catalog: NamedDependency[Catalog],
        actor: NamedDependency[Actor],
        code: FromPath[str],
        data: JSONBody[EditCopy],
        if_match: IfMatch = None,
    ) -> Response[CopyDetail]:
        """Change the members that are sent. If-Match is required."""
        version, copy = wanted_version(if_match), catalog.copy_by_code(actor, code)
        return _copy_answer(catalog.edit_copy(actor, copy.id, data, version))

    @post("/{code:str}/aliases", sync_to_thread=True, operation_id="addAlias")
    def add_alias(
        self,
        catalog: NamedDependency[Catalog],
        actor: NamedDependency[Actor],
        code: FromPath[str],
        data: JSONBody[NewAlias],
    ) -> CopyDetail:
        """Let another code, such as an old number, mean the copy."""
        return catalog.add_alias(actor, catalog.copy_by_code(actor, code).id, data.code)


class StockController(Controller):
    """Vocabularies, and what an association has."""

    path = "/"
    tags = ("catalog",)

    @get("/vocabularies/{name:str}", sync_to_thread=True, operation_id="getVocabulary")
    def vocabulary(self, catalog: NamedDependency[Catalog], name: FromPath[str]) -> list[TermView]:
        """The terms of `level`, `theme` or `game_kind`, in order."""
        return catalog.terms(name)

    @get("/associations/{association_id:int}/stock", sync_to_thread=True, operation_id="getStock")
    def stock(self, catalog: NamedDependency[Catalog], association_id: RowId) -> list[StockCount]:
        """What an association has, by kind."""
        return catalog.stock_counts(association_id)

    @get("/associations/{association_id:int}/titles", sync_to_thread=True, operation_id="listStaffTitles")
    def titles(
        self,
        catalog: NamedDependency[Catalog],
        actor: NamedDependency[Actor],
        association_id: RowId,
        kind: FromQuery[Kind | None] = None,
        visibility: FromQuery[Visibility | None] = None,
        text: FromQuery[str] = "",
        cursor: FromQuery[str | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_PAGE_SIZE)] = 50,
    ) -> Page[StaffTitle]:
        """What an association owns or has copies of, by name, for its staff."""
        wanted = TitleFilter(kind=kind, visibility=visibility, text=text)
        return catalog.titles_of(actor, association_id, cursor, wanted, limit)


ROUTES = [TitlesController, CopiesController, StockController]
