"""The desk: a code comes in, what is possible comes out, and one button does it."""

from typing import Annotated, Any, cast

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.schemas import ChecklistSection
from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, NotFound
from lending.loans.schemas import Completion, DeskDecision, DeskScan, NewLoan, Reservation, ScanResult
from lending.loans.service import Loans
from lending.loans.service.desk_acts import DeskActs
from lending.network.service import Network
from lending.web.forms import chosen_id, day
from lending.web.pages.desk_recent import with_recent
from lending.web.pages.desk_view import (
    LONGEST_CODE,
    Desk,
    DeskView,
    acted,
    address,
    at_counter,
    desk_of,
    looked_at,
    refused,
    shown,
    with_state,
)
from lending.web.pages.desk_words import found_lines, take_back_of
from lending.web.pages.desks import chosen_desk
from lending.web.pages.form_values import note_in, row_id_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
OptionalId = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
TOLD = {"was_completed": "completed", "was_undone": "undone", "was_set_aside": "set-aside"}


@get("/desk", sync_to_thread=True)
def desk(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    actor: NamedDependency[Actor],
    depot: OptionalId = None,
    code: FromQuery[str] = "",
    booking: OptionalId = None,
    school: FromQuery[str] = "",
) -> Response[str]:
    """The desk of a depot; with a code, what can be done with that copy."""
    desks = network.desks(actor)
    here = chosen_desk(actor, desks, depot)
    if here is None:
        return page(request, "desk/choose.html", desks=desks, target="/desk")
    at = Desk(request, network, loans, desk_acts, actor, here, desks)
    done, asked = request.query_params.get("done"), dict(request.query_params)
    with desk_acts.one_view():
        view = looked_at(at, code[:LONGEST_CODE], booking)
        view = msgspec.structs.replace(view, **{name: done == code for name, code in TOLD.items()})
        return shown(at, at_counter(at, with_state(at, view, asked), school[:100]))


@post("/desk/hand-over", sync_to_thread=True)
def hand_over(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Hand the copy over to the chosen booking."""
    is_seen = data.get("note_seen") == "yes"
    with desk_acts.one_view():
        at = desk_of(request, network, loans, desk_acts, actor, data)
        decision = DeskDecision(action="hand_over", booking_id=row_id_in(data, "booking_id"), note_seen=is_seen)
        return decided(at, data, decision)


@post("/desk/take-back", sync_to_thread=True)
def take_back(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Take the copy back, with what was found in it."""
    with desk_acts.one_view():
        at = desk_of(request, network, loans, desk_acts, actor, data)
        try:
            decision = take_back_of(data, found_lines(data))
        except Invalid as error:
            return refused(at, data, error)
        return decided(at, data, decision)


@post("/desk/complete", sync_to_thread=True)
def complete(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The missing parts of a copy are back in it."""
    at = desk_of(request, network, loans, desk_acts, actor, data)
    try:
        completion = Completion(note=note_in(data, "note", 2000))
        loans.complete_copy(actor, row_id_in(data, "copy_id"), completion, data.get("key"))
    except (Conflict, Invalid, NotFound) as error:
        return refused(at, data, error)
    return see(address(at, data, code=data.get("code", ""), done="completed"))


@post("/desk/lend", sync_to_thread=True)
def lend(
    request: AnyRequest,
    network: NamedDependency[Network],
    loans: NamedDependency[Loans],
    desk_acts: NamedDependency[DeskActs],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Lend over the counter, without a reservation."""
    at, code = desk_of(request, network, loans, desk_acts, actor, data), data.get("code", "")[:LONGEST_CODE]
    try:
        wanted = {
            "code": code,
            "depot_id": at.here.id,
            "school_id": chosen_id(data, "school_id"),
            "due_on": day(data, "due_on"),
            "note_seen": data.get("note_seen") == "yes",
        }
        booking = loans.lend_now(actor, msgspec.convert(wanted, NewLoan), data.get("key"))
    except (Conflict, Invalid, NotFound) as error:
        return refused(at, data, error)
    return after(at, data, code, booking, "handed-over")


def decided(
    at: Desk, data: Form, decision: DeskDecision, contents: list[ChecklistSection] | None = None
) -> Response[str] | Redirect:
    """Do what the desk decided, or say beside the copy why it cannot be done. `contents` is what should be in it."""
    code = data.get("code", "")[:LONGEST_CODE]
    try:
        wanted = msgspec.convert(
            {"code": code, "depot_id": at.here.id, "decision": decision}, DeskScan, from_attributes=True
        )
        result = at.loans.desk(at.actor, wanted, data.get("key"))
    except msgspec.ValidationError:
        raise NotFound from None
    except (Conflict, Invalid, NotFound) as error:
        return refused(at, data, error)
    done = "handed-over" if decision.action == "hand_over" else "taken-back"
    return after_act(at, data, result, done, contents)


def after_act(
    at: Desk, data: Form, result: ScanResult, done: str, contents: list[ChecklistSection] | None = None
) -> Response[str] | Redirect:
    """What a hand-over or a return made of the copy, from its own answer: the copy is not looked up again."""
    booking = cast("Reservation", result.booking)
    view = msgspec.structs.replace(acted(at, result, booking), contents=contents)
    return after(at, data, result.copy.code, booking, done, view)


def after(
    at: Desk, data: Form, code: str, booking: Reservation, done: str, view: DeskView | None = None
) -> Response[str] | Redirect:
    """What was done: at once for a script, by an address of its own for everybody else."""
    cookie = with_recent(at.request, at.here.id, booking.id)
    answer: Response[str] | Redirect
    if at.has_script:
        view = view or looked_at(at, code, booking.id)
        answer = shown(at, with_state(at, view, data), cookie.value)
        answer.headers["x-desk-address"] = address(at, data, code=code, booking=booking.id, done=done)
    else:
        answer = see(address(at, data, code=code, booking=booking.id, done=done))
    answer.set_cookie(cookie)
    return answer


ROUTES = [Router("/", route_handlers=[desk, hand_over, take_back, complete, lend], include_in_schema=False)]
