"""The federation's words: levels, themes, kinds of game, in both languages."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.vocabularies.schemas import LONGEST_LABEL, EditTerm, NewTerm
from lending.catalog.vocabularies.service import Vocabularies
from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, PreconditionFailed
from lending.core.http.problems import Problem, problem_of
from lending.core.i18n import N_
from lending.web.pages.form_values import row_id_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
NAMES = {"theme": N_("Thèmes"), "level": N_("Niveaux"), "game_kind": N_("Genres de jeux")}
LONGEST_CODE = 40


@get("/admin/vocabularies", sync_to_thread=True)
def first(vocabularies: NamedDependency[Vocabularies], actor: NamedDependency[Actor]) -> Redirect:
    """The themes, which change most."""
    vocabularies.terms(actor, "theme")
    return see("/admin/vocabularies/theme")


@get("/admin/vocabularies/{name:str}", sync_to_thread=True)
def vocabulary(
    request: AnyRequest,
    vocabularies: NamedDependency[Vocabularies],
    actor: NamedDependency[Actor],
    name: FromPath[str],
) -> Response[str]:
    """The words of a vocabulary, each to be called otherwise, and adding one."""
    return shown(request, vocabularies, actor, name)


@post("/admin/vocabularies/{name:str}", sync_to_thread=True)
def add_term(
    request: AnyRequest,
    vocabularies: NamedDependency[Vocabularies],
    actor: NamedDependency[Actor],
    name: FromPath[str],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Add a word."""
    try:
        parent = data.get("parent", "")[:LONGEST_CODE] or None
        added = vocabularies.add_term(actor, name, NewTerm(parent=parent, **labels(data)))
    except (Invalid, Conflict) as error:
        return shown(request, vocabularies, actor, name, problem_of(error), data)
    return see(f"/admin/vocabularies/{name}?done=saved#term-{added.code}")


@post("/admin/vocabularies/{name:str}/{code:str}", sync_to_thread=True)
def edit_term(
    request: AnyRequest,
    vocabularies: NamedDependency[Vocabularies],
    actor: NamedDependency[Actor],
    name: FromPath[str],
    code: FromPath[str],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Call a word otherwise."""
    try:
        version = row_id_in(data, "version")
        vocabularies.edit_term(actor, name, code, EditTerm(version=version, **labels(data)))
    except (Invalid, Conflict, PreconditionFailed) as error:
        problem = problem_of(error)
        problem.field = f"label_fr-{code}"
        return shown(request, vocabularies, actor, name, problem, data | {"code": code})
    return see(f"/admin/vocabularies/{name}?done=saved#term-{code}")


def labels(data: Form) -> dict[str, str]:
    """The word in both languages; the fields hold no more than is kept."""
    return {name: data.get(name, "").strip()[:LONGEST_LABEL] for name in ("label_fr", "label_en")}


def shown(
    request: AnyRequest,
    vocabularies: Vocabularies,
    actor: Actor,
    name: str,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """The page, with what was typed. Raises NotFound, Unauthenticated, Forbidden."""
    terms = vocabularies.terms(actor, name)
    cycles = [one for one in terms if one.parent is None] if name == "level" else []
    facts: dict[str, Any] = {"terms": terms, "cycles": cycles, "sent": sent or {}}
    return page(request, "admin/vocabulary.html", problem=problem, name=name, names=NAMES, **facts)


ROUTES = [Router("/", route_handlers=[first, vocabulary, add_term, edit_term], include_in_schema=False)]
