"""For the federation's administrators: how the search index stands, and what it refused."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.search.synonym_list import SynonymList
from lending.search.synonyms import BadSynonyms
from lending.search.upkeep import IndexUpkeep
from lending.web.rendering import page, refused, see

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


@get("/admin/search", sync_to_thread=True)
def index_page(
    request: Request[Any, Any, Any], upkeep: NamedDependency[IndexUpkeep], actor: NamedDependency[Actor]
) -> Response[str]:
    """How many titles the index holds, what waits, what was set aside and why."""
    return page(request, "admin/search.html", state=upkeep.state(actor))


@post("/admin/search/{row_id:int}/retry", sync_to_thread=True)
def retry(upkeep: NamedDependency[IndexUpkeep], actor: NamedDependency[Actor], row_id: RowId) -> Redirect:
    """Send a title again that was set aside."""
    upkeep.retry(actor, row_id)
    return see("/admin/search?done=index-retried")


@post("/admin/search/rebuild", sync_to_thread=True)
def rebuild(upkeep: NamedDependency[IndexUpkeep], actor: NamedDependency[Actor]) -> Redirect:
    """Build the index anew beside the one in use."""
    upkeep.rebuild(actor)
    return see("/admin/search?done=index-rebuilt")


@get("/admin/synonyms", sync_to_thread=True)
def synonyms_page(
    request: Request[Any, Any, Any], synonym_list: NamedDependency[SynonymList], actor: NamedDependency[Actor]
) -> Response[str]:
    """Words that mean the same, one group a line."""
    return page(request, "admin/synonyms.html", lines="\n".join(synonym_list.lines(actor)))


@post("/admin/synonyms", sync_to_thread=True)
def keep_synonyms(
    request: Request[Any, Any, Any],
    synonym_list: NamedDependency[SynonymList],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[dict[str, str]],
) -> Response[str] | Redirect:
    """Keep another list."""
    typed = data.get("lines", "")
    try:
        synonym_list.keep(actor, typed.splitlines())
    except BadSynonyms as error:
        return refused(request, "admin/synonyms.html", error, lines=typed)
    return see("/admin/synonyms?done=synonyms-kept")


ROUTES = [
    Router(
        "/",
        route_handlers=[index_page, retry, rebuild, synonyms_page, keep_synonyms],
        include_in_schema=False,
    )
]
