"""What each type of problem means: where the `type` of an answer of the API leads."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from string import Formatter
from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.params import FromPath

from lending.core.errors import LendingError, NotFound, status_of
from lending.core.http.problems import HTTP_DETAILS, HTTP_PROBLEMS
from lending.core.i18n import LANGUAGES, gettext, speaking
from lending.web.rendering import page


class ProblemWords(msgspec.Struct, frozen=True):
    """A type of problem in one language."""

    language: str
    title: str
    detail: str


class ProblemType(msgspec.Struct, frozen=True, kw_only=True):
    """A type of problem: its status, and the facts that its answers carry."""

    slug: str
    status: int
    facts: list[str]
    words: list[ProblemWords]


@get("/problems", sync_to_thread=False)
def problem_list(request: Request[Any, Any, Any]) -> Response[str]:
    """Every type of problem."""
    found = sorted(problem_types().values(), key=lambda one: (one.status, one.slug))
    return page(request, "problems/list.html", problems=found)


@get("/problems/{slug:str}", sync_to_thread=False)
def problem_type(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[str]:
    """One type of problem, in both languages."""
    found = problem_types().get(slug)
    if found is None:
        raise NotFound
    return page(request, "problems/problem.html", one=found)


def problem_types() -> dict[str, ProblemType]:
    """The types by slug: what the framework refuses, then our own reasons, which know more."""
    known = {
        slug: _described(slug, status, [], title, HTTP_DETAILS.get(status, title))
        for status, (slug, title) in HTTP_PROBLEMS.items()
    }
    return known | {one.slug: _of_class(one) for one in _reasons(LendingError)}


def _reasons(base: type[LendingError]) -> Iterator[type[LendingError]]:
    for one in base.__subclasses__():
        if one.slug != LendingError.slug:
            yield one
        yield from _reasons(one)


def _of_class(reason: type[LendingError]) -> ProblemType:
    facts: list[str] = [one.name for one in fields(reason)] if is_dataclass(reason) else []
    # The family alone decides on the status: no case is needed to ask for it.
    return _described(reason.slug, status_of(reason.__new__(reason)), facts, reason.title, reason.detail)


def _described(slug: str, status: int, facts: list[str], title: str, detail: str) -> ProblemType:
    words = []
    for code in LANGUAGES:
        with speaking(code):
            words.append(ProblemWords(code, gettext(title), _without_case(gettext(detail))))
    return ProblemType(slug=slug, status=status, facts=facts, words=words)


def _without_case(detail: str) -> str:
    names = [name for _, name, _, _ in Formatter().parse(detail) if name]
    return detail.format(**dict.fromkeys(names, "…"))


ROUTES = [Router("/", route_handlers=[problem_list, problem_type], include_in_schema=False)]
