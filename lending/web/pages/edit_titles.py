"""Adding and editing titles, and who changed what."""

import re
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.errors import VersionChanged
from lending.catalog.history.service import History
from lending.catalog.imports.contents_text import contents_text, parse_contents, with_ids
from lending.catalog.imports.values import BadValueError
from lending.catalog.requests import EditTitle, NewTitle
from lending.catalog.rules import Kind
from lending.catalog.schemas import TitlePage
from lending.catalog.service import Catalog
from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Forbidden, Invalid, PreconditionFailed
from lending.core.http.problems import Problem, problem_of
from lending.network.service import Network
from lending.web.forms import BadChoice, new_key
from lending.web.pages.form_values import BadContents, BadCount, EmptyField, row_id_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Sent = dict[str, str | list[str]]
TEXTS = ("name", "subtitle", "summary", "authors", "publisher", "language")
CODES = ("isbn", "ean", "reference", "game_kind")
NUMBERS = ("published_year", "min_age", "max_age", "min_players", "max_players", "duration_minutes")
Wanted = TypeVar("Wanted", NewTitle, EditTitle)
FIELD_OF_PATH = re.compile(r"\$\.(\w+)")


@get("/staff/titles/new", sync_to_thread=True)
def new_title(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association: Annotated[int, QueryParameter(ge=1, le=2**31 - 1)],
) -> Response[str]:
    """An empty title of an association."""
    return blank(request, catalog, network, actor, association)


@post("/staff/titles/new", sync_to_thread=True)
def add_title(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[dict[str, Any]],
) -> Response[str] | Redirect:
    """Add it as a draft."""
    owner_id = row_id_in(data, "association")
    try:
        facts = facts_of(data) | {"owner_id": owner_id, "kind": one_of(data, "kind")}
        added = catalog.add_title(actor, converted(facts, NewTitle), one_of(data, "key"))
    except (Conflict, Invalid) as error:
        return blank(request, catalog, network, actor, owner_id, problem_of(error), data)
    return see(f"/staff/titles/{added.id}?done=saved")


@get("/staff/titles/{title_id:int}/edit", sync_to_thread=True)
def edit_form(
    request: AnyRequest, catalog: NamedDependency[Catalog], actor: NamedDependency[Actor], title_id: RowId
) -> Response[str]:
    """A title as it stands."""
    return shown(request, catalog, actor, title_id)


@post("/staff/titles/{title_id:int}/edit", sync_to_thread=True)
def edit_title(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    actor: NamedDependency[Actor],
    title_id: RowId,
    data: URLEncodedBody[dict[str, Any]],
) -> Response[str] | Redirect:
    """Change it; whoever comes second is told and loses nothing of what was typed."""
    try:
        present = catalog.title_page(actor, title_id)
        facts = facts_of(data) | {"visibility": one_of(data, "visibility")}
        facts["contents"] = with_ids(facts["contents"], present.contents)
        catalog.edit_title(actor, title_id, converted(facts, EditTitle), row_id_in(data, "version"))
    except (Conflict, Invalid, PreconditionFailed) as error:
        is_late = isinstance(error, VersionChanged)
        return shown(request, catalog, actor, title_id, problem_of(error), data, is_late=is_late)
    return see(f"/staff/titles/{title_id}?done=saved")


@get("/staff/titles/{title_id:int}/history", sync_to_thread=True)
def title_history(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    history: NamedDependency[History],
    actor: NamedDependency[Actor],
    title_id: RowId,
) -> Response[str]:
    """Who changed what."""
    changes = history.of_title(actor, title_id)
    return page(request, "catalog/history.html", title=catalog.title_page(actor, title_id), changes=changes)


def facts_of(data: Sent) -> dict[str, Any]:
    """What the form says. Raises EmptyField, BadCount, BadContents."""
    facts: dict[str, Any] = {name: one_of(data, name) for name in TEXTS}
    if not facts["name"]:
        raise EmptyField(name="name")
    facts |= {name: one_of(data, name) or None for name in CODES}
    facts |= {name: _number(data, name) for name in NUMBERS}
    facts |= {"levels": all_of(data, "levels"), "themes": all_of(data, "themes")}
    facts["is_local"] = one_of(data, "is_local") == "yes"
    facts["contents"] = _contents(one_of(data, "contents"))
    return facts


def converted(facts: dict[str, Any], wanted: type[Wanted]) -> Wanted:
    """The facts as the service takes them. Raises BadChoice beside the field that does not fit."""
    try:
        return msgspec.convert(facts, wanted, from_attributes=True)
    except msgspec.ValidationError as error:
        found = FIELD_OF_PATH.search(str(error))
        raise BadChoice(name=found[1] if found else "name") from error


def one_of(data: Sent, name: str) -> str:
    """The value of a field, the first one where there are several."""
    found = data.get(name, "")
    return (found[0] if isinstance(found, list) else found).strip()


def all_of(data: Sent, name: str) -> list[str]:
    """Every value of a field: none, one or several."""
    found = data.get(name, [])
    return found if isinstance(found, list) else [found]


def _number(data: Sent, name: str) -> int | None:
    text = one_of(data, name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len("10000")):
        raise BadCount(name=name, smallest=0, largest=10_000)
    return int(text)


def _contents(text: str) -> list[Any]:
    try:
        return list(parse_contents(text)) if text else []
    except BadValueError as error:
        raise BadContents(line=error.value or "") from error


def blank(
    request: AnyRequest,
    catalog: Catalog,
    network: Network,
    actor: Actor,
    association_id: int,
    problem: Problem | None = None,
    sent: Sent | None = None,
) -> Response[str]:
    """The form of a title to come. Raises NotFound, Unauthenticated, Forbidden."""
    association = network.association(association_id)
    actor.require(association.path, Role.STAFF)
    typed = {**dict.fromkeys((*TEXTS, *CODES, *NUMBERS, "contents"), ""), "kind": Kind.TRUNK.value, "language": "fr"}
    facts: dict[str, Any] = {"title": None, "association": association, "typed": typed | (sent or {})}
    return _form(request, catalog, problem, facts)


def shown(
    request: AnyRequest,
    catalog: Catalog,
    actor: Actor,
    title_id: int,
    problem: Problem | None = None,
    sent: Sent | None = None,
    *,
    is_late: bool = False,
) -> Response[str]:
    """The form of a title, with what was typed. Raises NotFound, Forbidden."""
    title = catalog.title_page(actor, title_id)
    if not title.can_edit:
        raise Forbidden
    present = _present(title)
    typed: Sent = {**present, **(sent or {})}
    changed = [(name, value) for name, value in present.items() if is_late and value != typed.get(name)]
    facts: dict[str, Any] = {"title": title, "association": None, "typed": typed, "changed": changed}
    return _form(request, catalog, problem, facts)


def _present(title: TitlePage) -> Sent:
    present: Sent = {name: str(getattr(title, name) or "") for name in (*TEXTS, *CODES, *NUMBERS)}
    present |= {"levels": list(title.level_codes), "themes": [one.code for one in title.themes]}
    present |= {"is_local": "yes" if title.is_local else "", "visibility": title.visibility.value}
    return present | {"contents": contents_text(title.contents)}


def _form(request: AnyRequest, catalog: Catalog, problem: Problem | None, facts: dict[str, Any]) -> Response[str]:
    facts["terms"] = {name: catalog.terms(name) for name in ("level", "theme", "game_kind")}
    facts["chosen"] = {name: all_of(facts["typed"], name) for name in ("levels", "themes")}
    facts.setdefault("changed", [])
    kinds = [("", "—"), *((one.code, one.label) for one in facts["terms"]["game_kind"])]
    return page(request, "catalog/edit.html", problem=problem, game_kinds=kinds, key=new_key(), **facts)


ROUTES = [
    Router(
        path="/",
        route_handlers=[new_title, add_title, edit_form, edit_title, title_history],
        include_in_schema=False,
    )
]
