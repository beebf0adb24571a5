"""What is in a copy: what happened to it, looking into it between two loans, and copies that stand in a trunk."""

from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.errors import UnknownBarcode
from lending.catalog.placing.schemas import PlaceInTrunk
from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Invalid
from lending.core.http.problems import Problem, problem_of
from lending.loans.schemas.contents import ContentsHistory, NewCheck
from lending.loans.service.contents import Contents
from lending.loans.service.placing import Placing
from lending.web.forms import BadChoice, new_key, optional_id
from lending.web.pages.desk_words import FOUND, found_lines
from lending.web.pages.form_values import note_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
REASONS = ("purchase", "stocktake", "repair")
LONGEST_CODE = 200


@get("/staff/copies/{code:str}/contents", sync_to_thread=True)
def history(
    request: AnyRequest, contents: NamedDependency[Contents], actor: NamedDependency[Actor], code: FromPath[str]
) -> Response[str]:
    """Checks and what changed between them."""
    return shown(request, actor, contents.history(actor, code))


@post("/staff/copies/{code:str}/contents", sync_to_thread=True)
def record(
    request: AnyRequest,
    contents: NamedDependency[Contents],
    actor: NamedDependency[Actor],
    code: FromPath[str],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Write down what was counted."""
    try:
        found = contents.record(actor, code, new_check(data), data.get("key"))
    except (Conflict, Invalid) as error:
        return shown(request, actor, contents.history(actor, code), problem_of(error), data)
    return see(f"/staff/copies/{found.copy.code}/contents?done=saved")


@post("/staff/copies/{code:str}/inside", sync_to_thread=True)
def place(
    request: AnyRequest,
    contents: NamedDependency[Contents],
    placing: NamedDependency[Placing],
    actor: NamedDependency[Actor],
    code: FromPath[str],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Put the copy that was scanned into this trunk."""
    try:
        wanted = PlaceInTrunk(trunk=code[:LONGEST_CODE], line_id=optional_id(data, "line_id"))
        placing.place(actor, data.get("inner", "")[:LONGEST_CODE], wanted)
    except (Conflict, Invalid, UnknownBarcode) as error:
        problem = problem_of(error)
        problem.field = "inner"
        return shown(request, actor, contents.history(actor, code), problem, data)
    return see(f"/staff/copies/{quote(code, safe='')}/contents?done=saved#inside")


@post("/staff/copies/{code:str}/take-out", sync_to_thread=True)
def take_out(
    request: AnyRequest,
    contents: NamedDependency[Contents],
    placing: NamedDependency[Placing],
    actor: NamedDependency[Actor],
    code: FromPath[str],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Take a copy out of this trunk, or this copy out of the trunk that it stands in."""
    try:
        placing.take_out(actor, data.get("inner", code)[:LONGEST_CODE])
    except Conflict as error:
        problem = problem_of(error)
        problem.field = None
        return shown(request, actor, contents.history(actor, code), problem, data)
    return see(f"/staff/copies/{quote(code, safe='')}/contents?done=saved")


def new_check(data: Form) -> NewCheck:
    """What the form says. Raises BadChoice, BadCount."""
    said = {
        "reason": data.get("reason", ""),
        "then": data.get("then", "block"),
        "note": note_in(data, "note", 2000),
        "found": found_lines(data),
    }
    try:
        return msgspec.convert(said, NewCheck, from_attributes=True)
    except msgspec.ValidationError as error:
        raise BadChoice(name="reason") from error


def shown(
    request: AnyRequest,
    actor: Actor,
    found: ContentsHistory,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """The page, with what was typed before when something is wrong."""
    typed = sent or {}
    return page(
        request,
        "contents/history.html",
        problem=problem,
        history=found,
        reasons=REASONS,
        may_check=actor.covers(found.copy.owner_path, Role.STAFF),
        typed=typed,
        counted={name.removeprefix(FOUND): value for name, value in typed.items() if name.startswith(FOUND)},
        key=typed.get("key") or new_key(),
    )


ROUTES = [Router(path="/", route_handlers=[history, record, place, take_out], include_in_schema=False)]
