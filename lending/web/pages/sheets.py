"""Documents of a title and what accompanies it: handed out to readers, kept by the staff of the owner."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromQuery, MultipartBody, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.photos.api import content_of
from lending.catalog.requests import TitleFilter
from lending.catalog.schemas import TitlePage
from lending.catalog.service import Catalog
from lending.catalog.sheets.api import MOST_BODY_BYTES, as_download, name_of
from lending.catalog.sheets.errors import MOST_DOCUMENT_BYTES
from lending.catalog.sheets.schemas import Audience, DocumentEdit
from lending.catalog.sheets.service import Sheets
from lending.catalog.states import Kind
from lending.core.actor import Actor
from lending.core.errors import Forbidden, LendingError, Unauthenticated
from lending.core.http.problems import Problem, problem_of
from lending.search.schemas import SearchQuery
from lending.search.service import Search
from lending.web.pages.form_values import code_in, row_id_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
MOST_CHOICES = 12
OTHERS = (Kind.TRUNK, Kind.GAME, Kind.BOOK)


@dataclass
class SentDocument:
    """The form with a document."""

    file: UploadFile | None = None
    name: str = ""
    audience: Audience = Audience.ALL


@get("/documents/{document_id:int}/file", sync_to_thread=True)
def hand_out(sheets: NamedDependency[Sheets], actor: NamedDependency[Actor], document_id: RowId) -> Response[bytes]:
    """The file as a download, counted."""
    return as_download(sheets.download(actor, document_id))


@get("/staff/titles/{title_id:int}/documents", sync_to_thread=True)
def documents_of_title(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    sheets: NamedDependency[Sheets],
    search: NamedDependency[Search],
    actor: NamedDependency[Actor],
    title_id: RowId,
    q: FromQuery[str] = "",
) -> Response[str]:
    """The documents, a form for the next, and what accompanies the title; `q` looks for more of that."""
    title = _own(catalog, actor, title_id)
    found = _choices(catalog, search, actor, title, q.strip()[:100])
    return _shown(request, sheets, actor, title, q=q, found=found)


@post("/staff/titles/{title_id:int}/documents", sync_to_thread=True, request_max_body_size=MOST_BODY_BYTES)
def add_document(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    sheets: NamedDependency[Sheets],
    actor: NamedDependency[Actor],
    title_id: RowId,
    data: MultipartBody[SentDocument],
) -> Response[str] | Redirect:
    """Add a document."""
    try:
        content = content_of(data.file, MOST_DOCUMENT_BYTES)
        added = sheets.add(actor, title_id, content, name_of(data.file, data.name), data.audience)
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        return _shown(request, sheets, actor, _own(catalog, actor, title_id), problem_of(error), sent=data)
    return see(f"/staff/titles/{title_id}/documents?done=saved#document-{added.id}")


@post("/staff/documents/{document_id:int}", sync_to_thread=True)
def change_document(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    sheets: NamedDependency[Sheets],
    actor: NamedDependency[Actor],
    document_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Name a document, say who may read it, or take it away."""
    title_id = row_id_in(data, "title_id")
    try:
        if data.get("do") == "remove":
            sheets.remove(actor, document_id)
        else:
            edit = DocumentEdit(data.get("name", ""), code_in(data, "audience", Audience))
            sheets.edit(actor, document_id, edit)
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        problem = problem_of(error)
        problem.field = f"name-{document_id}"
        return _shown(request, sheets, actor, _own(catalog, actor, title_id), problem)
    return see(f"/staff/titles/{title_id}/documents?done=saved")


@post("/staff/titles/{title_id:int}/companions", sync_to_thread=True)
def change_companions(
    sheets: NamedDependency[Sheets], actor: NamedDependency[Actor], title_id: RowId, data: URLEncodedBody[Form]
) -> Redirect:
    """Let a sheet go with a title, or no longer."""
    other_id = row_id_in(data, "other_id")
    if data.get("do") == "remove":
        sheets.part(actor, title_id, other_id)
    else:
        sheets.accompany(actor, title_id, other_id)
    return see(f"/staff/titles/{title_id}/documents?done=saved#companions")


def _own(catalog: Catalog, actor: Actor, title_id: int) -> TitlePage:
    title = catalog.title_page(actor, title_id)
    if not title.can_edit:
        raise Forbidden if actor.is_signed_in else Unauthenticated
    return title


def _choices(catalog: Catalog, search: Search, actor: Actor, title: TitlePage, text: str) -> list[tuple[int, str]]:
    """What could accompany a title: of the owner's first, drafts too, then of the whole network."""
    if not text:
        return []
    kinds = OTHERS if title.kind == Kind.SHEET else (Kind.SHEET,)
    found: dict[int, str] = {}
    for kind in kinds:
        own = catalog.titles_of(actor, title.owner_id, wanted=TitleFilter(kind=kind, text=text), limit=MOST_CHOICES)
        found |= {one.id: one.name for one in own.items}
    query = SearchQuery(text=text, kind=tuple(kind.value for kind in kinds), per_page=MOST_CHOICES)
    found |= {hit.title.id: hit.title.name for hit in search.search(query).hits}
    return list(found.items())[:MOST_CHOICES]


def _shown(
    request: AnyRequest,
    sheets: Sheets,
    actor: Actor,
    title: TitlePage,
    problem: Problem | None = None,
    **facts: Any,
) -> Response[str]:
    known: dict[str, Any] = {"sent": SentDocument(), "q": "", "found": []}
    companions = sheets.companions(actor, title.id)
    return page(request, "staff/documents.html", problem=problem, title=title, companions=companions, **known | facts)


ROUTES = [
    Router(
        "/",
        route_handlers=[hand_out, documents_of_title, add_document, change_document, change_companions],
        include_in_schema=False,
    )
]
